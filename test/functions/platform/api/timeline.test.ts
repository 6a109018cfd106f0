import { beforeEach, describe, expect, it } from 'vitest';
import type { CopyRef } from '../../../../shared/ports/index.ts';
import { tokenOf } from '../hub.ts';
import { type SupportTeam, supportTeam } from '../support-team.ts';

const token = tokenOf('acme');
let hub: SupportTeam['hub'];
let slack: SupportTeam['slack'];
let salesforce: SupportTeam['salesforce'];
let desk: SupportTeam['desk'];
let settleAll: SupportTeam['settleAll'];

beforeEach(async () => {
  ({ hub, slack, salesforce, desk, settleAll } = await supportTeam());
});

interface Entry {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

async function timeline(): Promise<readonly Entry[]> {
  const id = await hub.onlyTicket('acme');
  return (await hub.ask({ path: `/v1/tickets/${id}/timeline?limit=100`, token })).body.items;
}

const ofType = async (type: string) => (await timeline()).filter((entry) => entry.type === type);

async function patch(body: object): Promise<void> {
  const id = await hub.onlyTicket('acme');
  const headers = { 'idempotency-key': JSON.stringify(body).replace(/\W/g, '') };
  await hub.ask({ method: 'PATCH', path: `/v1/tickets/${id}`, token, body, headers });
}

describe('the timeline', () => {
  it('names the customer who wrote by their contact', async () => {
    const threadTs = await hub.says(slack, { text: 'The pole snapped' });
    await hub.says(slack, { text: 'Any news?', threadTs });
    await settleAll();

    const [comment] = await ofType('comment');

    expect(comment?.comment).toMatchObject({
      body: 'Any news?',
      author: { role: 'customer', name: 'Maya Chen' },
    });
  });

  it('shows every write with its lag, and the ids it was given', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ priority: 'high' });
    await settleAll();

    const effects = await ofType('effect');

    expect(effects.map(({ operation, kind }) => [operation, kind])).toEqual([
      ['create', 'ticket'],
      ['update', 'ticket'],
    ]);
    for (const effect of effects) {
      expect(effect).toMatchObject({
        connection: salesforce.id,
        externalId: expect.stringMatching(/^desk-/),
      });
    }
  });

  it('keeps the value that lost, with what replaced it and why', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ subject: 'Pole of the Ridgeline 3' });
    const ticket = [...desk.held.values()].find(({ ref }) => ref.kind === 'ticket');
    hub.clock.advance(1_000);
    desk.has(ticket?.ref as never, { ...ticket?.fields, subject: 'Broken pole' });
    await settleAll();

    const [conflict] = await ofType('conflict');

    expect(conflict).toMatchObject({
      record: await hub.onlyTicket('acme'),
      kind: 'ticket',
      field: 'subject',
      lost: 'Pole of the Ridgeline 3',
      source: 'user:ada',
      kept: 'Broken pole',
      keptBy: 'vendor:salesforce',
      policy: 'newest',
      isRestorable: true,
    });
    expect(conflict?.reason).not.toBe('');
    expect(Date.parse(String(conflict?.lostAt))).toBeLessThan(Date.parse(String(conflict?.at)));
  });

  it('shows what was set aside', async () => {
    desk.refuse('REQUIRED_FIELD_MISSING');
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    desk.refuse(undefined);
    const { items } = (await hub.ask({ path: '/v1/parked', token })).body;
    for (const { id } of items) await hub.ask({ method: 'POST', path: `/v1/parked/${id}/replay`, token });
    await settleAll();
    desk.refuse('REQUIRED_FIELD_MISSING');
    await patch({ subject: 'Refused again' });
    await settleAll();

    const parked = await ofType('parked');

    expect(parked.length).toBeGreaterThan(0);
    expect(parked[0]).toMatchObject({
      reason: 'the vendor refused it',
      fault: 'organization',
      code: 'REQUIRED_FIELD_MISSING',
      connection: salesforce.id,
    });
    const [waiting] = (await hub.ask({ path: '/v1/parked', token })).body.items;
    expect(waiting).toMatchObject({
      wouldWrite: { subject: { from: 'The pole snapped', to: 'Refused again' } },
      ticket: await hub.onlyTicket('acme'),
    });
    desk.refuse(undefined);
    await hub.ask({ method: 'POST', path: `/v1/parked/${waiting.id}/replay`, token });
    expect(await ofType('resumed')).toEqual([expect.objectContaining({ parked: waiting.id })]);
  });

  it('forgets no write, however many there were to one copy', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    for (let nth = 0; nth < 12; nth += 1) {
      await patch({ subject: `The pole snapped, ${nth}` });
      await settleAll();
    }

    const before = await ofType('effect');
    await patch({ subject: 'The pole snapped, at last' });
    await settleAll();
    const after = await ofType('effect');

    expect(before).toHaveLength(13);
    expect(after.slice(0, -1)).toEqual(before);
  });

  it('says what an edited comment was before', async () => {
    const threadTs = await hub.says(slack, { text: 'The pole snapped' });
    await hub.says(slack, { text: 'Any news?', threadTs });
    await settleAll();
    const comment = [...desk.held.values()].find(({ ref }) => ref.kind === 'comment');
    const fields = { ...comment?.fields, body: 'Any news? Said an agent' };
    desk.has(comment?.ref as CopyRef, fields);
    await hub.polls(salesforce, { ...comment?.ref, visibility: 'public', fields });
    await settleAll();

    const [edited] = (await ofType('change')).filter(({ kind }) => kind === 'comment');

    expect(edited).toMatchObject({
      what: 'updated',
      was: { body: 'Any news?' },
      fields: { body: 'Any news? Said an agent' },
    });
  });

  it('tells each entry once, in the order it happened', async () => {
    await hub.says(slack, { text: 'The pole snapped' });
    await settleAll();
    await patch({ status: 'pending' });
    await settleAll();

    const entries = await timeline();

    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    const times = entries.map(({ at }) => String(at));
    expect([...times].sort()).toEqual(times);
    expect(entries.map(({ type }) => type)).toContain('comment');
  });
});
