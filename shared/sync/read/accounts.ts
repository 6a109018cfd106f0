import type { AccountView, Reading } from '../../ports/read.ts';
import { recordList } from '../keys.ts';
import type { Root } from '../state.ts';
import { rootView } from './root-view.ts';
import { sliceOfList } from './slices.ts';
import { placesIn, type ReadingDeps, rootAt } from './source.ts';

export function accountReading(deps: ReadingDeps): Pick<Reading, 'accounts' | 'account'> {
  return {
    async accounts(organization, options) {
      const places = await placesIn(deps, organization);
      const list = recordList(organization, 'account');
      return sliceOfList<Root, AccountView>(deps.store, list, options, async ({ data }) =>
        rootView(data, places),
      );
    },
    async account(organization, id) {
      const root = await rootAt(deps, organization, id);
      return root?.kind === 'account' ? rootView(root, await placesIn(deps, organization)) : undefined;
    },
  };
}
