import type { RecordKind } from '../../../shared/domain/index.ts';
import type {
  CreationCapability,
  KindCapability,
  Manifest,
  VendorLimit,
} from '../../../shared/ports/index.ts';
import { standardFor } from '../worlds/documents.ts';
import type { Creation, Profile } from './profile.ts';

const DAY_MS = 86_400_000;
export const UNCONDITIONAL_GAP =
  'An edit made between our read and the landing of our write is overwritten: no condition, no history.';
export const SAME_STAMP_GAP =
  'An edit in the same step of the clock as our read is overwritten: stamps are coarse.';

/** What a vendor lets through: of each connection, or of all that one app's tenants ask together. */
const LIMITS: Readonly<Record<'connection' | 'app', VendorLimit>> = {
  connection: { name: 'calls', tokens: 400, windowMs: 100_000, per: 'connection' },
  app: { name: 'calls', tokens: 40, windowMs: 20_000, per: 'app' },
};

const backfillOf = ({ hasAccounts, files }: Profile): NonNullable<Manifest['backfill']> => ({
  kinds: [
    ...(hasAccounts ? (['account'] as const) : []),
    'contact',
    'ticket',
    'comment',
    ...(files === undefined ? [] : (['attachment'] as const)),
  ],
  pageRows: 3,
  outward: { account: 3, ticket: 3, contact: 3, comment: 4 },
});

export function manifestOf(
  id: string,
  profile: Profile,
  limitedBy: keyof typeof LIMITS = 'connection',
): Manifest {
  return {
    id,
    kind: profile.role,
    name: `Model ${id}`,
    version: '1.0.0',
    webhook: { methods: ['POST'], maxBodyBytes: 262_144, verifier: 'none' },
    ...(profile.polls ? { poll: { schedule: 'rate(1 minute)', overlapMs: 10_000 } } : {}),
    kinds: {
      ...(profile.role === 'channel' ? channelKinds(profile) : connectorKinds(profile)),
      ...(profile.files === undefined ? {} : { attachment: fileKind(profile) }),
    },
    ...(profile.files === undefined ? {} : { files: { maxBytes: profile.files } }),
    ...(profile.hasDocument === true ? { mapping: standardFor(profile) } : {}),
    ...(profile.backfills === true ? { backfill: backfillOf(profile) } : {}),
    capabilities: [],
    auth: ['token'],
    secrets: ['bodyKey'],
    settingsSchema: { type: 'object' },
    limits: profile.isGuarded ? [LIMITS[limitedBy]] : [],
    requestLifetimeMs: profile.requestLifetimeMs,
    redeliveryMs: DAY_MS,
    allowedHosts: [],
    isCustomerVisible: profile.role === 'channel',
  };
}

function creationOf(by: Creation, { searchLagMs }: Profile): CreationCapability {
  return by === 'find' ? { by, searchLagMs } : { by };
}

export const UNMARKED_GAP =
  'A copy whose creation was never answered, and which somebody, or the vendor, edits before we see it, is taken for their own.';

export const SAME_WORDS_GAP =
  'Of two creations in the same words that were both never answered, what turns up may be taken for either.';

export const PUT_BACK_GAP =
  'A value changed and put back between two of our looks, with nothing said of it, is no news: no field has a history.';

function gapsOf({ hasConditionalWrites, versions, stampMs }: Profile, by: Creation): readonly string[] {
  return [
    ...(hasConditionalWrites ? [] : [UNCONDITIONAL_GAP]),
    ...(hasConditionalWrites && versions === 'stamp' && stampMs > 1 ? [SAME_STAMP_GAP] : []),
    PUT_BACK_GAP,
    ...(by === 'none' ? [UNMARKED_GAP, SAME_WORDS_GAP] : []),
  ];
}

function shared(profile: Profile, by: Creation = profile.creation) {
  const { hasConditionalWrites, hasAuthorship } = profile;
  const gaps = gapsOf(profile, by);
  return { canRead: true, tellsDeletions: true, hasConditionalWrites, hasAuthorship, gaps } as const;
}

/** Of what nobody deletes there. */
function untold(profile: Profile) {
  const { tellsDeletions: _told, ...rest } = shared(profile);
  return rest;
}

function fileKind(profile: Profile): KindCapability {
  const never = { writable: 'never' } as const;
  return {
    ...shared(profile, 'unique'),
    vendorName: 'file',
    facet: 'file',
    creation: { by: 'unique' },
    fields: { name: never, type: never, size: never },
    canDelete: 'own',
  };
}

const accountKind = (profile: Profile): KindCapability => ({
  ...shared(profile),
  canMerge: true,
  vendorName: 'company',
  facet: 'account',
  creation: creationOf(profile.creation, profile),
  fields: { name: { writable: 'own' } },
  canDelete: 'never',
});

function channelKinds(profile: Profile): Partial<Record<RecordKind, KindCapability>> {
  const never = { writable: 'never' } as const;
  return {
    ticket: {
      ...shared(profile),
      vendorName: 'thread',
      facet: 'conversation',
      fields: { description: never },
      canDelete: 'never',
    },
    comment: {
      ...shared(profile, profile.commentCreation),
      vendorName: 'message',
      facet: 'message',
      creation: creationOf(profile.commentCreation, profile),
      fields: { body: { writable: 'own' } },
      canDelete: 'own',
    },
    contact: {
      ...untold(profile),
      vendorName: 'user',
      facet: 'contact',
      fields: { name: never, email: never },
      canDelete: 'never',
    },
  };
}

function connectorKinds(profile: Profile): Partial<Record<RecordKind, KindCapability>> {
  const always = { writable: 'always' } as const;
  const own = { writable: 'own' } as const;
  return {
    ticket: {
      ...shared(profile),
      ...(profile.merges === true ? { canMerge: true } : {}),
      vendorName: 'case',
      facet: 'ticket',
      creation: creationOf(profile.creation, profile),
      fields: { subject: always, description: always, status: always, priority: always, requester: always },
      canDelete: 'never',
    },
    comment: {
      ...shared(profile, profile.commentCreation),
      vendorName: 'remark',
      facet: 'comment',
      creation: creationOf(profile.commentCreation, profile),
      fields: { body: always },
      canDelete: 'own',
    },
    contact: {
      ...shared(profile),
      ...(profile.merges === true ? { canMerge: true } : {}),
      vendorName: 'person',
      facet: 'contact',
      creation: creationOf(profile.creation, profile),
      fields: { name: own, email: own, ...(profile.hasAccounts ? { account: own } : {}) },
      canDelete: 'never',
    },
    ...(profile.hasAccounts ? { account: accountKind(profile) } : {}),
  };
}
