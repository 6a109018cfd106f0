import { type FileFacts, fileRefusal, maxFileBytes } from '../domain/file-rules.ts';
import type { Attachment } from '../domain/record.ts';
import { InvariantError } from '../errors.ts';
import type { Upload } from '../ports/integration.ts';
import type { Place } from './places.ts';
import { project } from './projection.ts';
import type { Scene } from './scene.ts';
import type { AnyRecord, AttachedFile } from './state.ts';

/** @throws InvariantError for a record that is none */
export function fileOf(record: AnyRecord): AttachedFile {
  if (record.kind !== 'attachment' || record.file === undefined)
    throw new InvariantError(`a ${record.kind} without a file`);
  return record.file;
}

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

/** What is known of a file before its bytes are here; its size as its vendor says, then as it is. */
export function factsOf(record: AnyRecord) {
  const { name, type, size } = record.fields;
  return {
    name: textOf(name, 'file'),
    type: textOf(type, 'application/octet-stream'),
    size: fileOf(record).content?.size ?? (typeof size === 'number' ? size : undefined),
  };
}

const vendorMaxOf = ({ manifest }: Place): number => manifest.files?.maxBytes ?? 0;
export const maxBytesAt = (place: Place): number =>
  maxFileBytes(place.connection.settings, vendorMaxOf(place));

/** Why such a file neither leaves nor enters that connection. */
export const refusalOf = (file: FileFacts, place: Place): string | undefined =>
  fileRefusal(file, place.connection.settings, vendorMaxOf(place));
export const refusalAt = (record: AnyRecord, place: Place): string | undefined =>
  refusalOf(factsOf(record), place);

/** @throws InvariantError before its bytes are here */
function attachmentOf(record: AnyRecord): Attachment {
  const { visibility, content } = fileOf(record);
  if (content === undefined) throw new InvariantError('a file without its bytes');
  const { name, type } = factsOf(record);
  const file = { name, type, size: content.size, sha256: content.sha256 };
  // Stryker disable next-line all: for the compiler alone, which is told which of the two kinds it is
  return visibility === 'public' ? { visibility, ...file } : { visibility, ...file };
}

/** The file as it goes to one place, under its parent's copy there. */
export function uploadOf({ record, link, lane, place, referred, around }: Scene): Upload {
  const { parent } = lane;
  if (parent === undefined || parent === null) throw new InvariantError('a file before its parent');
  const fields = { ...project(record, link, place, referred, around.nowMs) };
  const attachment = attachmentOf(record);
  return { kind: 'attachment', operation: 'create', record: record.id, fields, parent, attachment };
}
