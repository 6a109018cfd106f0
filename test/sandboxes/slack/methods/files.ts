import type { SandboxChannel, SandboxFile } from '../model.ts';
import { type Args, type Json, type Method, type MethodContext, SlackMethodError, text } from './context.ts';

/** https://slack.com/help/articles/201330736-Add-files-to-Slack: "up to 1 GB" */
const MOST_BYTES = 1024 ** 3;
/** An id of a conversation alone: https://github.com/slackapi/bolt-js/issues/2115 */
const CHANNEL = /^[CGDZ][A-Z0-9]{8,}$/;

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
function getUploadUrl({ workspace, args, now }: MethodContext): Json {
  const name = text(args, 'filename');
  const length = Number(text(args, 'length'));
  if (name === undefined || !Number.isInteger(length) || length < 1) {
    throw new SlackMethodError('invalid_arguments');
  }
  if (length > MOST_BYTES) throw new SlackMethodError('file_upload_size_restricted');
  const user = workspace.identity.botUserId;
  const file = workspace.files.reserve({ name, size: length, user, createdMs: now() });
  return { upload_url: workspace.files.uploadUrl(file), file_id: file.id };
}

/**
 * What a second completion of one file does is not published: here it is shared once more, the worst it could be.
 * The answer comes before the file was looked at: https://github.com/slackapi/python-slack-sdk/issues/1575
 * https://docs.slack.dev/reference/methods/files.completeUploadExternal
 */
function completeUpload(context: MethodContext): Json {
  const { workspace, args } = context;
  const files = filesOf(args).map(({ id, title }) => {
    const file = workspace.files.get(String(id));
    if (file === undefined || file.state === 'deleted') throw new SlackMethodError('file_not_found');
    if (file.state === 'reserved') throw new SlackMethodError('file_update_failed');
    return { ...file, ...(typeof title === 'string' ? { title } : {}) };
  });
  const channel = channelOf(context);
  for (const file of files) workspace.files.put({ ...file, state: 'complete' });
  if (channel !== undefined) {
    const threadTs = text(args, 'thread_ts');
    workspace.post({
      channel: channel.id,
      text: text(args, 'initial_comment') ?? '',
      files: files.map(({ id }) => id),
      ...(threadTs === undefined ? {} : { threadTs }),
      asBot: {},
    });
  }
  return { files: files.map((file) => described(context, file, false)) };
}

/** https://docs.slack.dev/reference/methods/files.info */
function info(context: MethodContext): Json {
  const { workspace, args, staleMs } = context;
  const file = workspace.files.get(text(args, 'file') ?? '');
  if (file?.state === 'deleted') throw new SlackMethodError('file_deleted');
  if (file === undefined || !isSeen(context, file)) throw new SlackMethodError('file_not_found');
  return {
    file: described(context, file, staleMs === 0),
    comments: [],
    response_metadata: { next_cursor: '' },
  };
}

/** https://docs.slack.dev/reference/methods/files.delete */
function remove({ workspace, args }: MethodContext): Json {
  const file = workspace.files.get(text(args, 'file') ?? '');
  if (file === undefined) throw new SlackMethodError('file_not_found');
  if (file.state === 'deleted') throw new SlackMethodError('file_deleted');
  if (file.user !== workspace.identity.botUserId) throw new SlackMethodError('cant_delete_file');
  workspace.removeFile(file.id);
  return {};
}

function described({ workspace }: MethodContext, file: SandboxFile, isProcessed: boolean): Json {
  const isPublic = (channel: string) => workspace.channel(channel)?.kind === 'channel';
  return workspace.files.described(workspace.files.get(file.id)!, isPublic, isProcessed);
}

/** The app sees its own files, and those of conversations it is in. */
function isSeen({ workspace }: MethodContext, { user, shares }: SandboxFile): boolean {
  const { botUserId } = workspace.identity;
  return (
    user === botUserId ||
    shares.some(({ channel }) => workspace.channel(channel)?.members.includes(botUserId) === true)
  );
}

function channelOf({ workspace, args }: MethodContext): SandboxChannel | undefined {
  const id = text(args, 'channel_id') ?? text(args, 'channels');
  if (id === undefined) return undefined;
  if (!CHANNEL.test(id)) throw new SlackMethodError('invalid_arguments');
  const channel = workspace.channel(id);
  if (channel === undefined) throw new SlackMethodError('channel_not_found');
  if (channel.isArchived) throw new SlackMethodError('is_archived');
  if (!channel.members.includes(workspace.identity.botUserId)) throw new SlackMethodError('not_in_channel');
  return channel;
}

function filesOf(args: Args): readonly Json[] {
  const list = typeof args.files === 'string' ? parsed(args.files) : args.files;
  if (!Array.isArray(list) || list.length === 0) throw new SlackMethodError('invalid_arguments');
  return list as Json[];
}

function parsed(list: string): unknown {
  try {
    return JSON.parse(list);
  } catch {
    return undefined;
  }
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': { scopes: ['files:write'], needsToken: true, run: getUploadUrl },
  'files.completeUploadExternal': { scopes: ['files:write'], needsToken: true, run: completeUpload },
  'files.info': { scopes: ['files:read'], needsToken: true, run: info },
  'files.delete': { scopes: ['files:write'], needsToken: true, run: remove },
};
