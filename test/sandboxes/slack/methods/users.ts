import type { SandboxUser } from '../model.ts';
import { channelWire, userWire } from '../wire.ts';
import { flag, type Json, type Method, type MethodContext, page, SlackMethodError, text } from './context.ts';
import { ofTypes } from './conversation.ts';

/** https://docs.slack.dev/reference/methods/users.list */
function list(context: MethodContext): Json {
  const { items, response } = page(context.workspace.users(), context.args, {
    keyOf: (user) => user.id,
    defaultLimit: 200,
  });
  return { members: items.map((user) => shown(context, user)), ...response };
}

/** https://docs.slack.dev/reference/methods/users.info */
function info(context: MethodContext): Json {
  const user = context.workspace.user(text(context.args, 'user') ?? '');
  if (user === undefined) throw new SlackMethodError('user_not_found');
  if (user.isHidden) throw new SlackMethodError('user_not_visible');
  return { user: shown(context, user) };
}

/** https://docs.slack.dev/reference/methods/users.lookupByEmail */
function lookupByEmail(context: MethodContext): Json {
  const email = text(context.args, 'email')?.toLowerCase();
  const user = context.workspace.users().find((each) => each.email?.toLowerCase() === email);
  if (email === undefined || user === undefined) throw new SlackMethodError('users_not_found');
  return { user: shown(context, user) };
}

/** Where a person, or the bot itself, is: https://docs.slack.dev/reference/methods/users.conversations */
function conversations(context: MethodContext): Json {
  const { workspace, args } = context;
  const { botUserId } = workspace.identity;
  const user = text(args, 'user') ?? botUserId;
  if (workspace.user(user) === undefined) throw new SlackMethodError('user_not_found');
  const channels = workspace
    .channels()
    .filter(ofTypes(context))
    .filter(
      ({ kind, members }) => members.includes(user) && (kind === 'channel' || members.includes(botUserId)),
    )
    .filter((channel) => !(flag(args, 'exclude_archived') && channel.isArchived));
  const { items, response } = page(channels, args, { keyOf: (channel) => channel.id, defaultLimit: 100 });
  return { channels: items.map((channel) => channelWire(channel, botUserId)), ...response };
}

/** https://docs.slack.dev/reference/methods/users.getPresence */
function getPresence(context: MethodContext): Json {
  return { presence: personOf(context).presence ?? 'active' };
}

/** Of the bot itself: https://docs.slack.dev/reference/methods/users.setPresence */
function setPresence({ workspace, args }: MethodContext): Json {
  const presence = text(args, 'presence');
  if (presence !== 'auto' && presence !== 'away') throw new SlackMethodError('invalid_presence');
  const { presence: _, ...bot } = workspace.user(workspace.identity.botUserId)!;
  workspace.putUser(presence === 'away' ? { ...bot, presence } : bot);
  return {};
}

/** https://docs.slack.dev/reference/methods/users.profile.get */
function profile(context: MethodContext): Json {
  return { profile: shown(context, personOf(context)).profile };
}

function personOf({ workspace, args }: MethodContext): SandboxUser {
  const user = workspace.user(text(args, 'user') ?? workspace.identity.botUserId);
  if (user === undefined) throw new SlackMethodError('user_not_found');
  return user;
}

/** The e-mail address is shown only with users:read.email. */
function shown({ workspace, token }: MethodContext, user: SandboxUser): Json {
  const { email, ...rest } = user;
  const isAllowed = token!.scopes.includes('users:read.email') && email !== undefined;
  return userWire(workspace.identity.teamId, isAllowed ? { ...rest, email } : rest);
}

export const userMethods: Readonly<Record<string, Method>> = {
  'users.list': { scopes: ['users:read'], needsToken: true, run: list },
  'users.info': { scopes: ['users:read'], needsToken: true, run: info },
  'users.conversations': {
    scopes: ['channels:read', 'groups:read', 'im:read'],
    needsToken: true,
    run: conversations,
  },
  'users.getPresence': { scopes: ['users:read'], needsToken: true, run: getPresence },
  'users.setPresence': { scopes: ['users:write'], needsToken: true, run: setPresence },
  'users.profile.get': { scopes: ['users.profile:read'], needsToken: true, run: profile },
  'users.lookupByEmail': { scopes: ['users:read.email'], needsToken: true, run: lookupByEmail },
};
