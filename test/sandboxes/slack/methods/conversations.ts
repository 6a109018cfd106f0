import type { SandboxChannel, SandboxMessage } from '../model.ts';
import { channelWire, messageWire } from '../wire.ts';
import {
  type Args,
  flag,
  type Json,
  type Method,
  type MethodContext,
  page,
  SlackMethodError,
  text,
} from './context.ts';
import { conversationOf, joined, ofTypes } from './conversation.ts';

/** https://docs.slack.dev/reference/methods/conversations.list */
function list(context: MethodContext): Json {
  const { workspace, args } = context;
  const { botUserId } = workspace.identity;
  const channels = workspace
    .channels()
    .filter(ofTypes(context))
    .filter((channel) => channel.kind !== 'group' || channel.members.includes(botUserId))
    .filter((channel) => !(flag(args, 'exclude_archived') && channel.isArchived));
  const { items, response } = page(channels, args, { keyOf: (channel) => channel.id, defaultLimit: 100 });
  return {
    channels: items.map((channel) => channelWire(channel, botUserId)),
    ...response,
  };
}

/** https://docs.slack.dev/reference/methods/conversations.info */
function info(context: MethodContext): Json {
  return { channel: channelWire(conversationOf(context), context.workspace.identity.botUserId) };
}

/** Top-level messages, newest first: https://docs.slack.dev/reference/methods/conversations.history */
function history(context: MethodContext): Json {
  const { workspace, args, staleMs } = context;
  const channel = joined(context);
  const messages = workspace
    .messages(channel.id, staleMs)
    .filter((message) => message.threadTs === undefined || message.isBroadcast)
    .filter(inRange(args))
    .reverse();
  return messagesPage(context, messages);
}

/** A thread, parent first, oldest first: https://docs.slack.dev/reference/methods/conversations.replies */
function replies(context: MethodContext): Json {
  const { workspace, args, staleMs } = context;
  const channel = joined(context);
  const all = workspace.messages(channel.id, staleMs);
  const asked = all.find((message) => message.ts === text(args, 'ts'));
  if (asked === undefined) throw new SlackMethodError('thread_not_found');
  const within = inRange(args);
  const thread = all.filter((message) => message.threadTs === asked.ts && within(message));
  return messagesPage(context, [asked, ...thread]);
}

/** https://docs.slack.dev/reference/methods/conversations.open */
function open({ workspace, args }: MethodContext): Json {
  const known = text(args, 'channel');
  const users = (text(args, 'users') ?? '').split(',').filter((user) => user !== '');
  if (known === undefined && users.length === 0) throw new SlackMethodError('users_list_not_supplied');
  if (users.length > 1) throw new SlackMethodError('too_many_users');
  const channel = known === undefined ? directMessage(workspace, users[0]!) : workspace.channel(known);
  if (channel === undefined) throw new SlackMethodError('channel_not_found');
  const wire = channelWire(channel, workspace.identity.botUserId);
  return { channel: flag(args, 'return_im') ? wire : { id: channel.id } };
}

function directMessage(workspace: MethodContext['workspace'], user: string): SandboxChannel {
  if (workspace.user(user) === undefined) throw new SlackMethodError('user_not_found');
  return workspace.directMessage(user);
}

/** https://docs.slack.dev/reference/methods/conversations.members */
function members(context: MethodContext): Json {
  const channel = conversationOf(context);
  const { items, response } = page(channel.members, context.args, { keyOf: (id) => id, defaultLimit: 100 });
  return { members: items, ...response };
}

function inRange(args: Args): (message: SandboxMessage) => boolean {
  const [oldest, latest] = [text(args, 'oldest') ?? '', text(args, 'latest') ?? '9999999999.999999'];
  const inclusive = flag(args, 'inclusive');
  return ({ ts }) => (ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest));
}

/** Whose token may not read metadata is shown none: https://docs.slack.dev/reference/scopes/metadata.message.read */
function messagesPage({ workspace, args, token }: MethodContext, messages: readonly SandboxMessage[]): Json {
  const { items, hasMore, response } = page(messages, args, { keyOf: ({ ts }) => ts, defaultLimit: 100 });
  const seen = flag(args, 'include_all_metadata') ? 'all' : 'type';
  const metadata = token!.scopes.includes('metadata.message:read') ? seen : 'none';
  return {
    messages: items.map((message) => messageWire(workspace, message, metadata)),
    has_more: hasMore,
    ...(hasMore ? response : {}),
  };
}

const read = ['channels:read', 'groups:read', 'im:read'];
const historyScopes = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.list': { scopes: read, needsToken: true, run: list },
  'conversations.info': { scopes: read, needsToken: true, run: info },
  'conversations.history': { scopes: historyScopes, needsToken: true, run: history },
  'conversations.replies': { scopes: historyScopes, needsToken: true, run: replies },
  'conversations.open': { scopes: ['im:write'], needsToken: true, run: open },
  'conversations.members': { scopes: read, needsToken: true, run: members },
};
