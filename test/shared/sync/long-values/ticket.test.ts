import { expect, it } from 'vitest';
import type { ConnectionId, ExternalId, Fields } from '../../../../shared/domain/index.ts';
import type { Observation, RemoteChange, Write } from '../../../../shared/ports/index.ts';
import { memoryRecords, memoryStore, type VirtualClock } from '../../../memory/index.ts';
import { SALESFORCE_LIKE } from '../../../simulation/vendor/profile.ts';
import { CASE, edited as editOf, hubOver, LEFT, parkedOf, type Site } from '../hub.ts';

const IDS = ['left', 'b', 'c', 'd', 'e', 'f'] as readonly string[] as readonly ConnectionId[];
const EDITS = 6;

/** A ticket edited on both sides, in turn; what each commit of its record took, and how it went. */
async function edited(describe: (edit: number) => string, isDivided: boolean) {
  const commits: number[] = [];
  const store = (clock: VirtualClock) => {
    const kept = memoryStore({ clock });
    const commit = kept.commit.bind(kept);
    kept.commit = async (writes) => {
      await commit(writes);
      if (writes.some((write) => 'put' in write && write.put.sk === 'root')) commits.push(bytesOf(writes));
    };
    return isDivided ? memoryRecords({ clock }, kept) : kept;
  };
  const vendors = new Map<ConnectionId, Observation>();
  const set = (id: ConnectionId, fields: Fields, authorship: Observation['authorship']): Observation => {
    const before = vendors.get(id);
    const value = Number(before?.version?.value ?? 0) + 1;
    const observation = {
      kind: 'ticket',
      externalId: id === LEFT ? CASE.externalId : (`${id}-1` as ExternalId),
      fields: { ...before?.fields, ...fields },
      version: { source: 'any', value },
      authorship,
      atMs: now(),
      isComplete: true,
    } as const;
    vendors.set(id, observation);
    return observation;
  };
  let now = () => 0;
  const written: RemoteChange[] = [];
  const siteOf = (id: ConnectionId): Site => ({
    profile: SALESFORCE_LIKE,
    port: {
      async read() {
        const observation = vendors.get(id);
        return observation === undefined ? { state: 'absent' } : { state: 'present', observation };
      },
      async write(change) {
        written.push(change);
        const { externalId, version } = set(id, change.fields, 'hub');
        return { outcome: 'settled', externalId, ...(version && { version }) };
      },
    },
  });
  const hub = hubOver(Object.fromEntries(IDS.map((id) => [id, siteOf(id)])), {}, store);
  now = hub.clock.now;
  await hub.hear(set(LEFT, { ...CASE.fields, description: describe(0) }, 'other'));
  await hub.work();
  for (let edit = 1; edit <= EDITS; edit += 1) {
    hub.clock.advance(60_000);
    if (edit % 2 === 0) {
      await hub.hear(set(LEFT, { description: describe(edit) }, 'other'));
    } else {
      await editOf(hub, { description: describe(edit) }, `edit-${edit}`);
    }
    await hub.work();
  }
  const held = [...vendors.values()].map(({ fields }) => fields.description);
  return { written, commits, held, parked: await parkedOf(hub) };
}

/** What the table is asked to write, in KB. */
function bytesOf(writes: readonly Write[]): number {
  const puts = writes.flatMap((write) => ('put' in write ? [JSON.stringify(write.put.data)] : []));
  return puts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, each) => sum + each, 0);

it('a description of 130,000 characters, edited on both sides of six connections, does not park', async () => {
  const describe = (edit: number) => `${edit} ${'長'.repeat(129_998)}`;

  const { written, held, parked } = await edited(describe, true);

  expect(written.length).toBeGreaterThanOrEqual(EDITS * (IDS.length - 1));
  expect(held.map((description) => description === describe(EDITS))).toEqual(IDS.map(() => true));
  expect(parked).toEqual([]);
});

it('a long description weighs on the commits that change it, not on every commit of its ticket', async () => {
  const describe = (edit: number) => `${edit} ${'words '.repeat(800)}`;

  const [whole, divided] = [await edited(describe, false), await edited(describe, true)];

  const [before, after] = [sumOf(whole.commits), sumOf(divided.commits)];
  const perCommit = (bytes: number) => Math.round(bytes / whole.commits.length);
  console.info(
    `bytes written per commit of a ticket: ${perCommit(before)} in one item, ${perCommit(after)} divided`,
  );
  expect(divided.commits).toHaveLength(whole.commits.length);
  expect(divided.written).toEqual(whole.written);
  expect(after).toBeLessThan(before / 4);
});
