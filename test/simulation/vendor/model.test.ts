import type { ExternalId, Fields } from '../../../shared/domain/index.ts';
import type { CopyRef, RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import {
  describeIntegration,
  type IntegrationHarness,
  type VendorWorld,
} from '../../contracts/integration.ts';
import { virtualClock } from '../../memory/index.ts';
import { announced } from './announce.ts';
import { directIntegration, type Failure, refusal, uncertainty } from './integration.ts';
import { manifestOf } from './manifest.ts';
import { mappingOf } from './mapping.ts';
import { type Profile, SALESFORCE_LIKE, SLACK_LIKE } from './profile.ts';
import { type Announcement, Vendor } from './vendor.ts';

/** Corners of the grid: what one lacks another has. */
const PROFILES: Readonly<Record<string, Profile>> = {
  'like-slack': SLACK_LIKE,
  'like-salesforce': SALESFORCE_LIKE,
  'blind-newline': {
    ...SALESFORCE_LIKE,
    creation: 'find',
    commentCreation: 'none',
    hasAuthorship: false,
    hasConditionalWrites: false,
    versions: 'none',
    normaliser: 'newline',
    eventBody: 'gap',
    searchLagMs: 2_000,
    tellsDeleted: false,
  },
  'counting-cutter': {
    ...SALESFORCE_LIKE,
    creation: 'none',
    commentCreation: 'find',
    versions: 'counter',
    stampMs: 1,
    normaliser: 'cut',
    eventBody: 'full',
    eventVersions: 'same',
    hasFieldTimes: true,
    answers: 'state',
    searchLagMs: 2_000,
  },
};

/** Values such a vendor leaves as they are; what it does to others is the engine's trouble. */
const ENDED_LINES: IntegrationHarness['samples'] = {
  ticket: {
    first: { subject: 'Lamp broken\n', description: 'It is dark\n', status: 'open', priority: 'high' },
    second: { subject: 'Lamp mended\n', description: 'It is light\n', status: 'solved', priority: 'low' },
  },
  comment: { first: { body: 'Bring a candle\n' }, second: { body: 'Bring two\n' } },
  contact: {
    first: { name: 'Ada\n', email: 'ada@example.com' },
    second: { name: 'Ada L.\n', email: 'ada@example.com' },
  },
};

for (const [id, own] of Object.entries(PROFILES)) {
  // Whoever lists right after a change sees it here; the simulation takes that away.
  const profile = { ...own, commitLagMs: 0 };
  const mapping = mappingOf(profile);
  const isChannel = profile.role === 'channel';
  describeIntegration(manifestOf(id, profile), mapping, {
    open: async () => openModel(id, profile),
    samples: profile.normaliser === 'newline' ? ENDED_LINES : {},
    undeletable: isChannel ? ['contact'] : [],
    unannounced: isChannel ? ['contact'] : [],
  });
}

async function openModel(id: string, profile: Profile): Promise<VendorWorld> {
  const clock = virtualClock();
  const pending: Announcement[] = [];
  const vendor = new Vendor(id, profile, clock, (announcement) => pending.push(announcement));
  const direct = directIntegration(vendor, clock.now);
  let next: 'lost' | Failure | undefined;
  const hidden = new Set<ExternalId>();

  const raw = (kind: CopyRef['kind'], fields: Fields): Fields => {
    const role = { role: 'connector' as const };
    const comment = {
      visibility: 'public' as const,
      body: String(fields.body),
      author: { role: 'agent' as const },
    };
    const projectable = { id: 'x' as never, kind, fields, copy: 'ours' as const, comment };
    return mappingOf({ ...profile, ...role }).project(projectable, { settings: {}, receivedAtMs: 0 })!;
  };
  const write = async (change: RemoteChange): Promise<WriteOutcome> => {
    const fate = next;
    next = undefined;
    if (fate !== undefined && fate !== 'lost') return refusal(fate);
    const outcome = await direct.write!(change);
    return fate === 'lost' ? uncertainty() : outcome;
  };
  return {
    context: { settings: {}, hubUserId: 'hub', receivedAtMs: Number.MAX_SAFE_INTEGER },
    integration: {
      ...direct,
      write,
      read: async (copy) => (hidden.has(copy.externalId) ? { state: 'absent' } : direct.read!(copy)),
    },
    person: {
      async creates({ kind, fields, root, visibility }) {
        clock.advance(1);
        const object = vendor.create({
          kind,
          fields: raw(kind, fields),
          by: 'person',
          ...(root === undefined ? {} : { root: root.externalId }),
          ...(visibility === undefined ? {} : { visibility, author: { role: 'customer' } }),
        });
        return {
          kind,
          externalId: object.id,
          ...(root === undefined ? {} : { rootExternalId: root.externalId }),
        };
      },
      edits: async ({ kind, externalId }, fields) =>
        void vendor.change(externalId, raw(kind, fields), 'person'),
      deletes: async ({ externalId }) => void vendor.setLife(externalId, 'deleted', 'person'),
    },
    control: {
      truth: async ({ externalId }) =>
        vendor.isLive(externalId) ? vendor.now(externalId)!.fields : undefined,
      count: async (kind, root) => vendor.live(kind, root?.externalId).length,
      loseNextAnswer: async () => {
        next = 'lost';
      },
      failNextWrite: async (failure) => {
        next = failure;
      },
      hide: async ({ externalId }) => void hidden.add(externalId),
      advance: async (ms) => clock.advance(ms),
      deliveries: async () =>
        pending.splice(0).flatMap((announcement) => {
          const observation = announced(vendor, announcement);
          if (observation === undefined) return [];
          const body = Buffer.from(JSON.stringify({ type: 'changed', objects: [observation] }));
          return [{ body, contentType: 'application/json' }];
        }),
    },
    close: async () => undefined,
  };
}
