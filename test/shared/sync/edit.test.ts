import { describe, expect, it } from 'vitest';
import { ACME, CASE, edited, hubOf, settled, ticketOf } from './hub.ts';

describe('edit: a change through the hub', () => {
  it('reaches the copies once', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.work();

    await edited(hub, { priority: 'high' });
    await hub.work();

    const updates = hub.written.filter(({ operation }) => operation === 'update');
    expect(updates.map(({ fields }) => fields)).toContainEqual({ priority: 'P3' });
  });

  it('is remembered by its key: the same again changes nothing, another is refused', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const first = await edited(hub, { priority: 'high' });

    expect(await edited(hub, { priority: 'high' })).toEqual(first);
    await expect(edited(hub, { priority: 'low' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it.each([
    [{ colour: 'red' }, '/fields/colour'],
    [{ status: 'gone' }, '/fields/status'],
    [{ requester: 'r' }, '/fields/requester'],
  ])('is refused with the pointer to what is wrong: %j', async (fields, pointer) => {
    const hub = hubOf(settled);
    await hub.hear(CASE);

    await expect(edited(hub, fields as Record<string, string>)).rejects.toMatchObject({
      code: 'invalid_input',
      pointer,
    });
  });

  it('finds no ticket of another organization', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    const { id } = await ticketOf(hub);
    const request = {
      root: id,
      actor: 'a',
      idempotencyKey: 'k',
      edit: { edit: 'fields', fields: {} } as const,
    };

    await expect(hub.engine.edit({ ...request, organization: 'other' as typeof ACME })).rejects.toMatchObject(
      {
        code: 'not_found',
      },
    );
  });

  it('adds a comment, and refuses an empty one', async () => {
    const hub = hubOf(settled);
    await hub.hear(CASE);
    await hub.work();
    const { id } = await ticketOf(hub);
    const comment = (body: string) =>
      hub.engine.edit({
        organization: ACME,
        root: id,
        actor: 'agent:1',
        idempotencyKey: `c-${body}`,
        edit: { edit: 'comment', visibility: 'internal', body, authorName: 'Ada' },
      });

    const answer = await comment('checked the fuse');
    await hub.work();

    expect(answer.comment).toMatch(new RegExp(`^${id}\\.`));
    expect(hub.written.filter(({ kind }) => kind === 'comment')).toHaveLength(2);
    await expect(comment(' ')).rejects.toMatchObject({ pointer: '/body' });
  });
});
