import { expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Claim, Tombstone } from '../../../shared/sync/state.ts';
import { START_MS } from '../../memory/index.ts';
import { lane, link, root } from './fold-scene.ts';
import { ACME, LEFT } from './hub.ts';
import { caseSeen, hubThatMerges, rootsOf } from './merging.ts';

const ADA = 'ada' as RecordId;
const [BACK, GONE, NEXT] = ['case-9' as ExternalId, 'contact-1' as ExternalId, 'contact-2' as ExternalId];
const person = { kind: 'contact', fields: { name: 'Ada' } } as const;

const seen = { authorship: 'other', atMs: START_MS, isComplete: true } as const;
const known = {
  ...caseSeen(BACK),
  ...seen,
  fields: { subject: 'printer', requester: GONE },
  refersTo: GONE,
};

it.each<[string, Partial<Observation>]>([
  ['as is told', known],
  ['as a look shows', { ...caseSeen(BACK), fields: {}, isComplete: false, needsRead: true }],
])(
  'who was merged away while a case that names them was in the bin is named by what goes on, %s',
  async (_how, o) => {
    const { hub, answers, written } = hubThatMerges();
    answers.set(GONE, { state: 'deleted', mergedInto: NEXT });
    answers.set(NEXT, { state: 'present', observation: { ...person, ...seen, externalId: NEXT } });
    answers.set(BACK, { state: 'present', observation: known as Observation });
    const gone: Tombstone = { dead: { atMs: 1 }, told: { atMs: 1 }, wasOf: ADA };
    for (const put of [
      { ...rootKey(ACME, ADA), data: root(ADA, { [LEFT]: lane(link(NEXT)) }, person) },
      { ...claimKey(ACME, LEFT, 'contact', NEXT), data: { root: ADA, record: ADA } satisfies Claim },
      { ...claimKey(ACME, LEFT, 'contact', GONE), data: gone },
    ])
      await hub.deps.store.commit([{ put, expect: 0 }]);

    await hub.hear({ ...o, life: 'undeleted' });
    await hub.work(60_000);

    const [back] = await rootsOf(hub);
    expect(back?.fields.requester).toBe(ADA);
    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    const { pk, sk } = claimKey(ACME, LEFT, 'contact', GONE);
    expect(await hub.deps.store.get(pk, sk)).toMatchObject({ data: gone });
  },
);
