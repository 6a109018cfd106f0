import type { Attachment } from '../domain/record.ts';
import { InvariantError } from '../errors.ts';
import type { Upload } from '../ports/integration.ts';
import { project } from './projection.ts';
import type { Scene } from './scene.ts';
import type { AnyRecord, AttachedFile } from './state.ts';

/** @throws InvariantError for a record that is none */
export function fileOf(record: AnyRecord): AttachedFile {
  if (record.kind !== 'attachment' || record.file === undefined)
    throw new InvariantError(`a ${record.kind} without a file`);
  return record.file;
}

/** @throws InvariantError before its bytes are here */
export function attachmentOf(record: AnyRecord): Attachment {
  const { visibility, content } = fileOf(record);
  if (content === undefined) throw new InvariantError('a file without its bytes');
  const { name, type } = record.fields;
  const file = {
    name: typeof name === 'string' && name !== '' ? name : 'file',
    type: typeof type === 'string' && type !== '' ? type : 'application/octet-stream',
    size: content.size,
    sha256: content.sha256,
  };
  return visibility === 'public' ? { visibility, ...file } : { visibility, ...file };
}

/** The file as it goes to one place, under its parent's copy there. */
export function uploadOf({ record, link, lane, place, requester, around }: Scene): Upload {
  const { parent } = lane;
  if (parent === undefined || parent === null) throw new InvariantError('a file before its parent');
  const fields = { ...project(record, link, place, requester, around.nowMs) };
  const attachment = attachmentOf(record);
  return { kind: 'attachment', operation: 'create', record: record.id, fields, parent, attachment };
}
