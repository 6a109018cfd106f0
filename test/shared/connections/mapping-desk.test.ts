import { describe, expect, it } from 'vitest';
import { createMappingDesk, type WantedDocument } from '../../../shared/connections/index.ts';
import type { AuditEntry, KindCapability, Manifest } from '../../../shared/ports/index.ts';
import { deskWorld } from './desk-world.ts';
import { acme, manifest as model, modelAdapter } from './model.ts';

const COMMENT: KindCapability = {
  ...model.kinds.ticket!,
  vendorName: 'remark',
  facet: 'comment',
  tellsDeletions: true,
};
const manifest = { ...model, kinds: { ...model.kinds, comment: COMMENT } };
const CHOSEN = {
  kinds: {},
  conflicts: { comment: { body: { use: 'text' } } },
  deletions: { comment: 'ignore' },
} as const;

/** The desk of mappings of a vendor that pairs its fields itself; whoever asks it anything fails. */
async function fixedDesk(kinds: Manifest['kinds'] = manifest.kinds) {
  const { platform, connection, vendor, directory, audited } = await deskWorld();
  const open = () => {
    throw new Error('the vendor was asked');
  };
  const code = { manifest: { ...manifest, kinds }, adapter: { ...modelAdapter(vendor), open } };
  const mappings = createMappingDesk(platform, [code], () => undefined);
  const asked = { organization: acme, connection: connection.id, actor: 'user:ann' };
  const put = (document: WantedDocument, basedOn = 0) => mappings.put({ ...asked, document, basedOn });
  const now = () => directory.get(acme, connection.id);
  return { mappings, asked, put, now, audited };
}

describe('the mapping of a connection whose fields its integration pairs itself', () => {
  it('holds no pairs, and nothing until its owner has chosen a policy', async () => {
    const { mappings, asked } = await fixedDesk();

    expect(await mappings.read(asked)).toEqual({
      document: { version: 0, kinds: {} },
      isFixed: true,
      isDefault: true,
      deletable: ['comment'],
    });
  });

  it('is put with policies alone, without a question to the vendor and without a run over records', async () => {
    const { mappings, asked, put, now, audited } = await fixedDesk();
    const document = { ...CHOSEN, version: 1 };

    const state = await put(CHOSEN);

    expect(state).toMatchObject({ document, isFixed: true, isDefault: false });
    expect(state).not.toHaveProperty('run');
    expect((await now())?.mapping).toEqual(document);
    expect(await now()).not.toHaveProperty('mappedAtMs');
    expect((await mappings.suggest(asked)).document).toMatchObject(document);
    const deeds: AuditEntry[] = audited().filter(({ action }) => action === 'connection.mapping.changed');
    expect(deeds.at(-1)).toMatchObject({ actor: 'user:ann', facts: { version: 1 } });
  });

  it('is put on the version it was made from, or not at all', async () => {
    const { put } = await fixedDesk();
    await put(CHOSEN);

    await expect(put({ kinds: {} })).rejects.toMatchObject({ code: 'conflict' });
    expect((await put({ kinds: {} }, 1)).document).toEqual({ version: 2, kinds: {} });
  });

  it('has nothing to show before two edits meet', async () => {
    const { mappings, asked } = await fixedDesk();

    expect(await mappings.preview({ ...asked, document: CHOSEN, limit: 5 })).toEqual([]);
  });

  it('is refused with every fault: pairs, and policies for what the vendor has not or does not tell', async () => {
    const { mappings, asked, put, now } = await fixedDesk(model.kinds);
    const deletions = { ...CHOSEN.deletions, ticket: 'close' } as const;
    const custom = { severity: { type: 'text' } } as const;
    const document = { ...CHOSEN, custom, kinds: { ticket: { rules: [] } }, deletions };

    const { faults } = await mappings.validate({ ...asked, document });

    expect(faults.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/custom', 'unknown_kind'],
      ['/kinds/ticket', 'unknown_kind'],
      ['/conflicts/comment', 'unknown_kind'],
      ['/deletions/comment', 'unknown_kind'],
      ['/deletions/ticket', 'never_told'],
    ]);
    await expect(put(document)).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/document/custom',
    });
    expect((await now())?.mapping).toBeUndefined();
  });
});
