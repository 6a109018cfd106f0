import { isMapped } from '../domain/record.ts';
import { InvariantError, ProviderUnavailableError } from '../errors.ts';
import type { Exports } from '../ports/exports.ts';
import type { Integration, RemoteChange, WriteOutcome } from '../ports/integration.ts';
import type { Observation } from '../ports/mapping.ts';
import type { MappingDocument } from '../ports/mapping-document.ts';
import type { Together } from '../ports/together.ts';
import { rulesOf } from './rules.ts';

/** Says by which document an observation's fields were read. */
export const stamped = (o: Observation, { version }: Pick<MappingDocument, 'version'>): Observation =>
  version === 0 || !isMapped(o.kind) ? o : { ...o, mapping: version };

/**
 * An integration opened under one document: what it reads says so, and what was decided under another is written
 * only as far as both pair the same fields.
 */
export function mappedBy(document: MappingDocument | undefined, integration: Integration): Integration {
  if (document === undefined) return integration;
  const mark = (o: Observation) => stamped(o, document);
  const markIf = (o: Observation | undefined) => o && mark(o);
  const { read, find, match, pull, exports, write, together } = integration;
  return {
    ...integration,
    check: () => integration.check(),
    ...(read && {
      read: async (copy) => {
        const remote = await read.call(integration, copy);
        return remote.state === 'present' ? { ...remote, observation: mark(remote.observation) } : remote;
      },
    }),
    ...(find && { find: async (...asked) => markIf(await find.call(integration, ...asked)) }),
    ...(match && { match: async (...asked) => markIf(await match.call(integration, ...asked)) }),
    ...(pull && {
      async *pull(...asked) {
        for await (const page of pull.call(integration, ...asked))
          yield { ...page, observations: page.observations.map(mark) };
      },
    }),
    ...(exports && { exports: exportsUnder(document, exports) }),
    ...(write && {
      write: async (change) => {
        const fit = fitting(document, change);
        return fit === undefined ? tooNew() : marked(await write(fit), document);
      },
    }),
    ...(together && { together: togetherUnder(document, together) }),
  };
}

function marked(outcome: WriteOutcome, document: MappingDocument): WriteOutcome {
  return outcome.outcome === 'settled' && outcome.observation !== undefined
    ? { ...outcome, observation: stamped(outcome.observation, document) }
    : outcome;
}

function togetherUnder(document: MappingDocument, together: Together): Together {
  return {
    async create(changes) {
      const fits = changes.map((change) => fitting(document, change));
      const sent = fits.filter((fit) => fit !== undefined);
      const outcomes = sent.length === 0 ? [] : [...(await together.create(sent))];
      if (outcomes.length !== sent.length) throw new InvariantError('other outcomes than creations');
      return fits.map((fit) => (fit === undefined ? tooNew() : marked(outcomes.shift()!, document)));
    },
    match: async (...asked) =>
      (await together.match(...asked)).map((found) => found && stamped(found, document)),
  };
}

function fitting<Change extends RemoteChange>(document: MappingDocument, change: Change): Change | undefined {
  const { kind, mapping: by = 0 } = change;
  if (!isMapped(kind) || by === document.version) return change;
  if (by > document.version) return undefined;
  const known = new Set(
    rulesOf(document, kind).flatMap(({ field, since = 0 }) => (since <= by ? [field] : [])),
  );
  return {
    ...change,
    fields: Object.fromEntries(Object.entries(change.fields).filter(([field]) => known.has(field))),
  };
}

const tooNew = (): WriteOutcome => ({
  outcome: 'refused',
  why: 'unavailable',
  error: new ProviderUnavailableError(
    'the connection was opened under an older mapping than the change is of',
  ),
});

/** What an export holds was chosen when it was begun: its name says by which document, whoever reads it later. */
function exportsUnder({ version }: MappingDocument, exports: Exports): Exports {
  return {
    begin: async (...asked) => {
      const name = await exports.begin(...asked);
      return version === 0 ? name : `${version}@${name}`;
    },
    state: (name) => exports.state(begunAs(name).own),
    discard: (name) => exports.discard(begunAs(name).own),
    async page(name, ...asked) {
      const { own, by } = begunAs(name);
      const page = await exports.page(own, ...asked);
      return { ...page, observations: page.observations.map((o) => stamped(o, { version: by })) };
    },
  };
}

function begunAs(name: string): { readonly own: string; readonly by: number } {
  const [, by, own] = /^(\d+)@(.*)$/s.exec(name) ?? [];
  return own === undefined ? { own: name, by: 0 } : { own, by: Number(by) };
}
