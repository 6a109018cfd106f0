import { expect } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { CopyRef, Manifest, Mapping, Observation, Upload } from '../../../shared/ports/index.ts';
import type { FilesWorld, VendorWorld } from '../integration.ts';
import { RECORD, type Rule } from './rule.ts';

const BYTES = Buffer.from('bytes of a file');

/** What whoever carries files owes the engine. */
export function fileRules(manifest: Manifest, mapping: Mapping): readonly Rule[] {
  if (manifest.files === undefined || manifest.kinds.attachment === undefined) return [];
  return [
    {
      title: 'announces a person’s file by the id it is read under, and what it hangs on',
      async holds(world) {
        const files = filesOf(world);
        const { file, parent } = await files.shares(BYTES);

        const announced = await attachmentsAnnounced(world, mapping);

        expect(announced.length).toBeGreaterThan(0);
        for (const each of announced) expect(each).toMatchObject({ externalId: file.externalId, parent });
        expect(await files.integration.read!(file)).toMatchObject({
          state: 'present',
          observation: { parent, visibility: 'public', authorship: 'other', fields: { size: BYTES.length } },
        });
      },
    },
    {
      title: 'downloads exactly the bytes of a person’s file',
      async holds(world) {
        const files = filesOf(world);
        const { file } = await files.shares(BYTES);

        expect((await downloaded(files, file)).equals(BYTES)).toBe(true);
      },
    },
    {
      title: 'brings a file in two steps, of which nobody sees the first',
      async holds(world) {
        const files = filesOf(world);
        const { parent } = await files.shares(Buffer.from('another'));
        const before = await files.seenAt(parent);
        const change = await staged(files, parent);
        expect(await files.seenAt(parent)).toEqual(before);

        const outcome = await files.integration.write!(change);

        expect(outcome).toMatchObject({ outcome: 'settled', externalId: change.staged });
        expect(await files.seenAt(parent)).toEqual([...before, change.staged].sort());
        expect((await downloaded(files, copyOf(change.staged))).equals(BYTES)).toBe(true);
      },
    },
    {
      title: 'brings a file once, though the answer is lost and the same bytes are sent again',
      async holds(world) {
        const files = filesOf(world);
        const { parent } = await files.shares(Buffer.from('another'));
        const before = await files.seenAt(parent);
        const change = await staged(files, parent);
        await files.loseNextAnswer();

        const first = await files.integration.write!(change);
        await world.control.advance(manifest.requestLifetimeMs);
        const second = await files.integration.write!(change);

        expect([first.outcome, second.outcome]).toEqual(['uncertain', 'settled']);
        expect(await files.seenAt(parent)).toHaveLength(before.length + 1);
      },
    },
    {
      title: 'hears of its own file under the id it was staged by, as the hub’s own and nobody’s words',
      async holds(world) {
        const files = filesOf(world);
        const { parent } = await files.shares(Buffer.from('another'));
        const change = await staged(files, parent);
        await world.control.deliveries();
        await files.integration.write!(change);

        const seen = (await world.control.deliveries()).flatMap(({ body, contentType }) => {
          const decoded = mapping.decode(body, contentType, world.context);
          return decoded.outcome === 'observations' ? decoded.observations : [];
        });

        expect(seen.length).toBeGreaterThan(0);
        for (const each of seen)
          expect(each).toMatchObject({ kind: 'attachment', externalId: change.staged, authorship: 'hub' });
      },
    },
    ...(manifest.kinds.attachment.tellsDeletions === true ? [announcesADeletion(mapping)] : []),
    {
      title: 'deletes its own file, and says so of one that is gone already',
      async holds(world) {
        const files = filesOf(world);
        const { parent } = await files.shares(Buffer.from('another'));
        const change = await staged(files, parent);
        await files.integration.write!(change);
        const gone = { record: RECORD, kind: 'attachment', operation: 'delete', fields: {} } as const;
        const deletion = { ...gone, externalId: change.staged };

        const outcomes = [await files.integration.write!(deletion), await files.integration.write!(deletion)];

        expect(outcomes).toMatchObject([{ outcome: 'settled' }, { outcome: 'refused', why: 'gone' }]);
        expect(await files.integration.read!(copyOf(change.staged))).toEqual({ state: 'deleted' });
      },
    },
    ...(manifest.backfill?.kinds.includes('attachment') === true ? [exportsEverything] : []),
  ];
}

const announcesADeletion = (mapping: Mapping): Rule => ({
  title: 'announces that a person’s file was deleted as positive evidence, or asks for a read',
  async holds(world) {
    const files = filesOf(world);
    const { file } = await files.shares(BYTES);
    await world.control.deliveries();
    await files.removes!(file);

    const seen = await attachmentsAnnounced(world, mapping);

    expect(seen.filter(({ externalId }) => externalId === file.externalId)).not.toEqual([]);
    expect(seen.every((each) => each.life === 'deleted' || each.needsRead === true)).toBe(true);
  },
});

async function attachmentsAnnounced(world: VendorWorld, mapping: Mapping): Promise<readonly Observation[]> {
  const seen = (await world.control.deliveries()).flatMap(({ body, contentType }) => {
    const decoded = mapping.decode(body, contentType, world.context);
    return decoded.outcome === 'observations' ? decoded.observations : [];
  });
  return seen.filter(({ kind }) => kind === 'attachment');
}

const exportsEverything: Rule = {
  title: 'exports everything that hangs on something, once, as it is read one by one',
  async holds(world) {
    const shared = [];
    for (const bytes of ['one', 'two', 'three']) shared.push(await filesOf(world).shares(Buffer.from(bytes)));
    const { exports } = world.integration;
    const name = await exports!.begin('attachment');
    while ((await exports!.state(name)).state !== 'ready') await world.control.advance(1_000);

    const all: Observation[] = [];
    for (let at: string | undefined = ''; at !== undefined; ) {
      const page = await exports!.page(name, 'attachment', { rows: 1, ...(at === '' ? {} : { at }) });
      all.push(...page.observations);
      at = page.next;
    }

    expect(all.map(({ externalId }) => externalId).sort()).toEqual(
      shared.map(({ file }) => file.externalId).sort(),
    );
    for (const { atMs: _, ...observation } of all) {
      const { externalId } = observation;
      expect(await filesOf(world).integration.read!(copyOf(externalId))).toMatchObject({ observation });
    }
  },
};

function filesOf({ files }: VendorWorld): FilesWorld {
  if (files === undefined) throw new Error('the manifest declares files, and this world has none');
  return files;
}

async function staged({ integration }: FilesWorld, parent: Upload['parent']) {
  const attachment = {
    visibility: 'public',
    name: 'photo.png',
    type: 'image/png',
    size: BYTES.length,
    sha256: '',
  } as const;
  const file = {
    record: RECORD,
    kind: 'attachment',
    operation: 'create',
    fields: {},
    parent,
    attachment,
  } as const;
  const content = (async function* () {
    yield BYTES;
  })();
  return { ...file, staged: (await integration.upload!(file, content)) as ExternalId };
}

const copyOf = (externalId: ExternalId): CopyRef => ({ kind: 'attachment', externalId });

async function downloaded({ integration }: FilesWorld, file: CopyRef): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await integration.download!(file)).body) pieces.push(piece);
  return Buffer.concat(pieces);
}
