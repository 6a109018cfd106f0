import { createDesk, createDirectory } from '../../../shared/connections/index.ts';
import type { AuditEntry } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

export const asked = {
  integration: 'model',
  name: 'Model',
  settings: {},
  actor: 'user:ann',
  organization: acme,
};

/** A desk with one connection to a vendor that asks a person, and one without. */
export async function deskWorld() {
  const platform = memoryPlatform();
  const vendor = new ModelVendor();
  const adapter = modelAdapter(vendor);
  const desk = createDesk(platform, [{ manifest, adapter }]);
  const withoutPerson = createDesk(platform, [
    {
      manifest,
      adapter: {
        ...adapter,
        authorization: (opening) => ({ renew: (grant) => adapter.authorization(opening).renew(grant) }),
      },
    },
  ]);
  const connection = await desk.create(asked);
  const directory = createDirectory({ store: platform.stores.connections, clock: platform.clock });
  const begin = async () => {
    const begun = await desk.begin({ organization: acme, connection: connection.id, actor: 'user:ann' });
    if (!('url' in begun)) throw new Error('expected a url');
    return { ...begun, query: new URL(begun.url).searchParams };
  };
  const audited = () => platform.stores.audit.items().map(({ data }) => data as AuditEntry);
  return { platform, vendor, desk, withoutPerson, connection, directory, begin, audited };
}
