import type { Chore } from '../connections/index.ts';
import type { OrganizationId, RecordId } from '../domain/index.ts';
import { ConflictError, NotFoundError } from '../errors.ts';
import type {
  Clock,
  HubEdit,
  Item,
  NewFile,
  Platform,
  Reading,
  Store,
  Stored,
  UploadAddress,
  UploadDoor,
} from '../ports/index.ts';

const HOUR_MS = 3_600_000;
const COMPLETED_WITHIN_MS = 24 * HOUR_MS;
/** Long after the last address has expired, and whatever was begun under it has ended. */
const SWEPT_AFTER_MS = 48 * HOUR_MS;
const DUE = 'uploads';
const AT_ONCE = 10;
const LOOKS_AT_ONCE = 200;

/** A file that a client has said it will send. */
export interface Announced {
  readonly ticket: RecordId;
  readonly file: NewFile & Stored;
}
interface Upload extends Announced {
  readonly organization: OrganizationId;
  readonly id: RecordId;
  readonly completeByMs: number;
}

export interface Uploads {
  /** The same again under the same id, with a new address. */
  announce(
    organization: OrganizationId,
    id: RecordId,
    announced: Announced,
  ): Promise<{ readonly address: UploadAddress; readonly completeByMs: number }>;
  /**
   * What its bytes make of it.
   * @throws NotFoundError for what was not announced, or too long ago; ConflictError while its bytes are not here
   */
  arrived(
    organization: OrganizationId,
    id: RecordId,
  ): Promise<{ readonly ticket: RecordId; readonly edit: Extract<HubEdit, { edit: 'attachment' }> }>;
}

interface UploadDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly door: UploadDoor;
}

const keyOf = (organization: OrganizationId, id: RecordId) => ({
  pk: `${organization}#upload#${id}`,
  sk: 'upload',
});
/** Its bytes stay where they were put; nobody has to move a gigabyte. */
const contentKey = ({ prefix }: UploadDoor, { organization, id }: Pick<Upload, 'organization' | 'id'>) =>
  `${prefix}${organization}/${id}`;

export function createUploads({ store, clock, door }: UploadDeps): Uploads {
  const known = async (organization: OrganizationId, id: RecordId): Promise<Upload | undefined> => {
    const { pk, sk } = keyOf(organization, id);
    return (await store.get<Upload>(pk, sk))?.data;
  };
  const keep = async (upload: Upload): Promise<Upload> => {
    const { organization, id } = upload;
    const due = { list: DUE, atMs: clock.now() + SWEPT_AFTER_MS };
    try {
      await store.commit([{ put: { ...keyOf(organization, id), data: upload, due }, expect: 0 }]);
      return upload;
    } catch (error) {
      const before = error instanceof ConflictError ? await known(organization, id) : undefined;
      if (before === undefined) throw error;
      return before;
    }
  };
  return {
    async announce(organization, id, announced) {
      const upload = { ...announced, organization, id, completeByMs: clock.now() + COMPLETED_WITHIN_MS };
      const { completeByMs } = await keep(upload);
      const address = await door.address(contentKey(door, upload), announced.file);
      return { address, completeByMs };
    },
    async arrived(organization, id) {
      const upload = await known(organization, id);
      if (upload === undefined || upload.completeByMs < clock.now())
        throw new NotFoundError('no such upload in your organization');
      const { ticket, file } = upload;
      const { size, sha256, ...rest } = file;
      const key = contentKey(door, upload);
      const found = await door.look(key);
      if (found === undefined) throw new ConflictError('nothing has been sent to its address yet');
      if (found.size !== size || found.sha256 !== sha256)
        throw new ConflictError('what was sent to its address is not what was announced');
      return { ticket, edit: { edit: 'attachment', id, ...rest, content: { key, size, sha256 } } };
    },
  };
}

/** The sweeper's part: bytes nobody has made a file of go, and so does the note of all that were announced. */
export const forsaken = (
  { stores, clock }: Pick<Platform, 'stores' | 'clock'>,
  door: UploadDoor,
  reading: Pick<Reading, 'content'>,
): Chore => ({
  name: 'uploads',
  run: () => sweepUploads({ store: stores.records, clock, door }, reading),
});

async function sweepUploads(
  { store, clock, door }: UploadDeps,
  reading: Pick<Reading, 'content'>,
): Promise<number> {
  const due = await store.due(DUE, clock.now(), LOOKS_AT_ONCE);
  const failures: unknown[] = [];
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const looks = due.slice(from, from + AT_ONCE).map(look);
    for (const result of await Promise.allSettled(looks)) {
      // What another sweep has just ended is no failure; none keeps the rest from its turn.
      if (result.status === 'rejected' && !(result.reason instanceof ConflictError))
        failures.push(result.reason);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'uploads were not swept away');
  return due.length;

  async function look({ pk, sk }: Pick<Item, 'pk' | 'sk'>): Promise<void> {
    const item = await store.get<Upload>(pk, sk);
    if (item !== undefined && (item.due?.atMs ?? 0) <= clock.now()) await end(item);
  }
  async function end({ pk, sk, version, data: upload }: Item<Upload>): Promise<void> {
    const key = contentKey(door, upload);
    const kept = await reading.content(upload.organization, upload.id);
    if (kept?.key !== key) await door.delete(key);
    await store.commit([{ remove: { pk, sk }, expect: version }]);
  }
}
