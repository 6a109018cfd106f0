import type { AccountView, Reading } from '../../ports/read.ts';
import { recordList } from '../keys.ts';
import type { Root } from '../state.ts';
import { linkViews } from './links.ts';
import { sliceOfList } from './slices.ts';
import { type Places, placesIn, type ReadingDeps, rootAt } from './source.ts';

const accountView = (root: Root, places: Places): AccountView => ({
  id: root.id,
  revision: root.revision,
  fields: root.fields,
  links: linkViews(root, places),
  createdAtMs: root.createdAtMs,
  updatedAtMs: root.updatedAtMs,
  isDeleted: root.deleted !== undefined,
});

export function accountReading(deps: ReadingDeps): Pick<Reading, 'accounts' | 'account'> {
  return {
    async accounts(organization, options) {
      const places = await placesIn(deps, organization);
      const list = recordList(organization, 'account');
      return sliceOfList<Root, AccountView>(deps.store, list, options, async ({ data }) =>
        accountView(data, places),
      );
    },
    async account(organization, id) {
      const root = await rootAt(deps, organization, id);
      return root?.kind === 'account' ? accountView(root, await placesIn(deps, organization)) : undefined;
    },
  };
}
