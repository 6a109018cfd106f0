import type { Content } from '../contents.ts';

/** What a Slack workspace holds, as docs.slack.dev/reference/objects describes it. */
export interface SandboxUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email?: string;
  readonly phone?: string;
  /** Of another organization's making: the app may not see it. */
  readonly isHidden?: boolean;
  readonly isBot: boolean;
  /** Set by hand; otherwise a person is there. */
  readonly presence?: 'away';
}

/** `group` is a private channel, `mpim` a direct message among several, as `channel_type` of an event says. */
export type ChannelKind = 'channel' | 'group' | 'im' | 'mpim';

export interface SandboxChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly members: readonly string[];
  /** The human of a direct message. */
  readonly user?: string;
  readonly isArchived?: boolean;
  readonly isClosed?: boolean;
  readonly topic?: string;
  readonly purpose?: string;
  readonly lastRead?: string;
}

export interface SandboxMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

/** What a program may have a message say; without text where blocks or attachments say it. */
export interface SandboxBody {
  readonly text?: string;
  readonly blocks?: readonly Readonly<Record<string, unknown>>[];
  readonly attachments?: readonly Readonly<Record<string, unknown>>[];
}

export interface SandboxMessage extends SandboxBody {
  readonly channel: string;
  readonly ts: string;
  /** Not shown of a bot message under a name of its own. */
  readonly user: string;
  readonly botId?: string;
  readonly appId?: string;
  readonly username?: string;
  readonly text: string;
  readonly threadTs?: string;
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly metadata?: SandboxMetadata;
  /** Ids. */
  readonly files?: readonly string[];
  /** A reply that is shown in the channel too. */
  readonly isBroadcast?: boolean;
  readonly isTombstone?: boolean;
  readonly isDeleted?: boolean;
}

export interface NewMessage extends SandboxBody {
  readonly channel: string;
  readonly text: string;
  /** Shown in the channel too; of a reply only. */
  readonly isBroadcast?: boolean;
  readonly threadTs?: string;
  readonly user?: string;
  readonly files?: readonly string[];
  readonly asBot?: { readonly username?: string; readonly metadata?: SandboxMetadata };
}

/** https://docs.slack.dev/reference/objects/file-object */
export interface SandboxFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly size: number;
  readonly user: string;
  readonly createdMs: number;
  /** `reserved`: it has an upload address; `uploaded`: its bytes are there, and nobody has been shown them. */
  readonly state: 'reserved' | 'uploaded' | 'complete' | 'deleted';
  /** `external`: it lives elsewhere, Slack knows its address alone. */
  readonly mode: 'hosted' | 'external';
  /** The secret part of its upload address. */
  readonly ticket?: string;
  readonly content?: Content;
  readonly sha256?: string;
  readonly shares: readonly { readonly channel: string; readonly ts: string; readonly threadTs?: string }[];
  /** From another workspace: messages name it, and files.info alone describes it. */
  readonly isForeign?: boolean;
}

export interface SandboxToken {
  readonly token: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs?: number;
  readonly isRevoked: boolean;
}

export interface SandboxRefresh {
  readonly token: string;
  readonly accessToken: string;
  readonly expiresAtMs?: number;
  readonly isUsed: boolean;
}

export interface SandboxCode {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge?: string;
  readonly expiresAtMs: number;
  readonly isUsed: boolean;
}

export type DeliveryState = 'waiting' | 'delivered' | 'abandoned' | 'lost';
export interface Delivery {
  readonly id: string;
  readonly envelope: Readonly<Record<string, unknown>>;
  readonly attempts: readonly { readonly atMs: number; readonly status: number; readonly reason?: string }[];
  readonly state: DeliveryState;
}

export const TOMBSTONE_TEXT = 'This message was deleted.';
