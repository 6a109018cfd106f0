import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client, Names } from '../client.ts';

/** What every page works with: the API as this person, and what they may do there. */
export interface Desk {
  readonly client: Client;
  /** Names of connections by id. */
  readonly names: () => Promise<Names>;
  readonly may: (scope: string) => boolean;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('a page was shown without signing in');
  return desk;
}
