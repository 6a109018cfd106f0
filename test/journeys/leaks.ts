import { join } from 'node:path';
import { filesUnder, type Leak, leaksIn, secretsOf, spoken, waiting } from './canaries.ts';
import type { JourneyHub } from './hub.ts';

/** Requests the API refuses: what it says of them is read by whoever asks. */
const REFUSED = ['/v1/tickets/none', '/v1/tickets?limit=x', '/v1/connections/none', '/v1/none'];

/**
 * Every secret, and the word that stands in every text, searched for wherever neither belongs. The bus tells the
 * agent platform what was said, and tables keep what tickets hold: there, only secrets are looked for.
 */
export async function leaksOf({ hub, wire, world }: JourneyHub, word: string): Promise<readonly Leak[]> {
  const { dataDir } = hub.description;
  const secrets = await secretsOf(hub.description);
  const all = { ...secrets, 'a text': word };
  const said = spoken(wire.calls);
  const kept = (name: string) => filesUnder(join(dataDir, name));
  const shown = await Promise.all(
    ['/v1/parked', '/v1/connections', '/v1/audit'].map((path) => world.api.get(path)),
  );
  return [
    ...leaksIn('logs', kept('logs'), all),
    ...leaksIn('queues', waiting(dataDir), all),
    ...leaksIn('queues on disk', kept('queues'), secrets),
    ...leaksIn('metrics', [JSON.stringify(hub.runtime.metrics.list())], all),
    ...leaksIn('messages', said.messages, all),
    ...leaksIn('inbox rows', said.inbox, all),
    ...leaksIn('audit rows', said.audit, all),
    ...leaksIn('api', [JSON.stringify(shown)], all),
    ...leaksIn('problems', await problems(world), all),
    ...leaksIn('events', said.events, secrets),
    ...leaksIn('tables on disk', kept('dynamodb'), secrets),
    ...leaksIn('calls to aws', said.everything, secrets),
  ];
}

/** @throws Error when one of them is answered after all */
async function problems({ api }: JourneyHub['world']): Promise<readonly string[]> {
  return Promise.all(
    REFUSED.map((path) =>
      api.get(path).then(
        () => Promise.reject(new Error(`${path} was answered, expected a refusal`)),
        (error: Error) => error.message,
      ),
    ),
  );
}

/** A search that finds nothing anywhere proves nothing: these are the places where it must. */
export async function seenWhereItBelongs({ hub, wire }: JourneyHub, word: string) {
  const { dataDir } = hub.description;
  const kept = (name: string) => filesUnder(join(dataDir, name));
  const secrets = Object.entries(await secretsOf(hub.description));
  const issued = Object.fromEntries(secrets.filter(([name]) => name.startsWith('issued ')));
  const vendors = [...kept('slack'), ...kept('salesforce')];
  return {
    text: leaksIn('tables', kept('dynamodb'), { word }).length === 1,
    issued: leaksIn('vendors', vendors, issued).length > 3,
    places:
      Object.values(spoken(wire.calls)).every((texts) => texts.length > 5) &&
      ['logs', 'queues', 'dynamodb'].every((name) => kept(name).some(({ length }) => length > 1_000)),
  };
}
