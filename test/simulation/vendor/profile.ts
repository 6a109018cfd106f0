import type { SeededRandom } from '../../memory/index.ts';

export type Creation = 'unique' | 'find' | 'none';
/** `restless`: something of its own stands at the end of each text it is given, and is another each time. */
export type Normaliser = 'none' | 'trim' | 'newline' | 'cut' | 'restless';

/** One point of the grid of vendors the engine must live with. */
export interface Profile {
  readonly role: 'channel' | 'connector';
  readonly creation: Creation;
  readonly commentCreation: Creation;
  readonly hasAuthorship: boolean;
  /** Only where there are versions. */
  readonly hasConditionalWrites: boolean;
  /** `stamp`: the modification time, in steps of `stampMs`. */
  readonly versions: 'none' | 'counter' | 'stamp';
  readonly stampMs: 1 | 1000;
  readonly hasFieldTimes: boolean;
  readonly normaliser: Normaliser;
  readonly eventBody: 'full' | 'partial' | 'gap';
  /** `other`: events and reads speak of versions that cannot be compared. */
  readonly eventVersions: 'same' | 'other';
  readonly announcesComments: boolean;
  readonly polls: boolean;
  readonly answers: 'state' | 'id';
  /** Reading a deleted object says so; else it is merely not there. */
  readonly tellsDeleted: boolean;
  /** Two of its objects may be merged into one. */
  readonly merges?: true;
  /** Which of its fields are in step, and by which words, is for a document of its connection's to say. */
  readonly hasDocument?: true;
  /** Its contacts may belong to companies. */
  readonly hasAccounts?: true;
  /** Hands over all it has of a kind at once, and takes many copies in one call. */
  readonly backfills?: true;
  /** Carries files of up to so many bytes. */
  readonly files?: number;
  readonly announcesStatus: boolean;
  readonly searchLagMs: number;
  readonly requestLifetimeMs: number;
  /** Calls go through the hub's own limits and breaker, as in production; else straight to the vendor. */
  readonly isGuarded: boolean;
  /** A change may stay out of listings for up to this long, and appears under its own old stamp. */
  readonly commitLagMs: number;
}

export function randomProfile(random: SeededRandom, role: Profile['role']): Profile {
  const versions = random.pick(['none', 'counter', 'counter', 'stamp'] as const);
  const polls = role === 'connector' && random.chance(0.6);
  return {
    role,
    versions,
    polls,
    creation: random.pick(['unique', 'unique', 'find', 'none']),
    commentCreation: random.pick(['unique', 'find', 'find', 'none']),
    hasAuthorship: random.chance(0.6),
    hasConditionalWrites: versions !== 'none' && random.chance(0.6),
    stampMs: random.pick([1, 1000]),
    hasFieldTimes: random.chance(0.25),
    normaliser: random.pick(['none', 'none', 'trim', 'newline', 'cut']),
    eventBody: random.pick(['full', 'full', 'partial', 'gap']),
    eventVersions: random.pick(['same', 'other']),
    announcesComments: !polls || random.chance(0.6),
    answers: random.pick(['state', 'id']),
    tellsDeleted: random.chance(0.7),
    announcesStatus: random.chance(0.5),
    searchLagMs: random.pick([500, 2_000, 20_000]),
    requestLifetimeMs: random.pick([20_000, 60_000, 120_000]),
    isGuarded: random.chance(0.4),
    commitLagMs: random.pick([0, 4_000]),
  };
}

/** As Slack: authorship, a searchable marker, no versions, no polling. */
export const SLACK_LIKE: Profile = {
  role: 'channel',
  creation: 'none',
  commentCreation: 'find',
  hasAuthorship: true,
  hasConditionalWrites: false,
  versions: 'none',
  stampMs: 1,
  hasFieldTimes: false,
  normaliser: 'trim',
  eventBody: 'full',
  eventVersions: 'same',
  announcesComments: true,
  polls: false,
  answers: 'id',
  tellsDeleted: false,
  announcesStatus: true,
  searchLagMs: 2_000,
  requestLifetimeMs: 30_000,
  isGuarded: true,
  commitLagMs: 0,
};

/** As Salesforce: external ids, stamps of a second, partial change events of their own versions, polling. */
export const SALESFORCE_LIKE: Profile = {
  role: 'connector',
  creation: 'unique',
  commentCreation: 'unique',
  hasAuthorship: true,
  hasConditionalWrites: true,
  versions: 'stamp',
  stampMs: 1000,
  hasFieldTimes: false,
  normaliser: 'trim',
  eventBody: 'partial',
  eventVersions: 'other',
  announcesComments: true,
  polls: true,
  answers: 'id',
  tellsDeleted: true,
  announcesStatus: false,
  searchLagMs: 0,
  requestLifetimeMs: 120_000,
  isGuarded: true,
  commitLagMs: 3_000,
};
