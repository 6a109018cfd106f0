import { createHash } from 'node:crypto';
import {
  ConflictError,
  HubError,
  InvariantError,
  ProviderRejectedError,
  ProviderUnavailableError,
  TooLargeError,
} from '../errors.ts';
import type { ContentStore, Stored } from '../ports/content.ts';
import { fileOf, maxBytesAt } from './attachment.ts';
import { takeCarried } from './carried.ts';
import { contentKey } from './keys.ts';
import { refOf } from './look.ts';
import { needOf } from './need.ts';
import { park } from './parking.ts';
import type { Step } from './reconcile.ts';
import { around, type Carried, laneOf, organizationOf, type Shift, save, sceneOf } from './shift.ts';
import type { AnyRecord } from './state.ts';
import { TIMING } from './timing.ts';

export type TransferStep = Extract<Step, { do: 'fetch' | 'upload' | 'discard' | 'abandon' }>;

/**
 * Carries a file's bytes one way, with the lane held for as long as this function lives. What breaks off, or is done
 * and not heard of, leaves nothing that anybody sees: it is simply done again.
 */
export async function carry(shift: Shift, next: TransferStep): Promise<void> {
  const contents = contentsOf(shift);
  if (next.do === 'discard') return discard(shift, contents, next.record);
  if (next.do === 'abandon') return abandon(shift, contents, next.record);
  const key = begin(shift, next.record, next.do);
  await save(shift);
  shift.carried = await (next.do === 'fetch'
    ? fetch(shift, contents, next.record, key)
    : upload(shift, contents, next));
  await takeCarried(shift, contents);
}

/** After a conflict, with what it brought in hand. */
export async function carryOnWith(shift: Shift): Promise<void> {
  await takeCarried(shift, contentsOf(shift));
  if (shift.isOver && shift.isDirty) await save(shift);
}

/** A whole transfer's time is not left to every message: what would be stopped half way is begun by the next. */
export const mayBegin = (shift: Shift): boolean =>
  around(shift).nowMs < shift.deadlineMs - 2 * TIMING.transferReserveMs;

function contentsOf({ contents }: Shift): ContentStore {
  if (contents === undefined) throw new InvariantError('a file was to be worked on where none are kept');
  return contents;
}

/** Notes that this worker has it, and where what it brings will lie: nothing is kept that no record knows of. */
function begin(shift: Shift, record: AnyRecord, what: 'fetch' | 'upload') {
  const { transfer: id } = shift;
  const leaseUntilMs = shift.deadlineMs + TIMING.landingMs;
  const key = contentKey(organizationOf(shift), record.id, id);
  laneOf(shift).transfer = what === 'fetch' ? { id, leaseUntilMs, key } : { id, leaseUntilMs };
  shift.isDirty = true;
  return key;
}

/**
 * What is half done, and nobody will ask for, goes. Who was killed at it is counted: a file that kills its function does
 * so no oftener than any other failure.
 */
async function abandon(shift: Shift, contents: ContentStore, record: AnyRecord): Promise<void> {
  const lane = laneOf(shift);
  if (lane.transfer?.key !== undefined) await contents.delete(lane.transfer.key);
  delete lane.transfer;
  lane.attempts += 1;
  shift.isDirty = true;
  const scene = sceneOf(shift, record);
  const need = needOf(scene);
  if (lane.attempts <= TIMING.maxAttempts || (need !== 'fetch' && need !== 'create')) return;
  const reason = 'each of its transfers has broken off with the function that made it';
  park(scene, { cause: 'rejected', reason, fault: 'hub', code: 'transfer_killed' });
}

async function fetch(shift: Shift, contents: ContentStore, record: AnyRecord, key: string): Promise<Carried> {
  try {
    const { body } = await shift.integration.download!(refOf(sceneOf(shift, record)));
    const stored = await contents.put(key, inTime(shift, body), maxBytesAt(shift.place));
    return { outcome: 'fetched', content: { key, ...stored } };
  } catch (error) {
    return failed(error);
  }
}

async function upload(
  shift: Shift,
  contents: ContentStore,
  { record, file }: Extract<TransferStep, { do: 'upload' }>,
): Promise<Carried> {
  const { content } = fileOf(record);
  if (content === undefined) throw new InvariantError('a file without its bytes');
  const bytes = { [Symbol.asyncIterator]: () => inTime(shift, asKept(contents.get(content.key), content)) };
  try {
    return { outcome: 'staged', externalId: await shift.integration.upload!(file, bytes) };
  } catch (error) {
    return failed(error);
  }
}

/** A step of its own, with the record still saying where they are until they are gone. */
async function discard(shift: Shift, contents: ContentStore, record: AnyRecord): Promise<void> {
  const file = fileOf(record);
  if (file.content !== undefined) await contents.delete(file.content.key);
  delete file.content;
  shift.isDirty = true;
}

/** A file over a rule of its connection is set aside, and says so. */
export async function refuse(shift: Shift, record: AnyRecord, reason: string): Promise<void> {
  park(sceneOf(shift, record), { cause: 'rejected', reason, fault: 'organization', code: 'file_rule' });
  shift.isDirty = true;
}

/** Stopped by its own hand: a killed function says nothing of what it did. */
async function* inTime(shift: Shift, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const untilMs = shift.deadlineMs - TIMING.transferReserveMs;
  for await (const part of body) {
    if (around(shift).nowMs > untilMs) {
      throw new ProviderRejectedError('the file takes longer than a transfer may', {
        vendorCode: 'transfer_too_slow',
      });
    }
    yield part;
  }
}

/** What leaves is what came in. @throws InvariantError at its end, before whoever takes it has taken it for whole */
async function* asKept(
  body: AsyncIterable<Uint8Array>,
  { size, sha256 }: Stored,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    hash.update(part);
    yield part;
  }
  if (bytes !== size || hash.digest('hex') !== sha256)
    throw new InvariantError('a file’s bytes are not the ones that were kept');
}

function failed(error: unknown): Carried {
  if (error instanceof ConflictError) throw error;
  return { outcome: 'failed', error: reasonOf(error) };
}

function reasonOf(error: unknown): HubError {
  if (error instanceof TooLargeError)
    return new ProviderRejectedError(error.message, { vendorCode: 'file_too_large', cause: error });
  if (error instanceof HubError) return error;
  return new ProviderUnavailableError('the transfer broke off', { cause: error });
}
