import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { adapters } from '../../functions/adapters.ts';
import { catalog } from '../../functions/catalog.ts';
import type { IntegrationCode } from '../../shared/connections/index.ts';
import type {
  Adapter,
  CustomerVisibleManifest,
  Integration,
  PublicChange,
  RemoteChange,
} from '../../shared/ports/index.ts';

const root = new URL('../..', import.meta.url).pathname;
const run = promisify(execFile);

/** What the compiler says of a few lines that may use the hub's ports; `npm run check` asks it about the rest. */
async function complaints(lines: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-types-'));
  const preamble = `import type { Adapter, Integration, Manifest, PublicChange, RemoteChange,
    CustomerVisibleManifest, InternalManifest } from '${root}shared/ports/index.ts';
    import type { IntegrationCode } from '${root}shared/connections/index.ts';\n`;
  writeFileSync(join(folder, 'lines.ts'), preamble + lines);
  const settings = {
    extends: `${root}tsconfig.json`,
    compilerOptions: { noUnusedLocals: false, typeRoots: [`${root}node_modules/@types`] },
    include: [],
    files: [join(folder, 'lines.ts')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await run(process.execPath, [tsc, '--project', folder, '--pretty', 'false']).catch(
    (failure: { stdout: string }) => failure,
  );
  return stdout;
}

describe('what customers can read takes public changes alone (invariant 7)', () => {
  it('is a type: an integration of public changes does not pass for one of all changes', () => {
    expectTypeOf<RemoteChange>().not.toExtend<PublicChange>();
    expectTypeOf<Integration<PublicChange>>().not.toExtend<Integration>();
    expectTypeOf<Adapter<PublicChange>>().not.toExtend<Adapter>();
    type Visible = Extract<IntegrationCode, { manifest: CustomerVisibleManifest }>;
    expectTypeOf<Visible['adapter']>().toEqualTypeOf<Adapter<PublicChange>>();
  });

  it.each([
    [
      'an integration of public changes where one of all changes is wanted',
      'declare const slackLike: Integration<PublicChange>; const erased: Integration = slackLike;',
    ],
    [
      'its adapter under a manifest that says nobody outside can read',
      `declare const adapter: Adapter<PublicChange>; declare const manifest: InternalManifest;
       const entry: IntegrationCode = { manifest, adapter };`,
    ],
    [
      'a manifest that leaves open who can read',
      `declare const adapter: Adapter; declare const manifest: Manifest;
       const entry: IntegrationCode = { manifest, adapter };`,
    ],
    [
      'an internal note handed to what customers can read',
      `declare const visible: Integration<PublicChange>; declare const change: RemoteChange;
       visible.write?.(change);`,
    ],
  ])('the compiler refuses %s', async (_, lines) => {
    expect(await complaints(lines)).toMatch(/^\S*lines\.ts\(\d+,\d+\): error TS(2322|2345|2379|2375):/);
  });

  it('and accepts each where it belongs', async () => {
    const lines = `declare const adapter: Adapter<PublicChange>; declare const manifest: CustomerVisibleManifest;
      const entry: IntegrationCode = { manifest, adapter };
      declare const visible: Integration<PublicChange>; declare const change: PublicChange;
      visible.write?.(change);`;

    expect(await complaints(lines)).toBe('');
  });

  it('holds for every integration in the catalog, each with its adapter', () => {
    expect(adapters.map(({ manifest }) => manifest)).toEqual(catalog);
    expect(catalog.filter(({ kind }) => kind === 'channel').every((each) => each.isCustomerVisible)).toBe(
      true,
    );
  });
});
