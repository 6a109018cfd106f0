import type { ChannelKind, SandboxFile, SandboxMessage } from './model.ts';
import type { Workspace } from './workspace.ts';

export interface SlackThread {
  readonly ts: string;
  readonly isRootDeleted: boolean;
  /** The root (unless it is deleted) and its replies, oldest first. */
  readonly messages: readonly SandboxMessage[];
}

/** Slack's own truth, by which tests judge. */
export interface SlackState {
  readonly team: { readonly id: string; readonly name: string };
  readonly users: ReturnType<Workspace['users']>;
  readonly files: readonly SandboxFile[];
  readonly channels: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: ChannelKind;
    readonly user?: string;
    readonly threads: readonly SlackThread[];
    readonly messages: readonly SandboxMessage[];
  }[];
}

export function stateOf(workspace: Workspace): SlackState {
  return {
    team: { id: workspace.identity.teamId, name: workspace.identity.teamName },
    users: workspace.users(),
    files: workspace.files.all(),
    channels: workspace.channels().map((channel) => {
      const messages = workspace.messages(channel.id);
      return {
        id: channel.id,
        name: channel.name,
        kind: channel.kind,
        ...(channel.user === undefined ? {} : { user: channel.user }),
        threads: threadsOf(messages),
        messages,
      };
    }),
  };
}

function threadsOf(messages: readonly SandboxMessage[]): SlackThread[] {
  const byRoot = Map.groupBy(messages, (message) => message.threadTs ?? message.ts);
  return [...byRoot].map(([ts, thread]) => ({
    ts,
    isRootDeleted: !thread.some((message) => message.ts === ts && !message.isTombstone),
    messages: thread,
  }));
}
