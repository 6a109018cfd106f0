import type { SandboxChannel } from '../model.ts';
import { channelWire } from '../wire.ts';
import { flag, type Json, type Method, type MethodContext, SlackMethodError, text } from './context.ts';
import { changeable, conversationOf, joined } from './conversation.ts';

/** "Topic was longer than 250 characters": docs.slack.dev/reference/methods/conversations.setTopic */
const TOPIC_LIMIT = 250;
/** docs.slack.dev/reference/methods/conversations.create (Naming) */
const NAME_LIMIT = 80;

/** https://docs.slack.dev/reference/methods/conversations.create */
function create(context: MethodContext): Json {
  const { workspace, args } = context;
  const name = nameOf(context);
  return shown(context, workspace.addChannel(name, flag(args, 'is_private'), [workspace.identity.botUserId]));
}

/** https://docs.slack.dev/reference/methods/conversations.rename */
function rename(context: MethodContext): Json {
  return changed(context, changeable(context), { name: nameOf(context) });
}

/** https://docs.slack.dev/reference/methods/conversations.archive */
function archive(context: MethodContext): Json {
  const channel = joined(context);
  if (channel.isArchived) throw new SlackMethodError('already_archived');
  changed(context, changeable(context), { isArchived: true });
  return {};
}

/** https://docs.slack.dev/reference/methods/conversations.unarchive */
function unarchive(context: MethodContext): Json {
  const channel = joined(context);
  if (!channel.isArchived) throw new SlackMethodError('not_archived');
  changed(context, channel, { isArchived: false });
  return {};
}

/** https://docs.slack.dev/reference/methods/conversations.setTopic and conversations.setPurpose */
function setting(name: 'topic' | 'purpose'): Method['run'] {
  return (context) => {
    const value = text(context.args, name) ?? '';
    if (value.length > TOPIC_LIMIT) throw new SlackMethodError('too_long');
    return changed(context, changeable(context), { [name]: value });
  };
}

/** https://docs.slack.dev/reference/methods/conversations.mark */
function mark(context: MethodContext): Json {
  const lastRead = text(context.args, 'ts') ?? '';
  if (!/^\d+\.\d{6}$/u.test(lastRead)) throw new SlackMethodError('invalid_timestamp');
  context.workspace.putChannel({ ...joined(context), lastRead });
  return {};
}

/** https://docs.slack.dev/reference/methods/conversations.close */
function close(context: MethodContext): Json {
  const channel = conversationOf(context);
  if (channel.kind !== 'im') throw new SlackMethodError('method_not_supported_for_channel_type');
  if (channel.isClosed) return { no_op: true, already_closed: true };
  context.workspace.putChannel({ ...channel, isClosed: true });
  return {};
}

/** Lower-case letters, digits, hyphens and underscores, as the errors of conversations.create have it. */
function nameOf({ workspace, args }: MethodContext): string {
  const name = text(args, 'name')?.replace(/^#/u, '');
  if (name === undefined) throw new SlackMethodError('invalid_name_required');
  if (name.length > NAME_LIMIT) throw new SlackMethodError('invalid_name_maxlength');
  if (!/[\p{L}\p{N}]/u.test(name)) throw new SlackMethodError('invalid_name_punctuation');
  if (!/^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name)) throw new SlackMethodError('invalid_name_specials');
  if (workspace.channels().some((channel) => channel.name === name)) throw new SlackMethodError('name_taken');
  return name;
}

function changed(context: MethodContext, channel: SandboxChannel, change: Partial<SandboxChannel>): Json {
  return shown(context, context.workspace.putChannel({ ...channel, ...change }));
}

function shown({ workspace }: MethodContext, channel: SandboxChannel): Json {
  return { channel: channelWire(channel, workspace.identity.botUserId) };
}

const manage = ['channels:manage', 'groups:write'];
export const channelMethods: Readonly<Record<string, Method>> = {
  'conversations.create': { scopes: manage, needsToken: true, run: create },
  'conversations.rename': { scopes: manage, needsToken: true, run: rename },
  'conversations.archive': { scopes: manage, needsToken: true, run: archive },
  'conversations.unarchive': { scopes: manage, needsToken: true, run: unarchive },
  'conversations.setTopic': {
    scopes: [...manage, 'channels:write.topic', 'groups:write.topic'],
    needsToken: true,
    run: setting('topic'),
  },
  'conversations.setPurpose': {
    scopes: [...manage, 'channels:write.topic', 'groups:write.topic'],
    needsToken: true,
    run: setting('purpose'),
  },
  'conversations.mark': { scopes: [...manage, 'im:write'], needsToken: true, run: mark },
  'conversations.close': { scopes: [...manage, 'im:write'], needsToken: true, run: close },
};
