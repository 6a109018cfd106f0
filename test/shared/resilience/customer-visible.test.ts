import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { PublicChange, RemoteChange, Upload, UploadIn } from '../../../shared/ports/index.ts';
import { customerVisible } from '../../../shared/resilience/index.ts';

const reply = {
  kind: 'comment',
  operation: 'create',
  record: 'r1.c1' as RecordId,
  fields: { body: 'hi' },
  rootExternalId: 'C1:1' as ExternalId,
  comment: { visibility: 'public', body: 'hi', author: { role: 'agent' } },
} as const satisfies RemoteChange;
const edit = {
  kind: 'comment',
  operation: 'update',
  record: 'r1.c1' as RecordId,
  fields: { body: 'hi!' },
  externalId: 'C1:2' as ExternalId,
  comment: { visibility: 'public', body: 'hi!', author: { role: 'agent' } },
} as const satisfies RemoteChange;
/** What it says stands in its comment alone. */
const inItsOwnWords = ({ fields: _fields, ...change }: typeof reply | typeof edit) => change;
const rename: RemoteChange = {
  kind: 'ticket',
  operation: 'update',
  record: 'r1' as RecordId,
  fields: { subject: 'x' },
  externalId: 'C1:1' as ExternalId,
};

const photo: Upload = {
  kind: 'attachment',
  operation: 'create',
  record: 'f1' as RecordId,
  fields: {},
  parent: { kind: 'ticket', externalId: 'C1:1' as ExternalId },
  attachment: { visibility: 'public', name: 'a.png', type: 'image/png', size: 0, sha256: '' },
};
const nothing: AsyncIterable<Uint8Array> = (async function* () {})();

describe('customer-visible integration: invariant 7', () => {
  it('sends what public comments say, and lets no internal note through, made or edited', async () => {
    const sent: unknown[] = [];
    const door = customerVisible({
      check: async () => ({ state: 'healthy', account: 'T1' }),
      async write(change) {
        sent.push(change);
        return { outcome: 'settled', externalId: 'x' as ExternalId };
      },
    });
    const comment = { visibility: 'internal', body: 'psst', author: { role: 'agent' } } as const;

    await door.write!(reply);
    await door.write!(edit);
    await door.write!(rename);
    await expect(door.write!({ ...reply, comment })).rejects.toMatchObject({ code: 'invariant' });
    await expect(door.write!({ ...edit, comment })).rejects.toMatchObject({ code: 'invariant' });

    expect(sent).toEqual([inItsOwnWords(reply), inItsOwnWords(edit), rename]);
  });

  it('takes public files alone: the compiler refuses others, and the door what is forced in', async () => {
    type Door = Parameters<typeof customerVisible>[0];
    expectTypeOf<NonNullable<Door['upload']>>().parameter(0).toEqualTypeOf<UploadIn<PublicChange>>();
    expectTypeOf<Upload>().not.toExtend<UploadIn<PublicChange>>();
    expectTypeOf<Extract<RemoteChange, { staged: string }>>().not.toExtend<PublicChange>();
    const sent: unknown[] = [];
    const upload: Door['upload'] = async (file) => {
      sent.push(file.attachment.visibility);
      return 'F1' as ExternalId;
    };
    const door = customerVisible({ check: async () => ({ state: 'healthy', account: 'T1' }), upload });

    await door.upload!(photo, nothing);
    const internal = { ...photo, attachment: { ...photo.attachment, visibility: 'internal' } } as const;
    await expect(door.upload!(internal, nothing)).rejects.toMatchObject({ code: 'invariant' });

    expect(sent).toEqual(['public']);
  });

  it('adds no part that the integration does not have', () => {
    const door = customerVisible({ check: async () => ({ state: 'healthy', account: 'T1' }) });

    expect(Object.keys(door)).toEqual(['check']);
  });
});
