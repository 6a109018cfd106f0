import { createHash } from 'node:crypto';
import type { OrganizationId, RecordId } from '../domain/ids.ts';
import type { RecordKind } from '../domain/record.ts';
import { ConflictError, NotFoundError, RateLimitedError } from '../errors.ts';
import type { Engine, HubEdit, NewFile } from '../ports/engine.ts';
import { conclude } from './conclude.ts';
import {
  type Desk,
  follow,
  loadChild,
  loadRoot,
  openSession,
  placementOf,
  placesFor,
  stage,
  surroundings,
} from './desk.ts';
import { applyEdit, type Edited } from './hub-edit.ts';
import { admitFile } from './hub-file.ts';
import { attachedKey, editKey, rootKey } from './keys.ts';
import { applyRestore, isReference } from './restore.ts';
import type { Surroundings } from './scene.ts';
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
  const { correlation, edit: what } = request;
  const around = surroundings(desk, places, correlation === undefined ? {} : { correlation });
  if (what.edit === 'attachment') {
    const made = await session.get<Root>(rootKey(organization, what.id));
    if (made !== undefined) return { root: made.id, revision: made.revision };
    hang(session, root, what.id, organization);
  }
  const { tree, comment } = await changed(session, { root, child }, request, around);
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

interface Aimed {
  readonly root: Root;
  readonly child: Child | undefined;
}

async function changed(
  session: Session,
  { root, child }: Aimed,
  { organization, actor, edit: what }: Request,
  around: Surroundings,
): Promise<Edited> {
  if (what.edit !== 'restore') return applyEdit(root, child, { actor, edit: what }, around);
  const named = await namedBy(session, organization, (child ?? root).kind, what);
  return { tree: applyRestore(root, child, { what, actor, named }, around) };
}

/** The record that a reference names, or goes on as. */
async function namedBy(
  session: Session,
  organization: OrganizationId,
  kind: RecordKind,
  { field, value }: Extract<HubEdit, { edit: 'restore' }>,
): Promise<Root | undefined> {
  if (!isReference(kind, field) || typeof value !== 'string') return undefined;
  return loadRoot(session, organization, value as RecordId);
}

/** What hangs on a ticket is listed beside it, in a commit that sees it as it is: a fold meanwhile would leave it behind. */
function hang(session: Session, root: Root, file: RecordId, organization: OrganizationId): void {
  session.put(attachedKey(organization, root.id, file), { id: file });
  session.put(rootKey(organization, root.id), root, placementOf(root, organization));
}

/** Before any byte is sent. @throws as `Engine.admit` */
export async function admit(desk: Desk, request: Parameters<Engine['admit']>[0]) {
  const { organization, file } = request;
  const session = openSession(desk);
  const [root, places] = await Promise.all([
    loadRoot(session, organization, request.root),
    placesFor(desk, organization),
  ]);
  if (root === undefined || root.deleted !== undefined) throw new NotFoundError('no such record');
  const child = await childOf(session, root, { organization, edit: { edit: 'attachment', ...file } });
  return { visibility: admitFile({ root, child }, file, places) };
}

/** Which comment of the root the edit is about, or is to hang on. */
function commentIn(what: Aim, root: RecordId): RecordId | undefined {
  if (what.edit === 'comment') return undefined;
  if (what.edit === 'attachment') return what.comment;
  return what.record === root ? undefined : what.record;
}
type Aim = Exclude<HubEdit, { edit: 'attachment' }> | ({ readonly edit: 'attachment' } & NewFile);

/** @throws NotFoundError for a comment that is not there, not yet read, or deleted; and for one of a contact */
async function childOf(
  session: Session,
  root: Root,
  { organization, edit: what }: Pick<Request, 'organization'> & { readonly edit: Aim },
): Promise<Child | undefined> {
  const isOfTicket = what.edit === 'comment' || what.edit === 'attachment';
  if (isOfTicket && root.kind !== 'ticket') throw new NotFoundError('no such ticket');
  const id = commentIn(what, root.id);
  if (id === undefined) return undefined;
  const child = await loadChild(session, organization, root, id);
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
