import { createHash } from 'node:crypto';
import { createReservations } from '../../../functions/platform/api/reservations.ts';
import type { RecordId } from '../../../shared/domain/index.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../../../shared/errors.ts';
import type { NewFile, Stored, UploadAddress, UploadDoor } from '../../../shared/ports/index.ts';
import { contentReading } from '../../../shared/sync/read/index.ts';
import type { Child } from '../../../shared/sync/state.ts';
import { createUploads, forsaken } from '../../../shared/uploads/index.ts';
import { engineFor } from '../engine.ts';
import type { Functions } from '../functions.ts';
import { MAX_TRIES, RETRY_AFTER_MS, type Ticket, ticketsOf } from '../hub-client.ts';
import { gatedPorts, type Invocation } from '../invocation.ts';
import type { Operation } from '../plan.ts';
import { platformFor } from '../platform.ts';
import { type HubFile, MARKED, markIn } from '../truth.ts';
import type { World } from '../world.ts';

const PIECE_BYTES = 40;
const AGENT = { actor: 'agent:one', displayName: 'Agent', scopes: new Set<string>() };

interface Sending {
  readonly ticket: Ticket;
  readonly value: number;
  readonly bytes: Uint8Array;
  readonly file: NewFile & Stored;
  readonly noted: HubFile;
}

/** The agent platform sends a file of a ticket's, or of something that was said in it. */
export function hubAttach(world: World, functions: Functions, operation: Operation): boolean {
  const tickets = ticketsOf(world);
  const ticket = tickets[operation.target % Math.max(1, tickets.length)];
  if (ticket === undefined) return false;
  const { value, field } = operation;
  const comment = field % 2 === 0 ? undefined : commentOf(world, ticket, operation);
  const visibility = ([undefined, 'public', 'internal'] as const)[value % 3];
  if (isForTheTeam(world, comment, visibility)) world.chronicle.inside.add(value);
  const bytes = `${value}:`.repeat(value % 8 === 0 ? maxBytesOf(world) : PIECE_BYTES);
  const noted: HubFile = {
    organization: ticket.organization,
    record: comment?.id ?? ticket.id,
    bytes,
    askedAtMs: world.scheduler.clock.now(),
  };
  world.chronicle.hubFiles.set(value, noted);
  const stored = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  const file = {
    name: `scan ${value}.png`,
    type: `image/#${value}#`,
    ...stored,
    ...(comment === undefined ? {} : { comment: comment.id }),
    ...(visibility === undefined ? {} : { visibility }),
  };
  announce(world, functions, { ticket, value, bytes: Buffer.from(bytes), file, noted });
  return true;
}

const maxBytesOf = ({ sites }: World): number =>
  Math.max(...sites.map(({ vendor }) => vendor.profile.files ?? 0));

function commentOf({ store }: World, ticket: Ticket, { value }: Operation): Child | undefined {
  const said = store.items().flatMap(({ sk, data }) => {
    const child = data as Child;
    if (!sk.startsWith('child#') || child.root !== ticket.id) return [];
    return child.deleted === undefined && child.unread === undefined ? [child] : [];
  });
  return said[value % Math.max(1, said.length)];
}

/** By what was said, not by what the hub says of it. */
function isForTheTeam({ chronicle }: World, comment: Child | undefined, asked?: string): boolean {
  if (comment === undefined) return asked !== 'public';
  const mark = markIn(comment.fields[MARKED.comment]);
  return mark !== undefined && chronicle.inside.has(mark);
}

function announce(world: World, functions: Functions, sending: Sending): void {
  const { ticket, value, file, noted } = sending;
  const { organization, id: root } = ticket;
  let answer: { readonly id: RecordId; readonly address: UploadAddress } | undefined;
  const ask = async (invocation: Invocation) => {
    const { engine, uploads, reservations } = apiFor(world, invocation);
    await engine.admit({ organization, root, file });
    const caller = { ...AGENT, organization };
    const id = (await reservations.idFor(caller, `file-${value}`, [root, file])) as RecordId;
    const { address } = await uploads.announce(organization, id, { ticket: root, file });
    answer = { id, address };
  };
  untilAnswered(world, functions, ask, (isRefused) => {
    if (isRefused) {
      noted.end = 'refused';
      world.injector.count('upload-not-admitted');
    } else if (answer !== undefined) put(world, functions, sending, answer);
  });
}

/** Past the hub. Of seven one is never finished, and of five one is said to be there before it is. */
function put(
  world: World,
  functions: Functions,
  sending: Sending,
  { id, address }: { readonly id: RecordId; readonly address: UploadAddress },
): void {
  const { door, scheduler, injector } = world;
  const { value, bytes } = sending;
  const isForsaken = value % 7 === 0;
  if (isForsaken) injector.count('upload-forsaken');
  if (value % 5 === 0 && !isForsaken) complete(world, functions, sending, id, true);
  scheduler.after(200 + ((value * 991) % 9_000), () => {
    void door.put(address.url, address.headers, bytes).then(() => {
      if (!isForsaken) complete(world, functions, sending, id);
    });
  });
}

function complete(
  world: World,
  functions: Functions,
  { ticket, noted, value }: Sending,
  id: RecordId,
  isTooEarly = false,
): void {
  const { organization } = ticket;
  const ask = async (invocation: Invocation) => {
    const { engine, uploads } = apiFor(world, invocation);
    const { ticket: root, edit } = await uploads.arrived(organization, id);
    const idempotencyKey = `made-${value}`;
    await engine.edit({ organization, root, actor: AGENT.actor, idempotencyKey, edit });
  };
  untilAnswered(world, functions, ask, (isRefused) => {
    if (!isTooEarly) noted.end = isRefused ? 'refused' : 'made';
    world.injector.count(isTooEarly ? 'upload-too-early' : isRefused ? 'upload-refused' : 'upload-made');
  });
}

/** Asks, again under the same keys, until there is an answer. */
function untilAnswered(
  world: World,
  functions: Functions,
  ask: (invocation: Invocation) => Promise<void>,
  onAnswer: (isRefused: boolean) => void,
  tries = 0,
): void {
  let isRefused = false;
  functions.invoke(
    (invocation) =>
      ask(invocation).catch((error: unknown) => {
        if (!REFUSALS.some((refusal) => error instanceof refusal)) throw error;
        isRefused = true;
      }),
    'api',
    (isDone) => {
      if (isDone) onAnswer(isRefused);
      else if (tries < MAX_TRIES)
        world.scheduler.after(RETRY_AFTER_MS, () =>
          untilAnswered(world, functions, ask, onAnswer, tries + 1),
        );
    },
  );
}

const REFUSALS = [NotFoundError, InvalidInputError, ConflictError];

function apiFor(world: World, invocation: Invocation) {
  const { random } = world;
  const ports = { ...gatedPorts(world.ports, invocation, random), clock: invocation.clock };
  const { store, clock } = ports;
  return {
    engine: engineFor(world, ports),
    uploads: createUploads({ store, clock, door: gatedDoor(world, invocation) }),
    reservations: createReservations({ store, clock, random }),
  };
}

function gatedDoor({ door, random }: World, invocation: Invocation): UploadDoor {
  const through = <Value>(perform: () => Promise<Value>) =>
    invocation.gate(perform, { inMs: 1 + random.integer(9), outMs: 0 });
  return {
    prefix: door.prefix,
    address: (key, file) => through(() => door.address(key, file)),
    look: (key) => through(() => door.look(key)),
    delete: (key) => through(() => door.delete(key)),
  };
}

export const hasUploads = ({ plan }: World): boolean =>
  plan.operations.some(({ operation }) => operation === 'hub-attach');

/** Part of every sweep: bytes that nobody has made a file of go. */
export function uploadSweep(world: World, functions: Functions): void {
  if (!hasUploads(world)) return;
  functions.invoke(async (invocation) => {
    const platform = platformFor(world, invocation);
    const reading = contentReading({ store: platform.stores.records });
    const swept = await forsaken(platform, gatedDoor(world, invocation), reading).run();
    if (swept > 0) world.injector.count('upload-swept', swept);
  }, 'uploads');
}

export const isUpload = ({ sk }: { readonly sk: string }): boolean => sk === 'upload';
