import type { Mapping } from '../shared/ports/index.ts';
import { mapping as slack } from './channels/slack/mapping.ts';

/** The only list of mappings, by integration id: pure code, so the sync function may know them all. */
export const mappings: Readonly<Record<string, Mapping>> = { slack };
