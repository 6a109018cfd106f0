import type { SandboxChannel, SandboxMessage, SandboxMetadata } from '../model.ts';
import { keptFromProgram } from '../text.ts';
import { messageWire } from '../wire.ts';
import { type Json, type Method, type MethodContext, object, SlackMethodError, text } from './context.ts';

/** "Provide no more than 40,000 characters": docs.slack.dev/reference/methods/chat.postMessage */
const POST_LIMIT = 40_000;
/** docs.slack.dev/reference/methods/chat.update: msg_too_long */
const UPDATE_LIMIT = 4_000;

/** https://docs.slack.dev/reference/methods/chat.postMessage */
function postMessage(context: MethodContext): Json {
  const { workspace, args, token } = context;
  const channel = target(context);
  if (channel.isArchived) throw new SlackMethodError('is_archived');
  const isMember = channel.members.includes(workspace.identity.botUserId);
  if (!isMember && !token!.scopes.includes('chat:write.public')) throw new SlackMethodError('not_in_channel');
  const body = bodyOf(context, POST_LIMIT);
  const metadata = metadataOf(context);
  const threadTs = text(args, 'thread_ts');
  const username = token!.scopes.includes('chat:write.customize') ? text(args, 'username') : undefined;
  context.spendPost(channel.id);
  // A reply to a parent that is gone lands in the channel itself: slackapi/python-slack-events-api issue 87.
  const message = workspace.post({
    channel: channel.id,
    text: body,
    ...(threadTs === undefined ? {} : { threadTs }),
    asBot: {
      ...(username === undefined ? {} : { username }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  });
  return { channel: channel.id, ts: message.ts, message: messageWire(workspace, message, 'all') };
}

/** https://docs.slack.dev/reference/methods/chat.update */
function update(context: MethodContext): Json {
  const { workspace } = context;
  const message = ownMessage(context, 'cant_update_message');
  const body = bodyOf(context, UPDATE_LIMIT);
  const edited = workspace.edit(message, body, workspace.identity.botUserId, metadataOf(context));
  return {
    channel: message.channel,
    ts: message.ts,
    text: edited.text,
    message: messageWire(workspace, edited, 'all'),
  };
}

/** https://docs.slack.dev/reference/methods/chat.delete */
function remove(context: MethodContext): Json {
  const message = ownMessage(context, 'cant_delete_message');
  context.workspace.remove(message);
  return { channel: message.channel, ts: message.ts };
}

/** A channel by id or name, or a user whose direct message is opened. */
function target({ workspace, args }: MethodContext): SandboxChannel {
  const wanted = text(args, 'channel') ?? '';
  const channel =
    workspace.channel(wanted) ?? workspace.channels().find((each) => `#${each.name}` === wanted);
  if (channel !== undefined) return channel;
  if (workspace.user(wanted) !== undefined) return workspace.directMessage(wanted);
  throw new SlackMethodError('channel_not_found');
}

function ownMessage({ workspace, args }: MethodContext, refusal: string): SandboxMessage {
  const channel = workspace.channel(text(args, 'channel') ?? '');
  if (channel === undefined) throw new SlackMethodError('channel_not_found');
  const message = workspace.message(channel.id, text(args, 'ts') ?? '');
  if (message === undefined || message.isTombstone) throw new SlackMethodError('message_not_found');
  if (message.botId !== workspace.identity.botId) throw new SlackMethodError(refusal);
  return message;
}

function bodyOf({ args }: MethodContext, limit: number): string {
  const sent = text(args, 'text');
  if (sent === undefined || sent.trim() === '') throw new SlackMethodError('no_text');
  if (sent.length > limit) throw new SlackMethodError('msg_too_long');
  return keptFromProgram(sent);
}

/** docs.slack.dev/messaging/message-metadata */
function metadataOf({ args }: MethodContext): SandboxMetadata | undefined {
  const metadata = object(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined) return undefined;
  if (typeof metadata.event_type !== 'string' || typeof metadata.event_payload !== 'object') {
    throw new SlackMethodError('invalid_metadata_schema');
  }
  return metadata as unknown as SandboxMetadata;
}

const scopes = ['chat:write'];
export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': { scopes, needsToken: true, run: postMessage },
  'chat.update': { scopes, needsToken: true, run: update },
  'chat.delete': { scopes, needsToken: true, run: remove },
};
