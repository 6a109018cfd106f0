import type { SandboxUser } from '../model.ts';
import { userWire } from '../wire.ts';
import { type Json, type Method, type MethodContext, page, SlackMethodError, text } from './context.ts';

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

/** The e-mail address is shown only with users:read.email. */
function shown({ workspace, token }: MethodContext, user: SandboxUser): Json {
  const { email, ...rest } = user;
  const isAllowed = token!.scopes.includes('users:read.email') && email !== undefined;
  return userWire(workspace.identity.teamId, isAllowed ? { ...rest, email } : rest);
}

export const userMethods: Readonly<Record<string, Method>> = {
  'users.list': { scopes: ['users:read'], needsToken: true, run: list },
  'users.info': { scopes: ['users:read'], needsToken: true, run: info },
  'users.lookupByEmail': { scopes: ['users:read.email'], needsToken: true, run: lookupByEmail },
};
