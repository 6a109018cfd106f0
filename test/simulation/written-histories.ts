import type { Operation, OperationName, Plan } from './plan.ts';
import { QUIET } from './quiet-world.ts';
import { type Outcome, run } from './run.ts';
import { keptBy, type Safeguard } from './safeguards.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from './vendor/profile.ts';
import { WITH_DEFAULT } from './worlds/documents.ts';

const act = (operation: OperationName, atMs: number, more: Partial<Operation> = {}): Operation => ({
  operation,
  atMs,
  vendor: 0,
  target: 0,
  field: 0,
  value: 1,
  ...more,
});

const opened = (tickets: number, atMs: number, eachMs: number, vendor = 0): readonly Operation[] =>
  Array.from({ length: tickets }, (_, at) => act('open', atMs + at * eachMs, { vendor, value: 1 + at }));

/** Of which nothing is forgotten. */
const REMEMBERED = { ...QUIET, retentionMs: 4 * 86_400_000 };

/** A worker is killed somewhere on the way of a file's bytes: one of these between the last of them and its commit. */
const tornTransfers = Array.from(
  { length: 40 },
  (_, at): Plan => ({
    ...REMEMBERED,
    vendors: [0, 1].map(() => ({ organization: 0, profile: { ...SALESFORCE_LIKE, files: 400 } })),
    operations: [act('open', 100), act('attach', 6_000, { value: 3_001 })],
    faults: [{ fault: 'crash-before', at: 40 + at }],
  }),
);

/** While a page of a backfill is on its way out, a ticket of the next one changes, and moves ahead of both. */
const changedInBackfill: Plan = {
  ...REMEMBERED,
  vendors: [
    { organization: 0, profile: SALESFORCE_LIKE },
    {
      organization: 0,
      profile: { ...SALESFORCE_LIKE, backfills: true },
      connectsAtMs: 60_000,
      slowMs: 4_000,
    },
  ],
  operations: [
    ...opened(4, 100, 700),
    act('backfill-out', 65_000, { vendor: 1 }),
    act('edit', 65_000, { value: 201 }),
  ],
};

/** A connection that has been brought in is brought in again while its permissions are lost. */
const outOfSight: Plan = {
  ...REMEMBERED,
  vendors: [
    { organization: 0, profile: SALESFORCE_LIKE },
    { organization: 0, profile: { ...SALESFORCE_LIKE, backfills: true }, connectsAtMs: 10_000 },
  ],
  operations: [
    ...opened(2, 100, 700, 1),
    act('backfill-in', 12_000, { vendor: 1 }),
    act('backfill-in', 130_000, { vendor: 1 }),
  ],
  spells: [{ spell: 'blindness', fromMs: 120_000, forMs: 120_000, vendor: 1 }],
};

/** Of two tenants of one app, one opens more at once than the vendor lets through in a window. */
const overdrawn: Plan = {
  ...REMEMBERED,
  vendors: [0, 1, 0, 1].map((of, at) => ({
    organization: at < 2 ? 0 : 1,
    profile: { ...SALESFORCE_LIKE, isGuarded: true },
    ...(at < 2 ? {} : { sharesWith: of }),
  })),
  operations: [act('open', 3_000, { value: 100 }), ...opened(24, 6_000, 20, 2)],
  isFlooded: true,
};

/** A ticket is opened where a field is to hold a default, and nobody has filled it in. */
const leftEmpty: Plan = {
  ...REMEMBERED,
  vendors: [
    { organization: 0, profile: SALESFORCE_LIKE },
    { organization: 0, profile: { ...SALESFORCE_LIKE, hasDocument: true }, document: WITH_DEFAULT },
  ],
  operations: [act('open', 3_000, { vendor: 1 })],
};

/** An agent edits a comment and deletes it; what is told and shown last, in one of these, is the life before its end. */
const shownAfterDeath = Array.from(
  { length: 60 },
  (_, at): Plan => ({
    ...REMEMBERED,
    seed: 1 + at,
    vendors: [SLACK_LIKE, SALESFORCE_LIKE].map((profile) => ({ organization: 0, profile })),
    operations: [
      act('open', 100),
      act('comment', 9_000, { vendor: 1, value: 2 }),
      act('edit-comment', 40_000, { vendor: 1, value: 3 }),
      act('delete-comment', 40_244, { vendor: 1, value: 4 }),
    ],
    faults: [{ fault: 'told-after-death', at: 0 }],
  }),
);

/**
 * Of safeguards that chance hardly ever needs. Each history holds with all of them, and one of them breaks without its
 * own.
 */
export const WRITTEN_HISTORIES: Readonly<Partial<Record<Safeguard, readonly Plan[]>>> = {
  torn: tornTransfers,
  'last-look': [changedInBackfill],
  'nothing-shown': [outOfSight],
  quota: [overdrawn],
  default: [leftEmpty],
  life: shownAfterDeath,
};

export interface Written {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** The first of those written for it that breaks what it keeps, played without it. */
export async function writtenFor(safeguard: Safeguard): Promise<Written | undefined> {
  const kept = keptBy(safeguard);
  for (const plan of WRITTEN_HISTORIES[safeguard] ?? []) {
    const outcome = await run(plan, safeguard);
    if (outcome.breaches.some(({ invariant }) => kept.includes(invariant))) return { plan, outcome };
  }
  return undefined;
}
