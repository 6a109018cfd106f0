import { createHash } from 'node:crypto';
import type { RecordId } from '../domain/ids.ts';
import { CANONICAL_FIELDS, type FieldValue, TICKET_PRIORITIES, TICKET_STATUSES } from '../domain/record.ts';
import { ConflictError, InvalidInputError, NotFoundError, RateLimitedError } from '../errors.ts';
import type { Engine, HubEdit } from '../ports/engine.ts';
import { conclude } from './conclude.ts';
import { positionOf } from './creation.ts';
import { type Desk, follow, loadRoot, openSession, placesFor, stage, surroundings } from './desk.ts';
import { childId, editKey } from './keys.ts';
import { type Surroundings, setValue, type Tree, treeOf } from './scene.ts';
import type { Child, RememberedEdit, Root } from './state.ts';
import { MAX_CONFLICTS, TIMING } from './timing.ts';

type Request = Parameters<Engine['edit']>[0];
type Answer = Awaited<ReturnType<Engine['edit']>>;

/** A change made through the hub itself: the same merge, commit and fan-out as any other. */
export async function edit(desk: Desk, request: Request): Promise<Answer> {
  validate(request.edit);
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
  if (root === undefined || root.kind !== 'ticket' || root.deleted !== undefined) {
    throw new NotFoundError('no such ticket');
  }
  const { correlation } = request;
  const around = surroundings(desk, places, correlation === undefined ? {} : { correlation });
  const { tree, comment } = applyEdit(root, request, around);
  const conclusion = conclude(tree, organization, around);
  const answer: Answer = {
    root: tree.root.id,
    revision: tree.root.revision,
    ...(comment === undefined ? {} : { comment }),
  };
  const aftermath = stage(session, conclusion, organization);
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

function remembered({ digest: known, ...answer }: RememberedEdit, digest: string): Answer {
  if (known !== digest) throw new ConflictError('this idempotency key was used for another edit');
  return answer;
}

const digestOf = ({ root, edit: what }: Request): string => {
  const sorted = what.edit === 'fields' ? Object.entries(what.fields).sort() : what;
  return createHash('sha256')
    .update(JSON.stringify([root, what.edit, sorted]))
    .digest('base64url');
};

function applyEdit(
  root: Root,
  request: Request,
  around: Surroundings,
): { readonly tree: Tree; readonly comment?: RecordId } {
  const tree = treeOf(root);
  const { actor, edit: what } = request;
  const provenance = { source: 'hub', actor, fromMs: around.nowMs, toMs: around.nowMs } as const;
  if (what.edit === 'fields') {
    for (const [field, value] of Object.entries(what.fields)) {
      setValue(tree, tree.root, field, value, { ...provenance });
    }
    return { tree };
  }
  tree.root.childCount += 1;
  const child: Child = {
    id: childId(root.id, around.newId()),
    kind: 'comment',
    root: root.id,
    fields: { body: what.body },
    provenance: { body: { ...provenance }, visibility: { ...provenance } },
    revision: 0,
    createdAtMs: around.nowMs,
    updatedAtMs: around.nowMs,
    visibility: what.visibility,
    author: { role: 'agent', name: what.authorName },
    position: positionOf(around.nowMs, undefined, tree.root.childCount),
    links: {},
  };
  tree.children.set(child.id, child);
  const created = { record: child.id, kind: 'comment', what: 'created', fields: {} } as const;
  tree.changes.push({ ...created, source: 'hub', actor });
  return { tree, comment: child.id };
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  status: TICKET_STATUSES,
  priority: TICKET_PRIORITIES,
};

function validate(what: HubEdit): void {
  if (what.edit === 'comment') {
    if (what.body.trim() === '') throw new InvalidInputError('a comment needs a body', { pointer: '/body' });
    return;
  }
  for (const [field, value] of Object.entries(what.fields)) validateField(field, value);
}

function validateField(field: string, value: FieldValue): void {
  const pointer = `/fields/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const isKnown = (CANONICAL_FIELDS.ticket as readonly string[]).includes(field) && field !== 'requester';
  if (!isKnown) throw new InvalidInputError('not a field of a ticket that can be edited', { pointer });
  if (typeof value !== 'string') throw new InvalidInputError('expected a string', { pointer });
  const allowed = ALLOWED[field];
  if (allowed !== undefined && !allowed.includes(value)) {
    throw new InvalidInputError(`expected one of ${allowed.join(', ')}`, { pointer });
  }
}
