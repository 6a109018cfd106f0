import type { SandboxChannel } from '../model.ts';
import { type MethodContext, SlackMethodError, text } from './context.ts';

/** The conversation asked for. To one who is not in it, a private one is not there at all. */
export function conversationOf({ workspace, args }: MethodContext): SandboxChannel {
  const channel = workspace.channel(text(args, 'channel') ?? '');
  const { botUserId } = workspace.identity;
  if (channel === undefined || (channel.kind === 'group' && !channel.members.includes(botUserId))) {
    throw new SlackMethodError('channel_not_found');
  }
  return channel;
}

export function joined(context: MethodContext): SandboxChannel {
  const channel = conversationOf(context);
  if (channel.members.includes(context.workspace.identity.botUserId)) return channel;
  throw new SlackMethodError('not_in_channel');
}

/** A public or private channel the bot is in and may change. */
export function changeable(context: MethodContext): SandboxChannel {
  const channel = joined(context);
  if (channel.kind === 'im' || channel.kind === 'mpim')
    throw new SlackMethodError('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new SlackMethodError('is_archived');
  return channel;
}

/** `public_channel,private_channel,im` against what the workspace calls them. */
export function ofTypes({ args }: MethodContext): (channel: SandboxChannel) => boolean {
  const types = (text(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const names = { channel: 'public_channel', group: 'private_channel', im: 'im', mpim: 'mpim' } as const;
  return ({ kind }) => types.includes(names[kind]);
}
