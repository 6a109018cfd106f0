import type { SandboxChannel, SandboxMessage, SandboxMetadata } from '../model.ts';
import { messageWire } from '../wire.ts';
import { bodyOf } from './body.ts';
import {
  flag,
  type Json,
  type Method,
  type MethodContext,
  object,
  SlackMethodError,
  text,
} from './context.ts';

/** Longer ones are cut, not refused: api.slack.com/changelog/2018-04-truncating-really-long-messages */
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
  const body = bodyOf(args, (sent) => sent.slice(0, POST_LIMIT));
  const metadata = metadataOf(context);
  const threadTs = text(args, 'thread_ts');
  const username = token!.scopes.includes('chat:write.customize') ? text(args, 'username') : undefined;
  context.spendPost(channel.id);
  // A reply to a parent that is gone lands in the channel itself: slackapi/python-slack-events-api issue 87.
  const message = workspace.post({
    channel: channel.id,
    ...body,
    text: body.text ?? '',
    ...(threadTs === undefined ? {} : { threadTs, isBroadcast: flag(args, 'reply_broadcast') }),
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
  const body = bodyOf(context.args, (sent) => {
    if (sent.length > UPDATE_LIMIT) throw new SlackMethodError('msg_too_long');
    return sent;
  });
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
  const isHidden = channel?.kind === 'group' && !channel.members.includes(workspace.identity.botUserId);
  if (channel !== undefined && !isHidden) return channel;
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
