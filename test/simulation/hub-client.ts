import type { OrganizationId, RecordId } from '../../shared/domain/index.ts';
import { TICKET_PRIORITIES, TICKET_STATUSES } from '../../shared/domain/index.ts';
import { InvalidInputError, NotFoundError } from '../../shared/errors.ts';
import type { HubEdit } from '../../shared/ports/index.ts';
import type { Root } from '../../shared/sync/state.ts';
import { engineFor } from './engine.ts';
import type { Functions } from './functions.ts';
import { gatedPorts } from './invocation.ts';
import type { Operation } from './plan.ts';
import type { Setting } from './truth.ts';
import type { World } from './world.ts';

export const RETRY_AFTER_MS = 1_000;
export const MAX_TRIES = 8;

/** The agent platform: edits through the hub's API. */
export function hubAct(world: World, functions: Functions, operation: Operation): boolean {
  const found = ticketsOf(world);
  const root = found[operation.target % Math.max(1, found.length)];
  if (root === undefined) return false;
  const { value } = operation;
  if (operation.operation === 'hub-note') world.chronicle.inside.add(value);
  const edit = editOf(root, operation);
  const sets = edit.edit === 'fields' ? { sets: { kind: 'ticket', fields: edit.fields } as const } : {};
  ask(world, functions, { root, value, edit, ...sets });
  return true;
}

/** Again under the same key until it gets an answer. */
export function ask(world: World, functions: Functions, wanted: Wanted): void {
  const { root, sets } = wanted;
  const { organization, mark } = root;
  if (sets !== undefined) world.chronicle.hubAsked.push({ organization, mark, ...sets });
  request(world, functions, { ...wanted, askedAtMs: world.scheduler.clock.now(), tries: 0 });
}

export interface Ticket {
  readonly organization: OrganizationId;
  readonly id: RecordId;
  readonly mark: number;
}

export function ticketsOf({ store }: World): readonly Ticket[] {
  return store.items().flatMap(({ pk, sk, data }) => {
    const root = data as Root;
    if (sk !== 'root' || root.kind !== 'ticket' || root.deleted !== undefined) return [];
    const mark = /#(\d+)#/.exec(String(root.fields.description ?? ''))?.[1];
    if (mark === undefined || root.foldedInto !== undefined) return [];
    return [{ organization: pk.split('#')[0] as OrganizationId, id: root.id, mark: Number(mark) }];
  });
}

function editOf({ mark }: Ticket, { operation, field, value }: Operation): HubEdit {
  if (operation === 'hub-edit') {
    const fields = [
      { subject: `#${mark}# s${value}` },
      { status: TICKET_STATUSES[value % TICKET_STATUSES.length]! },
      { priority: TICKET_PRIORITIES[value % TICKET_PRIORITIES.length]! },
    ];
    return { edit: 'fields', fields: fields[field % fields.length]! };
  }
  const visibility = operation === 'hub-note' ? 'internal' : 'public';
  return { edit: 'comment', visibility, body: `#${value}# answered`, authorName: 'Agent' };
}

interface Wanted {
  readonly root: Ticket;
  readonly value: number;
  readonly edit: HubEdit;
  readonly sets?: Setting;
}
interface Asked extends Wanted {
  readonly askedAtMs: number;
  readonly tries: number;
}

function request(world: World, functions: Functions, asked: Asked): void {
  const { root, edit, value, tries } = asked;
  let isRefused = false;
  let made: RecordId | undefined;
  functions.invoke(
    async (invocation) => {
      const ports = { ...gatedPorts(world.ports, invocation, world.random), clock: invocation.clock };
      try {
        const answer = await engineFor(world, ports).edit({
          organization: root.organization,
          root: root.id,
          actor: 'agent:one',
          idempotencyKey: `key-${value}`,
          edit,
        });
        made = answer.comment;
      } catch (error) {
        if (!(error instanceof NotFoundError || error instanceof InvalidInputError)) throw error;
        isRefused = true;
      }
    },
    'api',
    (isDone) => {
      if (isDone && isRefused) world.injector.count('api-refused');
      else if (isDone) noteAcknowledged(world, asked, made);
      else if (tries < MAX_TRIES) {
        world.scheduler.after(RETRY_AFTER_MS, () =>
          request(world, functions, { ...asked, tries: tries + 1 }),
        );
      }
    },
  );
}

function noteAcknowledged(
  { chronicle, scheduler }: World,
  { root, edit, value, sets, askedAtMs }: Asked,
  made: RecordId | undefined,
): void {
  const { organization, mark } = root;
  const deed = { organization, mark, root: root.id, askedAtMs, ackedAtMs: scheduler.clock.now() };
  if (sets !== undefined) chronicle.hubEdits.push({ ...deed, ...sets });
  else if (edit.edit === 'comment')
    chronicle.hubComments.push({ ...deed, comment: value, record: made!, visibility: edit.visibility });
}
