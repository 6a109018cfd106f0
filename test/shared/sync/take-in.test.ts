import { describe, expect, it } from 'vitest';
import { ACME, CASE, hubOf, LEFT, parkedOf, rowsOf, settled } from './hub.ts';

describe('take in: an accepted event', () => {
  it('becomes one ticket, one copy in the other connector, and one event on the bus', async () => {
    const hub = hubOf(settled);

    await hub.hear(CASE);
    await hub.work();

    expect(hub.written).toMatchObject([{ operation: 'create', kind: 'ticket' }]);
    expect(hub.bus.events.map(({ type }) => type)).toEqual(['ticket.created']);
    expect((await rowsOf(hub)).map(({ state }) => state)).toEqual(['applied']);
  });

  it('does nothing when it comes again', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.hear(CASE);
    await hub.work();

    await hub.observe(inbox);
    await hub.hear(CASE);
    await hub.work();

    expect(hub.written).toHaveLength(1);
    expect((await rowsOf(hub)).map(({ state }) => state).sort()).toEqual(['applied', 'echo']);
  });

  it('is kept and parked when it cannot be read, and goes on by replay', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.keep('{"torn":');

    await hub.observe(inbox);

    const [work] = await parkedOf(hub);
    expect(work).toMatchObject({ cause: 'unreadable', inbox });
    expect(hub.bus.events.map(({ type }) => type)).toEqual(['work.parked']);

    await hub.engine.replay(ACME, work!.id, 'user:1');
    expect((await rowsOf(hub))[0]?.state).toBe('open');
    expect(hub.audit.entries.at(-1)).toMatchObject({ action: 'parked.replayed', actor: 'user:1' });
  });

  it('is filtered when it says nothing of interest', async () => {
    const hub = hubOf(settled);

    await hub.observe(await hub.keep({ type: 'typing' }));

    expect((await rowsOf(hub))[0]).toMatchObject({ state: 'filtered' });
    expect((await rowsOf(hub))[0]).not.toHaveProperty('body');
  });

  it('keeps a body of a quarter megabyte beside its row, and drops it with the row’s end', async () => {
    const hub = hubOf(settled);
    const inbox = await hub.keep(JSON.stringify({ type: 'typing', filler: 'x'.repeat(256 * 1024) }));

    expect((await rowsOf(hub))[0]).not.toHaveProperty('body');
    await hub.observe(inbox);

    const parts = await hub.deps.store.list(`${ACME}#inbox#${LEFT}#${inbox}`, { prefix: 'body#' });
    expect((await rowsOf(hub))[0]?.state).toBe('filtered');
    expect(parts).toEqual([]);
  });
});
