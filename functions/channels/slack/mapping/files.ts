import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { Observation } from '../../../../shared/ports/index.ts';
import { externalId, isDirect, rootOf } from '../ids.ts';
import type { SlackFile } from '../wire.ts';

/** Kinds of files that have bytes of their own: https://docs.slack.dev/reference/objects/file-object (mode) */
const CARRIED = new Set(['hosted', 'snippet', 'email']);
const FILE_ID = /^F[A-Z0-9]{2,40}$/;

type Parent = NonNullable<Observation['parent']>;

interface Where {
  readonly isOurs: boolean;
  readonly atMs: number;
  /** Not known of a file that was looked up before Slack had looked at it. */
  readonly parent?: Parent | undefined;
}

/** What a message's files hang on: the root of a conversation, or what was said in it. */
export function parentOf(
  channel: string,
  message: { readonly ts: string; readonly thread_ts?: string | undefined },
): Parent {
  const [own, root] = [externalId(channel, message.ts), rootOf(channel, message)];
  if (!isDirect(channel) && own === root) return { kind: 'ticket', externalId: own };
  return { kind: 'comment', externalId: own, rootExternalId: root };
}

/** A file as a message shows it, or as it was looked up; undefined for what has no bytes here. */
export function fileObservation(file: SlackFile, { isOurs, atMs, parent }: Where): Observation | undefined {
  if (file.id === undefined || !FILE_ID.test(file.id)) return undefined;
  const common = {
    kind: 'attachment' as const,
    externalId: file.id as ExternalId,
    authorship: isOurs ? ('hub' as const) : ('other' as const),
    atMs,
    visibility: 'public' as const,
    ...(parent === undefined ? {} : { parent }),
  };
  if (file.mode === 'tombstone') return deletedFile(file.id, atMs);
  // https://docs.slack.dev/apis/slack-connect (Files): looked up, it is described as any other.
  if (file.file_access === 'check_file_info')
    return { ...common, fields: {}, isComplete: false, needsRead: true };
  if (file.is_external === true || !CARRIED.has(file.mode ?? 'hosted')) return undefined;
  // What our own copies are called and weigh is what we made them.
  if (isOurs) return { ...common, fields: {}, isComplete: true };
  const isLookedAt = (file.mimetype ?? '') !== '' && typeof file.size === 'number';
  if (!isLookedAt) return { ...common, fields: {}, isComplete: false, needsRead: true };
  const fields = {
    name: file.name || file.title || null,
    type: file.mimetype ?? null,
    size: file.size ?? null,
  };
  return { ...common, fields, isComplete: true };
}

/** Nobody says who deleted it, so it is nobody's. */
export const deletedFile = (id: string, atMs: number): Observation => ({
  kind: 'attachment',
  externalId: id as ExternalId,
  authorship: 'unknown',
  atMs,
  fields: {},
  isComplete: false,
  life: 'deleted',
});

/** Where a file was shared first; it is carried with that message alone. */
export function firstShareOf({ shares }: SlackFile): Parent | undefined {
  const all = [shares?.public, shares?.private].flatMap((side) =>
    Object.entries(side ?? {}).flatMap(([channel, each]) => each.map((share) => ({ channel, share }))),
  );
  const [first] = all.sort((one, other) => (one.share.ts < other.share.ts ? -1 : 1));
  return first === undefined ? undefined : parentOf(first.channel, first.share);
}

export const createdMs = ({ created }: SlackFile): number => (created ?? 0) * 1_000 + 999;

export const isSharedIn = ({ shares }: SlackFile, channel: string, threadTs: string | undefined): boolean =>
  [shares?.public, shares?.private].some((side) =>
    (side?.[channel] ?? []).some((share) => threadTs === undefined || share.thread_ts === threadTs),
  );
