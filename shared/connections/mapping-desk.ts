import type { ConnectionId, OrganizationId } from '../domain/ids.ts';
import type { MappedKind, RecordKind } from '../domain/record.ts';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors.ts';
import {
  faultsOf,
  irreversibles,
  kindsToldDeleted,
  neighbourFaults,
  nextDocument,
  pairedBy,
  policyFaults,
  suggested,
} from '../mapping/index.ts';
import type {
  Connection,
  EngineDeps,
  FieldDescription,
  Integration,
  Manifest,
  MappingDocument,
  MappingEngine,
  MappingFault,
  MappingPreview,
  Platform,
} from '../ports/index.ts';
import { createMappingEngine } from '../sync/index.ts';
import { record, storeAudit } from './audit.ts';
import { createDirectory } from './directory.ts';
import { engineDeps } from './engine-deps.ts';
import { mappingKey, remapKey } from './keys.ts';
import { type IntegrationCode, Opener } from './opener.ts';
import { type Remap, remapOrder } from './remaps.ts';
import type { MappingData } from './state.ts';

interface Asked {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
}
export type WantedDocument = Omit<MappingDocument, 'version'>;
type Descriptions = Readonly<Partial<Record<MappedKind, readonly FieldDescription[]>>>;

/** Of an integration that pairs its fields itself: its connections have policies to choose, and nothing else. */
const NO_PAIRS: MappingDocument = { version: 0, kinds: {} };

export interface MappingState {
  readonly document: MappingDocument;
  /** Which fields are paired is the integration's own, and no document says. */
  readonly isFixed: boolean;
  readonly isDefault: boolean;
  /** Of which kinds it may say what a deletion means: those whose deletions the vendor tells. */
  readonly deletable: readonly RecordKind[];
  readonly run?: Remap;
}
export interface MappingVerdict {
  readonly faults: readonly MappingFault[];
  readonly notices: readonly MappingFault[];
}

/** What people do to a connection's mapping. */
export interface MappingDesk {
  /** @throws NotFoundError */
  read(asked: Asked): Promise<MappingState>;
  /** What the vendor has, and a document to begin with. @throws NotFoundError; as `Integration.describe` */
  suggest(asked: Asked): Promise<{ readonly document: MappingDocument; readonly fields: Descriptions }>;
  /** Every fault at once. @throws as `suggest` */
  validate(asked: Asked & { readonly document: WantedDocument }): Promise<MappingVerdict>;
  /** What would be written where. @throws as `suggest`; InvalidInputError for a document with faults */
  preview(
    asked: Asked & { readonly document: WantedDocument; readonly limit: number },
  ): Promise<readonly MappingPreview[]>;
  /**
   * The connection's mapping from now on; its records take it up in the background.
   * @throws as `preview`; ConflictError where `basedOn` is no longer the current version
   */
  put(
    asked: Asked & { readonly document: WantedDocument; readonly basedOn: number; readonly actor: string },
  ): Promise<MappingState>;
}

export function createMappingDesk(
  platform: Platform,
  codes: readonly IntegrationCode[],
  integrations: EngineDeps['integrations'],
): MappingDesk {
  const opener = new Opener(platform);
  const store = platform.stores.connections;
  return new Mappings({
    platform,
    opener,
    codeOf: (id) => codes.find(({ manifest }) => manifest.id === id),
    directory: createDirectory({ store, clock: platform.clock }),
    previewMapping: createMappingEngine(engineDeps(platform, integrations)).previewMapping,
  });
}

interface Deps {
  readonly platform: Platform;
  readonly opener: Opener;
  readonly codeOf: (integration: string) => IntegrationCode | undefined;
  readonly directory: ReturnType<typeof createDirectory>;
  readonly previewMapping: MappingEngine['previewMapping'];
}

interface Standing {
  readonly isFixed: boolean;
  readonly standard: MappingDocument;
  readonly current: MappingDocument;
}
/** A connection, and what a mapping of it is judged by. */
interface Open extends Standing {
  readonly connection: Connection;
  readonly descriptions: Descriptions;
}

class Mappings implements MappingDesk {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async read(asked: Asked): Promise<MappingState> {
    const connection = await this.#connection(asked);
    const { pk, sk } = remapKey(asked.organization, asked.connection);
    const run = await this.#deps.platform.stores.connections.get<Remap>(pk, sk);
    const { isFixed, current } = this.#standing(connection);
    return {
      document: current,
      isFixed,
      isDefault: connection.mapping === undefined,
      deletable: kindsToldDeleted(this.#kindsOf(connection)),
      ...(run === undefined ? {} : { run: run.data }),
    };
  }

  async suggest(asked: Asked) {
    const { current, descriptions } = await this.#open(asked);
    return { document: suggested(current, descriptions), fields: descriptions };
  }

  async validate({ document, ...asked }: Asked & { readonly document: WantedDocument }) {
    const open = await this.#open(asked);
    const wanted = { ...document, version: open.current.version };
    return { faults: await this.#faults(open, wanted), notices: irreversibles(wanted) };
  }

  async preview({ document, limit, ...asked }: Parameters<MappingDesk['preview']>[0]) {
    const { connection, isFixed, next } = await this.#next(asked, document);
    // A policy says nothing before two edits meet.
    if (isFixed) return [];
    const drafted: Connection = { ...connection, mapping: next };
    return this.#withVendor(drafted, (integration) =>
      this.#deps.previewMapping({ connection: drafted, integration, limit }),
    );
  }

  async put({ document, basedOn, actor, ...asked }: Parameters<MappingDesk['put']>[0]) {
    const { current, isFixed, next } = await this.#next(asked, document);
    if (current.version !== basedOn)
      throw new ConflictError(`the mapping is at version ${current.version} by now, expected ${basedOn}`);
    const { clock, random, stores } = this.#deps.platform;
    const { organization, connection } = asked;
    const { version } = next;
    const nowMs = clock.now();
    // What is paired for longer means what it meant.
    const data: MappingData = isFixed ? next : { ...next, putAtMs: nowMs };
    const put = { put: { ...mappingKey(organization, connection), data }, expect: basedOn };
    const order = { organization, connection, version, actor, nowMs };
    const run = isFixed ? [] : [await remapOrder(stores.connections, order)];
    const audit = storeAudit({ store: stores.audit, random });
    const deed = {
      organization,
      connection,
      actor,
      action: 'connection.mapping.changed',
      facts: { version },
    };
    // Before it is made: should the answer be lost, the trail says who asked.
    await record({ audit, clock }, { ...deed, outcome: 'uncertain' });
    await stores.connections.commit([put, ...run]);
    await record({ audit, clock }, deed);
    return this.read(asked);
  }

  /** @throws InvalidInputError with every fault, under the pointer of the first */
  async #next(asked: Asked, document: WantedDocument) {
    const open = await this.#open(asked);
    const next = nextDocument(document, open.current);
    const faults = await this.#faults(open, next);
    if (faults.length === 0) return { ...open, next };
    const all = faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
    throw new InvalidInputError(all, { pointer: `/document${faults[0]?.pointer}` });
  }

  async #faults(open: Open, document: MappingDocument): Promise<readonly MappingFault[]> {
    const { connection } = open;
    const all = await this.#deps.directory.ofOrganization(connection.organization);
    const others = all.flatMap((each) => {
      const held = pairedBy(each.mapping, this.#standardOf(each));
      return each.id === connection.id || held === undefined ? [] : [{ name: each.name, document: held }];
    });
    const own = [...faultsOf(document, open), ...policyFaults(document, this.#kindsOf(connection))];
    return [...own, ...neighbourFaults({ name: connection.name, document }, others)];
  }

  async #open(asked: Asked): Promise<Open> {
    const connection = await this.#connection(asked);
    const standing = this.#standing(connection);
    const descriptions = standing.isFixed ? {} : await this.#described(connection, standing.standard);
    return { connection, ...standing, descriptions };
  }

  #standing(connection: Connection): Standing {
    const own = this.#standardOf(connection);
    const standard = own ?? NO_PAIRS;
    return { isFixed: own === undefined, standard, current: connection.mapping ?? standard };
  }

  #described(connection: Connection, standard: MappingDocument): Promise<Descriptions> {
    const kinds = Object.keys(standard.kinds) as MappedKind[];
    return this.#withVendor(connection, async ({ describe }) => {
      const fields = await Promise.all(kinds.map(async (kind) => [kind, await describe!(kind)] as const));
      return Object.fromEntries(fields);
    });
  }

  async #withVendor<Result>(
    connection: Connection,
    ask: (integration: Integration) => Promise<Result>,
  ): Promise<Result> {
    const code = this.#deps.codeOf(connection.integration);
    if (code === undefined) throw new NotFoundError('there is no such integration');
    const opened = await this.#deps.opener.open(connection, code, { priority: 'bulk' });
    try {
      return await ask(opened.integration);
    } finally {
      await opened.settle();
    }
  }

  #standardOf({ integration }: Connection): MappingDocument | undefined {
    return this.#deps.codeOf(integration)?.manifest.mapping;
  }

  #kindsOf({ integration }: Connection): Manifest['kinds'] {
    return this.#deps.codeOf(integration)?.manifest.kinds ?? {};
  }

  async #connection({ organization, connection }: Asked): Promise<Connection> {
    const found = await this.#deps.directory.get(organization, connection);
    if (found === undefined) throw new NotFoundError('there is no such connection');
    return found;
  }
}
