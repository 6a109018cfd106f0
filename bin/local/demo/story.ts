import { hold, until } from './until.ts';
import type { Place, SalesforceRow, SlackMessage, Ticket, World } from './world.ts';

/** A step does something on one side and returns when the other side's own state shows it. */
export interface Step {
  readonly name: string;
  run(): Promise<void>;
}

interface Cast {
  readonly words: Words;
  question: Place;
  reply: Place;
  case: SalesforceRow;
  ticket: Ticket;
  answerId: string;
}

type Words = ReturnType<typeof wordsOf>;

/** Every telling has an order number of its own, so that a story told again finds its own Case. */
function wordsOf(order: number) {
  return {
    question: `My lamp (order ${order}) flickers & hums <since> Tuesday`,
    answer: `Thanks for writing about order ${order}! Which bulb is in it?`,
    secret: `Order ${order} is the third lamp this week: ask the factory. Do not tell the customer yet.`,
    reply: `An LED bulb, 60 watts (order ${order})`,
    correctedAnswer: `Thanks for writing about order ${order}! Which bulb is in it, and how old is it?`,
    correctedReply: `An LED bulb, 6 watts (order ${order})`,
    subject: `Lamp of order ${order} flickers: suspected driver fault`,
    repeated: `Order ${order} hums louder now`,
  };
}

/** The whole story over one ticket, each step verified against the sandboxes' own state. */
export function story(world: World, order = Date.now() % 1_000_000): readonly Step[] {
  // Filled in by the steps, each of which stands on those before it.
  const cast = { words: wordsOf(order) } as Cast;
  return [
    {
      name: 'a customer writes in Slack: a Case with its Contact stands in Salesforce',
      run: () => customerWrites(world, cast),
    },
    {
      name: "the agent's public comment is in the customer's thread",
      run: () => agentAnswers(world, cast),
    },
    {
      name: "the customer's reply is a comment on the Case",
      run: () => customerReplies(world, cast),
    },
    {
      name: 'an internal comment is known to the hub and never reaches the customer',
      run: () => agentNotes(world, cast),
    },
    {
      name: "the Case's status is the ticket's in /v1, and the customer is told",
      run: () => agentSolves(world, cast),
    },
    {
      name: "an edit of the Case's subject is the ticket's in /v1",
      run: () => agentRenames(world, cast),
    },
    {
      name: "an edit of the agent's comment changes the message in Slack",
      run: () => agentCorrects(world, cast),
    },
    {
      name: "an edit of the customer's message changes the comment in Salesforce",
      run: () => customerCorrects(world, cast),
    },
    {
      name: 'an event delivered twice is written once',
      run: () => eventComesTwice(world, cast),
    },
  ];
}

async function customerWrites(world: World, cast: Cast): Promise<void> {
  cast.question = await world.slack.say(cast.words.question);
  const { customer } = world.description.sandboxes.slack;
  cast.case = await until('a Case with the question and its Contact', async () => {
    const found = (await world.salesforce.rows('Case')).filter(
      (row) => row.Description === cast.words.question,
    );
    hold('one Case at most', found.length <= 1);
    return found.find((row) => row.ContactId !== null);
  });
  const contacts = await world.salesforce.rows('Contact');
  const contact = contacts.find((row) => row.Id === cast.case.ContactId);
  hold(`the Contact is ${customer.email}`, contact?.Email === customer.email);
  const externalId = `${cast.question.channel}:${cast.question.ts}`;
  cast.ticket = await until('the ticket in /v1', async () =>
    (await world.tickets()).find((ticket) => ticket.links.some((link) => link.externalId === externalId)),
  );
}

async function agentAnswers(world: World, cast: Cast): Promise<void> {
  cast.answerId = await world.salesforce.comment(cast.case.Id, cast.words.answer, true);
  const message = await until('the answer in the thread', () => inThread(world, cast, cast.words.answer));
  hold('the hub wrote it', message.user === world.description.sandboxes.slack.botUserId);
}

async function customerReplies(world: World, cast: Cast): Promise<void> {
  cast.reply = await world.slack.say(cast.words.reply, cast.question.ts);
  const comment = await until('the reply on the Case', () => onCase(world, cast, cast.words.reply));
  hold('it is published', comment.IsPublished === true);
}

async function agentNotes(world: World, cast: Cast): Promise<void> {
  await world.salesforce.comment(cast.case.Id, cast.words.secret, false);
  const note = await until('the note in /v1', async () =>
    (await world.comments(cast.ticket.id)).find((comment) => comment.body === cast.words.secret),
  );
  hold('it is internal', note.visibility === 'internal');
}

/** Comes after the note on the same ticket: what would have told the note would have told it by now. */
async function agentSolves(world: World, cast: Cast): Promise<void> {
  await world.salesforce.change(cast.case.Id, { Status: 'Closed' });
  await until('the status in /v1', async () => {
    const { status } = await world.api.get<Ticket>(`/v1/tickets/${cast.ticket.id}`);
    return status === 'solved' || status === 'closed' ? status : undefined;
  });
  await until('the status told in the thread', async () =>
    (await thread(world, cast)).find((message) => /status/i.test(message.text)),
  );
  const told = (await world.slack.messages()).some((message) => message.text.includes(cast.words.secret));
  hold('the note is not in Slack', !told);
}

async function agentRenames(world: World, cast: Cast): Promise<void> {
  await world.salesforce.change(cast.case.Id, { Subject: cast.words.subject });
  await until('the subject in /v1', async () => {
    const { subject } = await world.api.get<Ticket>(`/v1/tickets/${cast.ticket.id}`);
    return subject === cast.words.subject ? subject : undefined;
  });
}

async function agentCorrects(world: World, cast: Cast): Promise<void> {
  const before = await inThread(world, cast, cast.words.answer);
  await world.salesforce.change(cast.answerId, { CommentBody: cast.words.correctedAnswer });
  const after = await until('the corrected answer in the thread', () =>
    inThread(world, cast, cast.words.correctedAnswer),
  );
  hold('it is the same message', after.ts === before?.ts);
}

async function customerCorrects(world: World, cast: Cast): Promise<void> {
  const before = await onCase(world, cast, cast.words.reply);
  await world.slack.edit(cast.reply, cast.words.correctedReply);
  const after = await until('the corrected reply on the Case', () =>
    onCase(world, cast, cast.words.correctedReply),
  );
  hold('it is the same comment', after.Id === before?.Id);
}

async function eventComesTwice(world: World, cast: Cast): Promise<void> {
  await world.slack.control('POST', 'faults', { on: 'event', effect: 'twice', times: 1 });
  await world.slack.say(cast.words.repeated, cast.question.ts);
  await until('the reply on the Case', () => onCase(world, cast, cast.words.repeated));
  await world.slack.control('POST', 'flush');
  await until('nothing left to do', async () => ((await openWork(world)) === 0 ? true : undefined));
  const rows = await world.salesforce.rows('CaseComment');
  hold('one comment', rows.filter((row) => row.CommentBody === cast.words.repeated).length === 1);
  hold('one Case', (await world.salesforce.rows('Case')).filter(isOf(cast.words.question)).length === 1);
  const said = (await thread(world, cast)).filter((message) => message.text.startsWith(cast.words.repeated));
  hold('not told back to the customer', said.length === 1);
}

/** Messages in the hub's queues, waiting or under way. */
export async function openWork(world: World): Promise<number> {
  const answer = await fetch(world.description.aws.control.queues ?? '');
  const queues = (await answer.json()) as Record<
    string,
    { visible: number; inFlight: number; delayed: number }
  >;
  return Object.values(queues).reduce(
    (sum, depth) => sum + depth.visible + depth.inFlight + depth.delayed,
    0,
  );
}

function isOf(description: string): (row: SalesforceRow) => boolean {
  return (row) => row.Description === description;
}

async function thread(world: World, cast: Cast): Promise<readonly SlackMessage[]> {
  return (await world.slack.messages()).filter((message) => message.threadTs === cast.question.ts);
}

async function inThread(world: World, cast: Cast, text: string): Promise<SlackMessage | undefined> {
  return (await thread(world, cast)).find((message) => message.text.trim() === text);
}

async function onCase(world: World, cast: Cast, body: string): Promise<SalesforceRow | undefined> {
  const rows = await world.salesforce.rows('CaseComment');
  return rows.find((row) => row.ParentId === cast.case.Id && row.CommentBody === body);
}
