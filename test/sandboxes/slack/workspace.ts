import { Files } from './files/files.ts';
import type { Journal } from './journal.ts';
import type {
  NewMessage,
  SandboxBody,
  SandboxChannel,
  SandboxMessage,
  SandboxMetadata,
  SandboxUser,
} from './model.ts';
import { Order, tsOf } from './order.ts';
import { messageWire, richWire } from './wire.ts';

export interface Identity {
  readonly teamId: string;
  readonly teamName: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botName: string;
  /** The person who installed the app. */
  readonly installerId: string;
}

type Json = Record<string, unknown>;
export type Emit = (event: Json) => void;

const keyOf = (channel: string, ts: string) => `${channel}:${ts}`;

/** Users, channels and messages of one workspace; every change of a message is told to `emit`, as Slack would tell it. */
export class Workspace {
  readonly identity: Identity;
  readonly files: Files;
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #emit: Emit;
  readonly #metadataInEvents: boolean;
  #lastMicros = 0;
  readonly #order = new Order();
  /** The last change of each message, for reads that answer late. */
  readonly #previous = new Map<
    string,
    { readonly atMs: number; readonly before: SandboxMessage | undefined }
  >();

  constructor(options: {
    identity: Identity;
    journal: Journal;
    now: () => number;
    emit: Emit;
    metadataInEvents: boolean;
  }) {
    this.identity = options.identity;
    this.files = new Files(options.journal, options.identity.teamId);
    this.#journal = options.journal;
    this.#now = options.now;
    this.#emit = options.emit;
    this.#metadataInEvents = options.metadataInEvents;
    for (const message of this.#messages().values()) this.#remember(message);
  }

  now(): number {
    return this.#now();
  }

  users(): readonly SandboxUser[] {
    return [...this.#journal.table<SandboxUser>('users').values()];
  }

  user(id: string): SandboxUser | undefined {
    return this.#journal.table<SandboxUser>('users').get(id);
  }

  addUser(user: SandboxUser): SandboxUser {
    return this.user(user.id) ?? this.putUser(user);
  }

  putUser(user: SandboxUser): SandboxUser {
    return this.#journal.put('users', user.id, user);
  }

  channels(): readonly SandboxChannel[] {
    return [...this.#journal.table<SandboxChannel>('channels').values()];
  }

  channel(id: string): SandboxChannel | undefined {
    return this.#journal.table<SandboxChannel>('channels').get(id);
  }

  putChannel(channel: SandboxChannel): SandboxChannel {
    return this.#journal.put('channels', channel.id, channel);
  }

  addChannel(name: string, isPrivate: boolean, members: readonly string[]): SandboxChannel {
    const id = `C0PLACE${String(this.channels().length).padStart(4, '0')}`;
    return this.putChannel({ id, name, kind: isPrivate ? 'group' : 'channel', members });
  }

  /** The direct message between the bot and this user; opened when it is not there yet. */
  directMessage(user: string): SandboxChannel {
    const open = this.channels().find((channel) => channel.kind === 'im' && channel.user === user);
    const id = `D${user.slice(1)}`;
    if (open?.isClosed) return this.putChannel({ ...open, isClosed: false });
    return (
      open ?? this.putChannel({ id, name: id, kind: 'im', user, members: [user, this.identity.botUserId] })
    );
  }

  /** A direct message among several; its id looks like a channel's: docs.slack.dev/reference/events/message.mpim */
  groupMessage(users: readonly string[]): SandboxChannel {
    const members = [...users, this.identity.botUserId];
    const id = `C0GROUP${String(users.length)}${[...users].sort().join('').replaceAll('U', '').slice(-8)}`;
    return this.channel(id) ?? this.putChannel({ id, name: `mpdm-${id}`, kind: 'mpim', members });
  }

  message(channel: string, ts: string): SandboxMessage | undefined {
    const message = this.#messages().get(keyOf(channel, ts));
    return message?.isDeleted ? undefined : message;
  }

  /** Live messages in order of time, replies among them. */
  messages(channel: string, staleMs = 0): readonly SandboxMessage[] {
    return this.#live(channel, this.#order.ofChannel(channel), staleMs);
  }

  replies(channel: string, ts: string): readonly SandboxMessage[] {
    return this.#live(channel, this.#order.ofThread(channel, ts), 0);
  }

  #live(channel: string, stamps: readonly string[], staleMs: number): SandboxMessage[] {
    return stamps
      .map((ts) => this.#messages().get(keyOf(channel, ts))!)
      .map((message) => (staleMs > 0 ? this.#asOf(message, staleMs) : message))
      .filter((message) => message !== undefined)
      .filter((message) => !message.isDeleted);
  }

  post(request: NewMessage): SandboxMessage {
    const { botUserId, botId, appId } = this.identity;
    const parent =
      request.threadTs === undefined ? undefined : this.message(request.channel, request.threadTs);
    const threadTs = parent?.threadTs ?? parent?.ts;
    const username = request.asBot?.username;
    const author =
      request.asBot === undefined
        ? { user: request.user! }
        : { botId, appId, user: botUserId, ...(username === undefined ? {} : { username }) };
    const message: SandboxMessage = {
      channel: request.channel,
      ts: this.nextTs(),
      text: request.text,
      ...richWire(request),
      ...author,
      ...(threadTs === undefined ? {} : { threadTs }),
      ...(threadTs !== undefined && request.isBroadcast ? { isBroadcast: true } : {}),
      ...(request.asBot?.metadata === undefined ? {} : { metadata: request.asBot.metadata }),
      ...(request.files === undefined ? {} : { files: request.files }),
    };
    for (const file of request.files ?? []) {
      const share = {
        channel: message.channel,
        ts: message.ts,
        ...(threadTs === undefined ? {} : { threadTs }),
      };
      this.files.share(file, share);
    }
    this.#keep(message);
    this.#tell(message.channel, { ...this.#wire(message), event_ts: message.ts });
    for (const file of request.files ?? []) this.#tellShared(file, message);
    return message;
  }

  /**
   * Text alone takes the blocks away, and with blocks no edit is shown.
   * https://docs.slack.dev/reference/methods/chat.update (blocks)
   */
  edit(
    before: SandboxMessage,
    body: SandboxBody,
    editor: string,
    metadata?: SandboxMetadata,
  ): SandboxMessage {
    // Slack stamps edits with whole seconds, earlier than the message's own ts within its first second.
    const editedTs = `${Math.floor(this.#now() / 1000)}.000000`;
    const { blocks, edited: _, ...kept } = before;
    const hasBlocks = body.blocks !== undefined && body.blocks.length > 0;
    const after: SandboxMessage = {
      ...kept,
      ...(body.text === undefined && blocks !== undefined ? { blocks } : {}),
      ...richWire(body),
      text: body.text ?? before.text,
      ...(hasBlocks ? {} : { edited: { user: editor, ts: editedTs } }),
      ...(metadata === undefined ? {} : { metadata }),
    };
    this.#keep(after);
    this.#change(before, after);
    return after;
  }

  /** Its bytes are gone for good; messages that held it say so. https://docs.slack.dev/reference/methods/files.delete */
  removeFile(id: string): void {
    const file = this.files.get(id)!;
    const messages = file.shares.map(({ channel, ts }) => this.message(channel, ts)).filter((each) => !!each);
    const before = messages.map((message) => this.#wire(message));
    this.files.remove(id);
    for (const [at, message] of messages.entries()) this.#change(message, message, before[at]);
    this.#emit({ type: 'file_deleted', file_id: id, event_ts: this.nextTs() });
  }

  /** https://docs.slack.dev/reference/events/file_shared */
  #tellShared(file: string, { channel, user }: SandboxMessage): void {
    if (!this.channel(channel)?.members.includes(this.identity.botUserId)) return;
    this.#emit({
      type: 'file_shared',
      channel_id: channel,
      file_id: file,
      user_id: user,
      file: { id: file },
      event_ts: this.nextTs(),
    });
  }

  remove(before: SandboxMessage): void {
    if (before.threadTs === undefined && this.replies(before.channel, before.ts).length > 0) {
      const after: SandboxMessage = { ...before, isTombstone: true };
      this.#keep(after);
      this.#change(before, after);
      return;
    }
    const previous = this.#wire(before);
    this.#keep({ ...before, isDeleted: true });
    const ts = this.nextTs();
    this.#tell(before.channel, {
      type: 'message',
      subtype: 'message_deleted',
      hidden: true,
      deleted_ts: before.ts,
      previous_message: previous,
      ts,
      event_ts: ts,
    });
  }

  /** A line Slack itself writes into a channel, such as channel_join. */
  announce(channel: string, subtype: string, user: string): void {
    const ts = this.nextTs();
    this.#tell(channel, { type: 'message', subtype, user, text: `<@${user}> ${subtype}`, ts, event_ts: ts });
  }

  nextTs(): string {
    this.#lastMicros = Math.max(this.#now() * 1000, this.#lastMicros + 1);
    return tsOf(this.#lastMicros);
  }

  #change(before: SandboxMessage, after: SandboxMessage, previous = this.#wire(before)): void {
    const ts = this.nextTs();
    this.#tell(before.channel, {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      message: this.#wire(after),
      previous_message: previous,
      ts,
      event_ts: ts,
    });
  }

  #wire(message: SandboxMessage): Json {
    return messageWire(this, message, this.#metadataInEvents ? 'all' : 'type');
  }

  /** Only what happens where the bot is a member is told. */
  #tell(channelId: string, event: Json): void {
    const channel = this.channel(channelId);
    if (channel === undefined || !channel.members.includes(this.identity.botUserId)) return;
    this.#emit({ ...event, channel: channelId, channel_type: channel.kind });
  }

  #asOf(message: SandboxMessage, staleMs: number): SandboxMessage | undefined {
    const previous = this.#previous.get(keyOf(message.channel, message.ts));
    return previous === undefined || previous.atMs <= this.#now() - staleMs ? message : previous.before;
  }

  #messages(): Map<string, SandboxMessage> {
    return this.#journal.table<SandboxMessage>('messages');
  }

  #keep(message: SandboxMessage): void {
    this.#remember(message);
    const key = keyOf(message.channel, message.ts);
    this.#previous.set(key, { atMs: this.#now(), before: this.#messages().get(key) });
    this.#journal.put('messages', key, message);
  }

  #remember(message: SandboxMessage): void {
    this.#lastMicros = Math.max(this.#lastMicros, Number(message.ts.replace('.', '')));
    this.#order.add(message);
  }
}
