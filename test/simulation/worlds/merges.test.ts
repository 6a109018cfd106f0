import { expect, it } from 'vitest';
import type { Operation, OperationName, Plan } from '../plan.ts';
import { QUIET } from '../quiet-world.ts';
import { run } from '../run.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../vendor/profile.ts';

const [CHAT, DESK] = [0, 1];
const act = (operation: OperationName, atMs: number, vendor: number, value: number): Operation => ({
  operation,
  atMs,
  vendor,
  target: 0,
  field: 0,
  value,
});

/** Something is said in the case of a first customer, which is merged into a second one's before anybody hears of it. */
const heardLate: Plan = {
  ...QUIET,
  seed: 28,
  vendors: [SLACK_LIKE, { ...SALESFORCE_LIKE, merges: true as const, tellsDeleted: true as const }].map(
    (profile) => ({ organization: 0, profile }),
  ),
  operations: [
    act('open', 100, CHAT, 1),
    act('open', 800, CHAT, 2),
    act('comment', 61_500, DESK, 301),
    act('merge', 61_800, DESK, 4),
  ],
  faults: [{ fault: 'event-late', at: 5 }],
};

/** Of two customers' cases one is merged into the other, and taken out of the bin once everybody knows. */
const takenOut: Plan = {
  ...heardLate,
  operations: [
    act('open', 100, CHAT, 1),
    act('open', 800, CHAT, 2),
    act('merge', 61_800, DESK, 4),
    act('unmerge', 121_800, DESK, 0),
    act('comment', 151_500, DESK, 301),
  ],
  faults: [],
};

it('merges: what is said in a case that is back out of the bin is of the customer whose case it was', async () => {
  const seen: unknown[] = [];

  const { breaches } = await run(takenOut, undefined, ({ sites }) => {
    const [chat, desk] = [sites[CHAT]!.vendor, sites[DESK]!.vendor];
    const saidIn = ({ objects }: typeof chat) =>
      [...objects.values()].find((each) => String(each.snapshots[0]?.fields.body).includes('#301#'))?.root;
    seen.push([...desk.returned.keys()].includes(saidIn(desk)!), saidIn(chat));
  });

  expect(breaches).toEqual([]);
  expect(seen).toEqual([true, 'v0-t0003']);
});

it('merges: what is heard only after one is of the customer in whose case it was said', async () => {
  const threads: unknown[] = [];

  const { breaches } = await run(heardLate, undefined, ({ sites }) => {
    for (const { kind, root, snapshots } of sites[CHAT]!.vendor.objects.values())
      if (kind === 'comment' && String(snapshots[0]?.fields.body).includes('#301#')) threads.push(root);
  });

  expect(breaches).toEqual([]);
  expect(threads).toEqual(['v0-t0003']);
});
