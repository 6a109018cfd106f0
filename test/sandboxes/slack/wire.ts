import type { SandboxBody, SandboxChannel, SandboxMessage, SandboxUser } from './model.ts';
import { TOMBSTONE_TEXT } from './model.ts';
import type { Workspace } from './workspace.ts';

type Json = Record<string, unknown>;

/** A message as conversations.history and conversations.replies show it. */
export function messageWire(
  workspace: Workspace,
  message: SandboxMessage,
  metadata: 'all' | 'type' | 'none',
) {
  const replies = workspace.replies(message.channel, message.ts);
  const isParent = replies.length > 0 && message.threadTs === undefined;
  return {
    type: 'message',
    ...(message.isTombstone
      ? { subtype: 'tombstone', user: 'USLACKBOT', hidden: true }
      : authorWire(workspace, message)),
    text: message.isTombstone ? TOMBSTONE_TEXT : message.text,
    ...(message.isTombstone ? {} : richWire(message)),
    ...(message.isTombstone ? {} : filesWire(workspace, message)),
    ts: message.ts,
    team: workspace.identity.teamId,
    ...(message.threadTs === undefined
      ? {}
      : {
          thread_ts: message.threadTs,
          parent_user_id: workspace.message(message.channel, message.threadTs)?.user,
        }),
    ...(message.isBroadcast ? broadcastWire(workspace, message) : {}),
    ...(isParent
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((reply) => reply.user ?? reply.botId)).size,
          latest_reply: replies.at(-1)?.ts,
        }
      : {}),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...metadataWire(message, metadata),
  } satisfies Json;
}

/** An empty list takes away what was there. */
export function richWire({ blocks, attachments }: SandboxBody): Pick<SandboxBody, 'blocks' | 'attachments'> {
  return {
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

/** https://docs.slack.dev/reference/events/message/file_share */
function filesWire(workspace: Workspace, { files }: SandboxMessage): Json {
  if (files === undefined) return {};
  return {
    subtype: 'file_share',
    upload: true,
    display_as_bot: false,
    files: files.map((id) => workspace.files.inMessage(id)),
  };
}

/** https://docs.slack.dev/reference/events/message/thread_broadcast */
function broadcastWire(workspace: Workspace, message: SandboxMessage): Json {
  const root = workspace.message(message.channel, message.threadTs ?? '');
  return {
    subtype: 'thread_broadcast',
    ...(root === undefined ? {} : { root: messageWire(workspace, root, 'none') }),
  };
}

function authorWire(workspace: Workspace, message: SandboxMessage): Json {
  if (message.botId === undefined) return { user: message.user };
  return {
    ...(message.username === undefined
      ? { user: message.user }
      : { subtype: 'bot_message', username: message.username }),
    bot_id: message.botId,
    app_id: message.appId,
    bot_profile: {
      id: message.botId,
      app_id: message.appId,
      name: workspace.identity.botName,
      team_id: workspace.identity.teamId,
      deleted: false,
    },
  };
}

/** Without a metadata subscription Slack leaves the payload out and keeps the type. */
function metadataWire(message: SandboxMessage, metadata: 'all' | 'type' | 'none'): Json {
  if (message.metadata === undefined || metadata === 'none') return {};
  return {
    metadata:
      metadata === 'all' ? message.metadata : { event_type: message.metadata.event_type, event_payload: {} },
  };
}

/** https://docs.slack.dev/reference/objects/user-object */
export function userWire(teamId: string, user: SandboxUser): Json {
  return {
    id: user.id,
    team_id: teamId,
    name: user.name,
    real_name: user.realName,
    deleted: false,
    is_bot: user.isBot,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(user.email === undefined ? {} : { email: user.email }),
      ...(user.phone === undefined ? {} : { phone: user.phone }),
    },
  };
}

/** https://docs.slack.dev/reference/objects/conversation-object */
export function channelWire(channel: SandboxChannel, botUserId: string): Json {
  if (channel.kind === 'im') return { id: channel.id, is_im: true, is_org_shared: false, user: channel.user };
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'group',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'channel',
    is_archived: channel.isArchived ?? false,
    is_member: channel.members.includes(botUserId),
    num_members: channel.members.length,
    topic: { value: channel.topic ?? '' },
    purpose: { value: channel.purpose ?? '' },
    ...(channel.lastRead === undefined ? {} : { last_read: channel.lastRead }),
  };
}
