import { externalId } from '../../../../functions/channels/slack/ids.ts';
import type { ExternalId, PublicComment, RecordId } from '../../../../shared/domain/index.ts';
import type { PublicChange, WriteOutcome } from '../../../../shared/ports/index.ts';
import type { SlackWorld } from './world.ts';

export const RECORD = '01JRECORD0000000000000001' as RecordId;
export const author = { role: 'agent', name: 'Grace Hopper' } as const;

/** The hub's creation of a comment in a conversation. */
export function reply(root: ExternalId, comment: Partial<PublicComment> = {}): PublicChange {
  const whole: PublicComment = { visibility: 'public', body: 'On it', author, ...comment };
  return {
    record: RECORD,
    kind: 'comment',
    operation: 'create',
    rootExternalId: root,
    comment: whole,
  };
}

/** A customer's message in the support channel, which begins a conversation. */
export async function thread(world: SlackWorld, text = 'My lamp is dark'): Promise<ExternalId> {
  const { channel, ts } = await world.slack.human.post({ text });
  return externalId(channel, ts);
}

export async function settled(
  world: SlackWorld,
  change: PublicChange,
): Promise<Extract<WriteOutcome, { outcome: 'settled' }>> {
  const outcome = await world.open().write!(change);
  if (outcome.outcome !== 'settled') throw new Error(`expected settled, saw ${outcome.outcome}`);
  return outcome;
}

export function support(world: SlackWorld) {
  return world.slack.state().channels.find(({ name }) => name === 'support')!;
}
