import { type Contents, noise } from '../contents.ts';
import { typeOf } from './files/files.ts';
import type { OAuth } from './oauth.ts';
import { keptFromPerson } from './text.ts';
import type { Workspace } from './workspace.ts';

export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** What people in the workspace do, by the Slack client or as its administrators. */
export interface Human {
  post(request: { channel?: string; user?: string; text: string; threadTs?: string }): Promise<Place>;
  dm(request: { user?: string; text: string; threadTs?: string }): Promise<Place>;
  /** Says something in a direct message among these people and the bot. */
  groupDm(request: { users: readonly string[]; text: string; threadTs?: string }): Promise<Place>;
  /** Shares files, with or without words. */
  upload(request: {
    channel?: string;
    user?: string;
    text?: string;
    threadTs?: string;
    files: readonly GivenFile[];
  }): Promise<Place & { readonly files: readonly string[] }>;
  removeFile(id: string): Promise<void>;
  edit(request: Place & { text: string }): Promise<void>;
  remove(place: Place): Promise<void>;
  join(channel: string): Promise<void>;
  /** The bot is taken out of a channel: its messages can no longer be read, nor told. */
  kick(channel: string): Promise<void>;
  invite(channel: string): Promise<void>;
  addUser(user: { name: string; email?: string; phone?: string }): Promise<{ userId: string }>;
  /** The app can no longer see this person. */
  hideUser(userId: string): Promise<void>;
  addChannel(channel: { name: string; isPrivate?: boolean }): Promise<{ id: string }>;
  revokeToken(token?: string): Promise<void>;
  uninstall(): Promise<void>;
  /** The app is installed once more, under the bot token it had. */
  reinstall(token: string): Promise<void>;
  /** The token is left with these scopes. */
  restrict(token: string, scopes: readonly string[]): Promise<void>;
}

export interface GivenFile {
  readonly name: string;
  readonly type?: string;
  /** What it says, or of how many bytes of no meaning it is. */
  readonly content: string | number;
  /** It lives elsewhere, or comes from another workspace. */
  readonly from?: 'drive' | 'elsewhere';
}

export class UnknownPlace extends Error {}

interface Saying {
  readonly user?: string;
  readonly text: string;
  readonly threadTs?: string;
  readonly files?: readonly string[];
}

export interface HumanOptions {
  readonly workspace: Workspace;
  readonly oauth: OAuth;
  readonly contents: Contents;
  readonly emit: (event: Record<string, unknown>) => void;
  readonly defaults: { readonly channel: string; readonly user: string };
}

export function humanSide({ workspace, oauth, contents, emit, defaults }: HumanOptions): Human {
  const found = ({ channel, ts }: Place) => {
    const message = workspace.message(channel, ts);
    if (message === undefined) throw new UnknownPlace(`no message ${channel} ${ts}`);
    return message;
  };
  const say = (channel: string, request: Saying): Place => {
    if (workspace.channel(channel) === undefined) throw new UnknownPlace(`no channel ${channel}`);
    const message = workspace.post({
      channel,
      user: request.user ?? defaults.user,
      text: keptFromPerson(request.text),
      ...(request.threadTs === undefined ? {} : { threadTs: request.threadTs }),
      ...(request.files === undefined ? {} : { files: request.files }),
    });
    return { channel, ts: message.ts };
  };
  const kept = async (user: string, { name, type, content, from }: GivenFile): Promise<string> => {
    const isMade = typeof content === 'number';
    const bytes = isMade ? noise(0) : [Buffer.from(content)];
    const taken = await contents.take(
      (async function* () {
        yield* bytes;
      })(),
    );
    const size = isMade ? content : taken.size;
    const file = workspace.files.reserve({ name, size, user, createdMs: workspace.now() });
    const { id } = workspace.files.fill(file, {
      ...taken,
      size,
      ...(isMade ? { content: { made: size } } : {}),
    });
    workspace.files.put({
      ...workspace.files.get(id)!,
      mimetype: type ?? typeOf(name),
      ...(from === 'drive' ? { mode: 'external' } : {}),
      ...(from === 'elsewhere' ? { isForeign: true } : {}),
    });
    return id;
  };
  const membership = (id: string, change: (members: readonly string[]) => readonly string[]) => {
    const channel = workspace.channel(id);
    if (channel === undefined) throw new UnknownPlace(`no channel ${id}`);
    workspace.putChannel({ ...channel, members: change(channel.members) });
  };
  const bot = workspace.identity.botUserId;
  return {
    post: async (request) => say(request.channel ?? defaults.channel, request),
    dm: async (request) => say(workspace.directMessage(request.user ?? defaults.user).id, request),
    groupDm: async ({ users, ...request }) =>
      say(workspace.groupMessage(users).id, { user: users[0]!, ...request }),
    upload: async ({ files, text = '', ...request }) => {
      const user = request.user ?? defaults.user;
      const ids: string[] = [];
      for (const file of files) ids.push(await kept(user, file));
      return { ...say(request.channel ?? defaults.channel, { ...request, text, files: ids }), files: ids };
    },
    removeFile: async (id) => {
      if (workspace.files.get(id) === undefined) throw new UnknownPlace(`no file ${id}`);
      workspace.removeFile(id);
    },
    edit: async ({ text, ...place }) => {
      const message = found(place);
      workspace.edit(message, { text: keptFromPerson(text) }, message.user ?? defaults.user);
    },
    remove: async (place) => workspace.remove(found(place)),
    join: async (channel) => workspace.announce(channel, 'channel_join', defaults.user),
    kick: async (channel) => membership(channel, (members) => members.filter((member) => member !== bot)),
    invite: async (channel) => membership(channel, (members) => [...new Set([...members, bot])]),
    addUser: async ({ name, ...reach }) => {
      const id = `U0PERSON${String(workspace.users().length).padStart(3, '0')}`;
      const handle = name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '.');
      workspace.addUser({ id, name: handle, realName: name, isBot: false, ...reach });
      return { userId: id };
    },
    hideUser: async (userId) => {
      const user = workspace.user(userId);
      if (user === undefined) throw new UnknownPlace(`no user ${userId}`);
      workspace.putUser({ ...user, isHidden: true });
    },
    addChannel: async ({ name, isPrivate = false }) => {
      const { id } = workspace.addChannel(name, isPrivate, [defaults.user, bot]);
      return { id };
    },
    revokeToken: async (token) => oauth.revoke(token),
    reinstall: async (token) => oauth.restore(token),
    restrict: async (token, scopes) => oauth.issue(token, scopes),
    // The order of the two is not promised; https://docs.slack.dev/reference/events/app_uninstalled
    uninstall: async () => {
      oauth.revoke();
      emit({ type: 'tokens_revoked', tokens: { oauth: [], bot: [bot] } });
      emit({ type: 'app_uninstalled' });
    },
  };
}
