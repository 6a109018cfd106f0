import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ORGANIZATION, type SlackHub, slackHub } from './hub.ts';

let hub: SlackHub;
beforeEach(async () => {
  hub = await slackHub();
});
afterEach(() => hub.close());

const conversation = async (text = 'My lamp is dark') => {
  const { channel, ts } = await hub.slack.human.post({ text });
  await hub.drain();
  const root = await hub.root(`${channel}:${ts}`);
  if (root === undefined) throw new Error('expected a ticket for the message');
  return { channel, ts, root };
};
const thread = (ts: string) =>
  hub.slack
    .state()
    .channels.flatMap(({ messages }) => messages)
    .filter((message) => message.threadTs === ts);

describe('slack and the engine: a conversation', () => {
  it('is verified by its handshake', () => {
    expect(hub.verified).toBe(true);
  });

  it('is answered once, and its own event changes nothing', async () => {
    const { ts, root } = await conversation();
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(thread(ts).map(({ text, username }) => [text, username])).toEqual([
      ['We are on it', 'Grace Hopper'],
    ]);
    expect(await hub.root(`C0SUPPORT0:${thread(ts)[0]!.ts}`, 'comment')).toBe(root);
  });

  it('never shows an internal note', async () => {
    const { ts, root } = await conversation();
    await hub.comment(root, 'this customer is difficult', 'internal');
    await hub.settle();

    expect(thread(ts)).toEqual([]);
  });

  it('is answered once though the answer to the post is lost', async () => {
    const { ts, root } = await conversation();
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-after' });
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['We are on it']);
  });

  it('is answered once though the post was lost on the way', async () => {
    const { ts, root } = await conversation();
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-before' });
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['We are on it']);
  });

  it('is answered once with the answer lost and the own event lost too', async () => {
    const { ts, root } = await conversation();
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-after' });
    hub.slack.faults.add({ on: 'event', effect: 'lose' });
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['We are on it']);
  });

  it('parks a reply of unknown fate whose thread is listed without end; others are answered, and it is once replayed', async () => {
    const { ts, root } = await conversation();
    const other = await conversation('Mine too');
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-before' });
    hub.slack.faults.add({ on: 'call', method: 'conversations.replies', effect: 'repeat', times: 100 });
    await hub.comment(root, 'We are on it');
    await hub.settle();
    await hub.comment(other.root, 'On yours as well');
    await hub.settle();

    const [parked, ...others] = hub.platform.events.filter(({ type }) => type === 'work.parked');
    expect(parked?.data).toMatchObject({ cause: 'rejected', code: 'repeating_results', fault: 'vendor' });
    expect(others).toEqual([]);
    expect([ts, other.ts].map((each) => thread(each).length)).toEqual([0, 1]);

    hub.slack.faults.clear();
    await hub.engine.replay(ORGANIZATION, String(parked?.data.parked), 'user:ann');
    await hub.settle();
    expect(thread(ts).map(({ text }) => text)).toEqual(['We are on it']);
  });

  it('waits as long as Slack asks, and keeps the order of replies', async () => {
    const { ts, root } = await conversation();
    hub.slack.faults.add({
      on: 'call',
      method: 'chat.postMessage',
      effect: 'throttle',
      retryAfterSeconds: 30,
    });
    await hub.comment(root, 'first');
    await hub.comment(root, 'second');
    await hub.comment(root, 'third');
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  });

  it('keeps to one message a second and channel', async () => {
    await hub.slack.settings({ postLimit: true });
    const { ts, root } = await conversation();
    for (const text of ['one', 'two', 'three', 'four']) await hub.comment(root, text);
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('takes events that come twice, late and out of order for what they are', async () => {
    const { ts, channel, root } = await conversation();
    hub.slack.faults.add({ on: 'event', effect: 'twice', times: 2 });
    const reply = await hub.slack.human.post({ text: 'and it smells', threadTs: ts });
    hub.slack.faults.add({ on: 'event', effect: 'reorder' });
    await hub.slack.human.edit({ ...reply, text: 'and it hums' });
    hub.clock.advance(2_000);
    await hub.slack.human.edit({ ...reply, text: 'and it glows' });
    await hub.settle();

    expect(await hub.root(`${channel}:${reply.ts}`, 'comment')).toBe(root);
    expect((await hub.comments(root)).map(({ fields }) => fields.body)).toEqual(['and it glows']);
  });

  it('takes a direct message for one conversation, and answers beside it', async () => {
    const first = await hub.slack.human.dm({ text: 'psst' });
    const second = await hub.slack.human.dm({ text: 'are you there?' });
    await hub.drain();
    const root = await hub.root(`${first.channel}:dm`);
    expect(await hub.root(`${first.channel}:${second.ts}`, 'comment')).toBe(root);

    await hub.comment(root!, 'We are');
    await hub.settle();

    const direct = hub.slack.state().channels.find(({ id }) => id === first.channel);
    expect(direct?.messages.map(({ text }) => text)).toEqual(['psst', 'are you there?', 'We are']);
  });

  it('parks the connection of a revoked token, and posts nothing meanwhile', async () => {
    const { ts, root } = await conversation();
    await hub.slack.human.revokeToken();
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(thread(ts)).toEqual([]);
    expect(hub.platform.events.map(({ type }) => type)).toContain('connection.parked');
  });

  it('knows what the customer said, who it is, and what it is about', async () => {
    const { root } = await conversation('My *lamp* is dark\nand it smells');
    await hub.settle();

    const ticket = await hub.ticket(root);
    expect(ticket?.fields).toMatchObject({
      subject: 'My lamp is dark',
      description: 'My **lamp** is dark\nand it smells',
    });
    const contact = await hub.ticket(ticket?.fields.requester as never);
    const { name, email } = hub.slack.customer;
    expect(contact?.fields).toMatchObject({ name, email });
  });

  it('is read where its first message was never told', async () => {
    hub.slack.faults.add({ on: 'event', effect: 'lose' });
    const { channel, ts } = await hub.slack.human.post({ text: 'nobody heard this' });
    await hub.slack.human.post({ text: 'hello?', threadTs: ts });
    await hub.settle();

    const root = await hub.root(`${channel}:${ts}`);
    expect((await hub.ticket(root!))?.fields).toMatchObject({
      subject: 'nobody heard this',
      description: 'nobody heard this',
    });
    expect((await hub.comments(root!)).map(({ fields }) => fields.body)).toEqual(['hello?']);
  });

  it('loses what the customer deletes, and keeps the rest', async () => {
    const { ts, root } = await conversation();
    const first = await hub.slack.human.post({ text: 'a secret', threadTs: ts });
    await hub.slack.human.post({ text: 'no secret', threadTs: ts });
    await hub.drain();
    await hub.slack.human.remove(first);
    await hub.settle();

    const alive = (await hub.comments(root)).filter(({ deleted }) => deleted === undefined);
    expect(alive.map(({ fields }) => fields.body)).toEqual(['no secret']);
  });

  it('lives on when its first message is deleted under its replies', async () => {
    const { ts, channel, root } = await conversation();
    await hub.slack.human.post({ text: 'a reply', threadTs: ts });
    await hub.drain();
    await hub.slack.human.remove({ channel, ts });
    await hub.settle();
    await hub.comment(root, 'still here');
    await hub.settle();

    expect((await hub.ticket(root))?.deleted).toBeUndefined();
    expect((await hub.ticket(root))?.fields.description).toBe('This message was deleted.');
    expect(thread(ts).map(({ text }) => text)).toEqual(['a reply', 'still here']);
  });

  it('does not write to a conversation that is gone, nor beside it', async () => {
    const { ts, channel, root } = await conversation();
    hub.slack.faults.add({ on: 'event', effect: 'lose' });
    await hub.slack.human.remove({ channel, ts });
    await hub.comment(root, 'We are on it');
    await hub.settle();

    expect(hub.slack.state().channels.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('does not post again what an administrator deleted', async () => {
    const { ts, channel, root } = await conversation();
    await hub.comment(root, 'We are on it');
    await hub.settle();
    await hub.slack.human.remove({ channel, ts: thread(ts)[0]!.ts });
    await hub.settle();

    expect(thread(ts)).toEqual([]);
  });

  it('is quiet when nothing happens', async () => {
    const { root, ts } = await conversation();
    await hub.comment(root, 'We are on it');
    await hub.settle();
    const deliveries = hub.slack.deliveries().length;

    await hub.settle();

    expect(hub.slack.deliveries()).toHaveLength(deliveries);
    expect(thread(ts)).toHaveLength(1);
  });
});

describe('slack and the engine: without a metadata subscription', () => {
  it('answers once, the answer lost or not', async () => {
    await hub.close();
    hub = await slackHub({ metadataInEvents: false });
    const { ts, root } = await conversation();
    hub.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-after' });
    await hub.comment(root, 'first');
    await hub.comment(root, 'second');
    await hub.settle();

    expect(thread(ts).map(({ text }) => text)).toEqual(['first', 'second']);
  });
});
