import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordKind } from '../../../../../shared/domain/index.ts';
import { type Connected, connected, note } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
  world.sandbox.settings({ bulkDelayMs: 0 });
});
afterEach(() => world.sandbox.close());

const exports = () => world.integration.exports!;
const fault = (path: string, effect: 'login-page' | 'repeat' | 'fail') =>
  world.sandbox.faults.add({ on: 'call', path, effect, times: 9 });

async function all(kind: RecordKind) {
  const name = await exports().begin(kind);
  return (await exports().page(name, kind, { rows: 1_000 })).observations;
}

describe('Salesforce exports', () => {
  it('tell two cases apart whose ids differ by letter case alone', async () => {
    for (let made = 0; made < 80; made += 1) world.sandbox.human.createCase({ subject: `case ${made}` });

    const ids = (await all('ticket')).map(({ externalId }) => externalId);

    const short = ids.map((id) => id.slice(0, 15));
    expect(new Set(short.map((id) => id.toLowerCase())).size).toBeLessThan(short.length);
    expect(new Set(ids).size).toBe(80);
  });

  it('name the record behind each of the hub’s own comments, however many there are', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'long' });
    const records = Array.from({ length: 230 }, (_, at) => `root.child${at}`);
    for (const record of records) await world.integration.write!(note(id, record, 'public', record as never));
    world.sandbox.human.comment(id, 'of an agent');

    const comments = await all('comment');

    expect(comments.flatMap(({ marker }) => marker ?? []).sort()).toEqual([...records].sort());
    expect(comments).toHaveLength(231);
  });

  it('end at a page that leads back to itself', async () => {
    for (const subject of ['a', 'b', 'c']) world.sandbox.human.createCase({ subject });
    const name = await exports().begin('ticket');
    fault('/results', 'repeat');
    const { next } = await exports().page(name, 'ticket', { rows: 1 });

    const again = exports().page(name, 'ticket', { rows: 1, at: next! });

    await expect(again).rejects.toMatchObject({
      code: 'provider_rejected',
      vendorCode: 'repeating_results',
    });
  });

  it.each([
    ['asked for', '/jobs/query', (name: string) => exports().begin(name as RecordKind)],
    ['looked at', '/jobs/query/', (name: string) => exports().state(name)],
    ['read', '/results', (name: string) => exports().page(name, 'ticket', { rows: 9 })],
  ])('take no page for people for an answer, when they are %s', async (deed, path, ask) => {
    const name = await exports().begin('ticket');
    fault(path, 'login-page');

    const asked = ask(deed === 'asked for' ? 'ticket' : name);

    await expect(asked).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('are not taken for discarded because of a page for people', async () => {
    const name = await exports().begin('ticket');
    world.sandbox.faults.add({ on: 'call', method: 'DELETE', effect: 'login-page' });

    await expect(exports().discard(name)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('are told to come back when the org’s day is used up', async () => {
    world.sandbox.settings({ maxQueryJobs: 0 });

    await expect(exports().begin('ticket')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('tell of a job somebody aborted in the org', async () => {
    world.sandbox.settings({ bulkDelayMs: 60_000 });
    const name = await exports().begin('ticket');
    await fetch(`${world.sandbox.url}/services/data/v67.0/jobs/query/${name}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${world.grant.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'Aborted' }),
    });

    expect(await exports().state(name)).toMatchObject({ state: 'failed' });
  });
});
