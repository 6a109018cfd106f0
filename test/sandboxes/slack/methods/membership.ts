import type { SandboxChannel } from '../model.ts';
import { channelWire } from '../wire.ts';
import { type Json, type Method, type MethodContext, SlackMethodError, text } from './context.ts';
import { changeable, conversationOf } from './conversation.ts';

/** Public channels only: https://docs.slack.dev/reference/methods/conversations.join */
function join(context: MethodContext): Json {
  const channel = conversationOf(context);
  if (channel.kind !== 'channel') throw new SlackMethodError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new SlackMethodError('is_archived');
  const { botUserId } = context.workspace.identity;
  const isMember = channel.members.includes(botUserId);
  const after = isMember ? channel : withMembers(context, channel, [...channel.members, botUserId]);
  return {
    channel: channelWire(after, botUserId),
    ...(isMember
      ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      : {}),
  };
}

/** https://docs.slack.dev/reference/methods/conversations.leave */
function leave(context: MethodContext): Json {
  const { botUserId } = context.workspace.identity;
  if (!conversationOf(context).members.includes(botUserId)) return { not_in_channel: true };
  const channel = changeable(context);
  if (channel.kind === 'group' && channel.members.length === 1) throw new SlackMethodError('last_member');
  withMembers(
    context,
    channel,
    channel.members.filter((member) => member !== botUserId),
  );
  return {};
}

/** https://docs.slack.dev/reference/methods/conversations.invite */
function invite(context: MethodContext): Json {
  const { workspace, args } = context;
  const channel = changeable(context);
  const users = (text(args, 'users') ?? '').split(',').filter((user) => user !== '');
  if (users.length === 0) throw new SlackMethodError('no_user');
  for (const user of users) {
    if (user === workspace.identity.botUserId) throw new SlackMethodError('cant_invite_self');
    if (workspace.user(user) === undefined) throw new SlackMethodError('user_not_found');
    if (channel.members.includes(user)) throw new SlackMethodError('already_in_channel');
  }
  const after = withMembers(context, channel, [...channel.members, ...users]);
  return { channel: channelWire(after, workspace.identity.botUserId) };
}

/** https://docs.slack.dev/reference/methods/conversations.kick */
function kick(context: MethodContext): Json {
  const { workspace, args } = context;
  const channel = changeable(context);
  const user = text(args, 'user') ?? '';
  if (user === workspace.identity.botUserId) throw new SlackMethodError('cant_kick_self');
  if (workspace.user(user) === undefined) throw new SlackMethodError('user_not_found');
  if (!channel.members.includes(user)) throw new SlackMethodError('not_in_channel');
  withMembers(
    context,
    channel,
    channel.members.filter((member) => member !== user),
  );
  return {};
}

function withMembers(
  { workspace }: MethodContext,
  channel: SandboxChannel,
  members: readonly string[],
): SandboxChannel {
  return workspace.putChannel({ ...channel, members });
}

export const membershipMethods: Readonly<Record<string, Method>> = {
  'conversations.join': { scopes: ['channels:join'], needsToken: true, run: join },
  'conversations.leave': { scopes: ['channels:manage', 'groups:write'], needsToken: true, run: leave },
  'conversations.invite': {
    scopes: ['channels:manage', 'channels:write.invites', 'groups:write', 'groups:write.invites'],
    needsToken: true,
    run: invite,
  },
  'conversations.kick': { scopes: ['channels:manage', 'groups:write'], needsToken: true, run: kick },
};
