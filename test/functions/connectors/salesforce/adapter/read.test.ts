import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../../../functions/connectors/salesforce/adapter.ts';
import type { ExternalId, RecordKind } from '../../../../../shared/domain/index.ts';
import type { Cursor, Page } from '../../../../../shared/ports/index.ts';
import { type Connected, connected, note, RECORD } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
});
afterEach(() => world.sandbox.close());

const read = (kind: RecordKind, id: string) =>
  world.integration.read!({ kind, externalId: id as ExternalId });
async function pulled(kind: RecordKind, after?: Cursor): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of world.integration.pull!(kind, after)) pages.push(page);
  return pages;
}

describe('Salesforce reads', () => {
  it('tells the bin from what was never there', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'a' });
    world.sandbox.human.remove(id);

    expect(await read('ticket', id)).toEqual({ state: 'deleted' });
    expect(await read('ticket', '500Ws00000000Zz')).toEqual({ state: 'absent' });
  });

  it('tells what goes on for a case that was merged away, and since when', async () => {
    const [master, loser] = [
      world.sandbox.human.createCase({ subject: 'a' }),
      world.sandbox.human.createCase({ subject: 'a' }),
    ];
    world.sandbox.human.merge(master.id, [loser.id]);

    const listed = (await pulled('ticket')).flatMap(({ observations }) => observations);
    const { atMs, version } = listed.find(({ life }) => life === 'deleted')!;
    expect(await read('ticket', loser.id)).toEqual({
      state: 'deleted',
      mergedInto: master.id,
      mergedAt: { atMs, version },
    });
  });

  it('reads a comment with its case, its author and its place', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    const { id } = world.sandbox.human.comment(root, 'hello', { isPublished: true });

    expect(await read('comment', id)).toMatchObject({
      state: 'present',
      observation: {
        rootExternalId: root,
        visibility: 'public',
        author: { role: 'agent', name: 'Grace Agent' },
        order: `2026-11-22T12:00:00.000Z ${id}`,
        fields: { body: 'hello' },
      },
    });
  });

  it('reads a comment that went with its case as deleted', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    const { id } = world.sandbox.human.comment(root, 'hello');
    world.sandbox.human.remove(root);

    expect(await read('comment', id)).toEqual({ state: 'deleted' });
  });

  it('throws what the engine acts on', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'a' });
    const failing = async (effect: 'throttle' | 'fail' | 'drop-before') => {
      world.sandbox.faults.add({ on: 'call', effect });
      return await read('ticket', id);
    };

    await expect(failing('throttle')).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(failing('fail')).rejects.toMatchObject({ code: 'provider_unavailable' });
    await expect(failing('drop-before')).rejects.toMatchObject({ code: 'provider_unavailable' });
    world.sandbox.human.revokeTokens();
    await expect(read('ticket', id)).rejects.toMatchObject({ code: 'reauthorization_required' });
  });

  it('reports what every answer tells of the daily limit', async () => {
    await read('ticket', '500Ws00000000Zz');

    expect(world.usages.at(-1)).toEqual({ limit: 'api', used: expect.any(Number), max: 15_000 });
  });
});

describe('Salesforce reads: matching a contact', () => {
  it('takes the oldest of several, never one from the bin', async () => {
    const make = () => world.sandbox.human.create('Contact', { LastName: 'A', Email: 'a@example.com' }).id;
    const gone = make();
    world.sandbox.human.remove(gone);
    const oldest = make();
    world.clock.nowMs += 2_000;
    make();

    expect((await world.integration.match!('contact', { email: ' a@example.com ' }))?.externalId).toBe(
      oldest,
    );
  });

  it('is not fooled by an address that is a condition', async () => {
    world.sandbox.human.create('Contact', { LastName: 'A', Email: 'a@example.com' });

    for (const email of ["x' OR Email LIKE '%", "\\' OR Id != null OR Email = \\'", 'a@example.com\\']) {
      expect(await world.integration.match!('contact', { email })).toBeUndefined();
    }
  });

  it('looks for nobody without an address', async () => {
    const before = world.usages.length;

    expect(await world.integration.match!('contact', { email: ' ' })).toBeUndefined();
    expect(await world.integration.match!('contact', {})).toBeUndefined();
    expect(await world.integration.match!('ticket', { email: 'a@example.com' })).toBeUndefined();
    expect(world.usages).toHaveLength(before);
  });
});

describe('Salesforce pulls', () => {
  it('goes on by stamp and id through more rows of one second than a page holds', async () => {
    const made = Array.from(
      { length: 450 },
      (_, index) => world.sandbox.human.createCase({ subject: `${index}` }).id,
    );

    const pages = await pulled('ticket');

    expect(pages.map((page) => page.observations.length)).toEqual([200, 200, 50]);
    expect(pages.map((page) => page.isLast)).toEqual([false, false, true]);
    expect(pages.flatMap((page) => page.observations).map(({ externalId }) => externalId)).toEqual(made);
  });

  it('follows the org through pages smaller than it asked for', async () => {
    const made = Array.from(
      { length: 25 },
      (_, index) => world.sandbox.human.createCase({ subject: `${index}` }).id,
    );
    world.sandbox.settings({ maxPageRows: 10 });

    const [page, ...others] = await pulled('ticket');

    expect(page?.observations.map(({ externalId }) => externalId)).toEqual(made);
    expect(others).toEqual([]);
  });

  it('ends at rows that come again and again: of one page, or of one answer', async () => {
    for (let each = 0; each < 250; each += 1) world.sandbox.human.createCase({ subject: `${each}` });
    const endless = { code: 'provider_rejected', vendorCode: 'repeating_results', fault: 'vendor' };
    const fault = { on: 'call', path: '/query', effect: 'repeat', times: 9 } as const;

    world.sandbox.faults.add(fault);
    await expect(pulled('ticket')).rejects.toMatchObject(endless);
    world.sandbox.faults.clear();
    world.sandbox.settings({ maxPageRows: 10 });
    world.sandbox.faults.add(fault);
    await expect(pulled('ticket')).rejects.toMatchObject(endless);
  });

  it('reaches back two minutes, for what was committed late', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'late' });
    const after = { stamp: new Date(world.clock.now() + 119_000).toISOString(), id: '500Ws00000000Zz' };
    const tooFar = { stamp: new Date(world.clock.now() + 125_000).toISOString(), id: '500Ws00000000Zz' };

    expect((await pulled('ticket', after))[0]?.observations).toMatchObject([{ externalId: id }]);
    expect((await pulled('ticket', tooFar))[0]).toMatchObject({ observations: [], isLast: true });
  });

  it('never goes back behind where it began, though what it reaches back for fills pages', async () => {
    for (let each = 0; each < 250; each += 1) world.sandbox.human.createCase({ subject: `${each}` });
    const after = { stamp: new Date(world.clock.now() + 60_000).toISOString(), id: '500Ws00000000Zz' };

    const pages = await pulled('ticket', after);

    expect(pages.map(({ observations }) => observations.length)).toEqual([200, 50]);
    expect(pages.map(({ next }) => next)).toEqual([after, after]);
  });

  it.each([
    ['names the same next page again', 0],
    ['gives more rows than were asked for', 201],
  ])('gives up on an org that %s', async (_, rows) => {
    const records = Array.from({ length: rows }, () => ({ Id: '500Ws00000000Zz' }));
    const answer = {
      totalSize: rows,
      done: false,
      nextRecordsUrl: '/services/data/v67.0/query/01g',
      records,
    };
    const fetch = async () => {
      await new Promise(setImmediate);
      return Response.json(answer);
    };
    const integration = adapter.open({ ...world.opening, fetch }, world.grant);
    const first = integration.pull!('ticket', undefined)[Symbol.asyncIterator]();

    await expect(first.next()).rejects.toMatchObject({ vendorCode: 'repeating_results', fault: 'vendor' });
  });

  it('starts an empty org at the beginning', async () => {
    expect(await pulled('contact')).toEqual([
      { observations: [], next: { stamp: '1970-01-01T00:00:00.000Z', id: '' }, isLast: true },
    ]);
  });

  it('starts where the connection says, if it says so', async () => {
    world.sandbox.human.createCase({ subject: 'old' });
    const from = async (pullFrom: string) => {
      const opening = { ...world.opening, connection: { ...world.connection, settings: { pullFrom } } };
      const pages: Page[] = [];
      for await (const page of adapter.open(opening, world.grant).pull!('ticket', undefined))
        pages.push(page);
      return pages[0];
    };

    expect(await from('2026-11-23')).toEqual({
      observations: [],
      next: { stamp: '2026-11-23T00:00:00.000Z', id: '' },
      isLast: true,
    });
    expect((await from('2026-11-22'))?.observations).toHaveLength(1);
    expect((await from('some day'))?.observations).toHaveLength(1);
  });

  it('knows the hub’s own comments by their links', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    await world.integration.write!(note(root, 'ours'));
    world.sandbox.human.comment(root, 'theirs');

    const [page] = await pulled('comment');

    expect(page?.observations.map(({ marker, authorship }) => [marker, authorship])).toEqual([
      [RECORD, 'hub'],
      [undefined, 'other'],
    ]);
  });

  it('shows deleted comments and contacts as such', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    const comment = world.sandbox.human.comment(root, 'x').id;
    const contact = world.sandbox.human.create('Contact', { LastName: 'X' }).id;
    for (const id of [comment, contact]) world.sandbox.human.remove(id);

    expect((await pulled('comment'))[0]?.observations).toMatchObject([
      { externalId: comment, life: 'deleted' },
    ]);
    expect((await pulled('contact'))[0]?.observations).toMatchObject([
      { externalId: contact, life: 'deleted' },
    ]);
  });

  it('throws the hub’s errors from the first page', async () => {
    world.sandbox.faults.add({ on: 'call', effect: 'fail' });

    await expect(pulled('ticket')).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
