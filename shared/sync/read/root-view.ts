import type { RootView } from '../../ports/read.ts';
import type { Root } from '../state.ts';
import { linkViews } from './links.ts';
import type { Places } from './source.ts';

/** What is told of every root alike. */
export const rootView = (root: Root, places: Places): RootView => ({
  id: root.id,
  revision: root.revision,
  fields: root.fields,
  links: linkViews(root, places),
  createdAtMs: root.createdAtMs,
  updatedAtMs: root.updatedAtMs,
  isDeleted: root.deleted !== undefined,
});
