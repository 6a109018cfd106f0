import { createHash } from 'node:crypto';
import { ConflictError, NotFoundError, RateLimitedError } from '../errors.ts';
import type { Engine } from '../ports/engine.ts';
import { conclude } from './conclude.ts';
import {
  type Desk,
  follow,
  loadChild,
  loadRoot,
  openSession,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { applyEdit } from './hub-edit.ts';
import { editKey } from './keys.ts';
import type { Session } from './session.ts';
import type { Child, RememberedEdit, Root } from './state.ts';
import { MAX_CONFLICTS, TIMING } from './timing.ts';

type Request = Parameters<Engine['edit']>[0];
type Answer = Awaited<ReturnType<Engine['edit']>>;

/** A change made through the hub itself: the same merge, commit and fan-out as any other. */
export async function edit(desk: Desk, request: Request): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await editOnce(desk, request);
    if (answer !== 'conflict') return answer;
    if (attempt >= MAX_CONFLICTS) {
      throw new RateLimitedError('the ticket kept changing while it was edited', { retryAfterMs: 1_000 });
    }
  }
}

async function editOnce(desk: Desk, request: Request): Promise<Answer | 'conflict'> {
  const { organization } = request;
  const session = openSession(desk);
  const key = editKey(organization, request.idempotencyKey);
  const [known, root, places] = await Promise.all([
    session.get<RememberedEdit>(key),
    loadRoot(session, organization, request.root),
    placesFor(desk, organization),
  ]);
  const digest = digestOf(request);
  if (known !== undefined) return remembered(known, digest);
  if (root === undefined || root.deleted !== undefined) throw new NotFoundError('no such record');
  const child = await childOf(session, root, request);
  const { correlation } = request;
  const around = surroundings(desk, places, correlation === undefined ? {} : { correlation });
  const { tree, comment } = applyEdit(root, child, request, around);
  const conclusion = conclude(tree, organization, around);
  const answer: Answer = {
    root: tree.root.id,
    revision: tree.root.revision,
    ...(comment === undefined ? {} : { comment }),
  };
  const aftermath = await stage(session, conclusion, organization);
  const expiresAt = Math.ceil(around.nowMs / 1000) + TIMING.idempotencySeconds;
  session.put(key, { digest, ...answer } satisfies RememberedEdit, { expiresAt });
  try {
    await session.commit();
  } catch (error) {
    if (error instanceof ConflictError) return 'conflict';
    throw error;
  }
  await follow(desk, session, aftermath);
  return answer;
}

/** @throws NotFoundError for a comment that is not there, not yet read, or deleted; and for one of a contact */
async function childOf(
  session: Session,
  root: Root,
  { organization, edit: what }: Request,
): Promise<Child | undefined> {
  if (what.edit === 'comment' && root.kind !== 'ticket') throw new NotFoundError('no such ticket');
  if (what.edit === 'comment' || what.record === undefined || what.record === root.id) return undefined;
  const child = await loadChild(session, organization, root, what.record);
  if (child === undefined || child.deleted !== undefined || child.unread !== undefined) {
    throw new NotFoundError('no such comment');
  }
  return child;
}

function remembered({ digest: known, ...answer }: RememberedEdit, digest: string): Answer {
  if (known !== digest) throw new ConflictError('this idempotency key was used for another edit');
  return answer;
}

const digestOf = ({ root, edit: what }: Request): string => {
  const sorted = what.edit === 'fields' ? Object.entries(what.fields).sort() : what;
  const of = what.edit === 'fields' && what.record !== undefined ? [what.record] : [];
  return createHash('sha256')
    .update(JSON.stringify([root, what.edit, sorted, ...of]))
    .digest('base64url');
};
