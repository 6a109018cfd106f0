import { describe, expect, it } from 'vitest';
import type { BodyPolicy, Connection, MappingDocument } from '../../../shared/ports/index.ts';
import { standardRules } from '../../../shared/sync/index.ts';
import { absorb } from '../../../shared/sync/merge.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace } from './scenes.ts';
import { seen } from './seen.ts';

const BASE = 'it burns\nsince noon\nin the hall';
const HERE = 'it burns\nsince noon\nin the kitchen';
const ELSEWHERE = 'it smokes\nsince noon\nin the hall';

/** A comment set elsewhere, and edited here before this copy was told of that. */
function contested(body?: BodyPolicy, theirs = HERE) {
  const place = deskPlace();
  const document: MappingDocument = {
    version: 1,
    kinds: {},
    conflicts: { comment: { ...(body && { body }) } },
  };
  const scene = commentScene({
    place: { ...place, connection: { ...place.connection, mapping: document } },
    comment: {
      fields: { body: ELSEWHERE },
      provenance: { body: { fromMs: 55_000, toMs: 55_000, source: 'hub', actor: 'ann' } },
    },
    link: { sent: { body: BASE }, got: { body: BASE, visibility: 'public' } },
  });
  absorb(scene, seen({ body: theirs, visibility: 'public' }, { isExact: true }));
  return scene;
}

describe('a comment’s body that both sides set', () => {
  it('is what its connection chose: the newest where it says nothing', () => {
    expect(contested().record.fields.body).toBe(HERE);
    expect(contested({ use: 'newest' }).record.fields.body).toBe(HERE);
  });

  it('stands as the side has it that is named, and the other is kept', () => {
    const { record, link, tree } = contested({ use: 'side', side: 'hub record' });

    expect(record.fields.body).toBe(ELSEWHERE);
    expect(link.sent).not.toHaveProperty('body');
    expect(tree.losses).toMatchObject([
      { record: record.id, field: 'body', lost: HERE, kept: ELSEWHERE, keptBy: 'ann', policy: 'side' },
    ]);
  });

  it('is merged line by line against what both started from, and both texts are kept', () => {
    const { record, link, tree } = contested({ use: 'text' });
    const merged = 'it smokes\nsince noon\nin the kitchen';

    expect(record.fields.body).toBe(merged);
    expect(link.sent).not.toHaveProperty('body');
    expect(tree.losses.map(({ lost, kept }) => [lost, kept])).toEqual([
      [ELSEWHERE, merged],
      [HERE, merged],
    ]);
  });

  it('waits for a person, who is asked about it', () => {
    const { record, link, tree } = contested({ use: 'ask' });

    expect(record.fields.body).toBe(ELSEWHERE);
    expect(link.asked).toMatchObject({ body: { value: HERE } });
    expect(tree.parked).toMatchObject([{ cause: 'asked', kind: 'comment', record: record.id }]);
  });
});

describe('the policy of a body', () => {
  it('is asked like that of any field, and is none of a field beside it', () => {
    const conflicts = { comment: { body: { use: 'text' } } } as const;
    const connection = { mapping: { version: 1, kinds: {}, conflicts } } as unknown as Connection;
    const nameOf = (kind: 'comment' | 'ticket', field: string) =>
      standardRules.policyFor(connection, kind, field).name;

    expect(nameOf('comment', 'body')).toBe('text');
    expect(nameOf('comment', 'visibility')).toBe('newest');
    expect(nameOf('ticket', 'body')).toBe('newest');
  });
});
