import type { ExternalId, RecordKind } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import { type DocumentedContext, vendorNames } from '../../../../shared/mapping/index.ts';
import type { Grant, Observation, Opening, WriteOutcome } from '../../../../shared/ports/index.ts';
import {
  both,
  COMPANIES,
  type Condition,
  IDS_AT_ONCE,
  idIn,
  type Selection,
  type SoqlObject,
  select,
} from '../client/soql.ts';
import { answered, queryResult, querySubpath, SalesforceClient, type Subrequest } from '../client.ts';
import { canonicalId } from '../ids.ts';
import { commentObservation } from '../mapping/comment.ts';
import { hasPersonAccounts, IS_PERSON } from '../mapping/person.ts';
import { markedObservation } from '../mapping/row.ts';
import { standard } from '../mapping/standard.ts';
import { salesforceWire } from '../wire.ts';
import { observedDocuments } from './documents.ts';

export const OBJECTS = {
  ticket: 'Case',
  comment: 'CaseComment',
  account: 'Account',
  contact: 'Contact',
  attachment: 'ContentDocument',
} as const satisfies Record<RecordKind, SoqlObject>;
const KINDS = Object.keys(OBJECTS) as RecordKind[];
export const LINK = 'Deskbridge_Comment_Link__c';
export const MARK = 'Deskbridge_Id__c';

/** One connection spoken to with one grant; makes its client when the first call needs it. */
export class Session {
  readonly #opening: Opening;
  readonly #grant: Grant;
  #client: SalesforceClient | undefined;

  constructor(opening: Opening, grant: Grant) {
    this.#opening = opening;
    this.#grant = grant;
  }

  get client(): SalesforceClient {
    this.#client ??= new SalesforceClient(this.#opening, this.#grant);
    return this.#client;
  }

  get context(): DocumentedContext {
    const { connection, clock } = this.#opening;
    const hubUserId = connection.hubUserId ?? this.#grant.hubUserId;
    return {
      settings: connection.settings,
      mapping: connection.mapping ?? standard,
      receivedAtMs: clock.now(),
      ...(hubUserId === undefined ? {} : { hubUserId }),
    };
  }

  /** A statement for every column of a kind that is in step with the hub, the org's own fields with the rest. */
  select(kind: RecordKind, selection: Selection): string {
    return select(OBJECTS[kind], { ...selection, fields: this.columnsOf(OBJECTS[kind]) });
  }

  /** What is listed of a kind: a person's own account is no company. */
  listed(kind: RecordKind, where?: Condition): Pick<Selection, 'where'> {
    const isMixed = kind === 'account' && hasPersonAccounts(this.context);
    const conditions = [...(where === undefined ? [] : [where]), ...(isMixed ? [COMPANIES] : [])];
    return conditions.length === 0 ? {} : { where: conditions.reduce(both) };
  }

  columnsOf(object: SoqlObject): readonly string[] {
    const kind = KINDS.find((each) => OBJECTS[each] === object);
    if (kind === undefined) return [];
    const names = Object.values(vendorNames(this.context.mapping, kind));
    return kind === 'contact' && hasPersonAccounts(this.context) ? [...names, IS_PERSON] : names;
  }

  /** Rows of one kind as the hub sees them; comments of the hub's own with the record they are copies of. */
  async observed(kind: RecordKind, rows: readonly unknown[]): Promise<Observation[]> {
    if (kind === 'attachment') return await observedDocuments(this.client, rows, this.context);
    const links = kind === 'comment' ? await this.#linksOf(rows) : new Map<string, string>();
    return rows.map((row) => this.observation(kind, row, links));
  }

  observation(kind: RecordKind, row: unknown, links: ReadonlyMap<string, string>): Observation {
    const observation = observationOf(kind, row, links, this.context);
    if (observation === undefined) {
      throw new ProviderUnavailableError('salesforce answered a row without an id or a stamp');
    }
    return observation;
  }

  /** Which records the hub's own comments are copies of, by their ids. */
  async #linksOf(rows: readonly unknown[]): Promise<Map<string, string>> {
    const hub = canonicalId(this.context.hubUserId);
    const own = rows
      .map((row) => answered(salesforceWire.commentRow, row))
      .filter((row) => row.IsDeleted !== true && canonicalId(row.CreatedById) === hub)
      .map((row) => row.Id);
    if (own.length === 0) return new Map();
    const answers = await this.client.together(queriesOf(LINK, 'Comment_Id__c', own));
    return linksIn([...answers.values()].flatMap((body) => rowsOf(body)));
  }
}

/** So many queries that each keeps within an address, as parts of one call. */
export function queriesOf(object: SoqlObject, column: string, ids: readonly string[]): Subrequest[] {
  return Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, at) => {
    const some = ids.slice(at * IDS_AT_ONCE, (at + 1) * IDS_AT_ONCE);
    const soql = select(object, { where: idIn(column, some) });
    return { method: 'GET', path: querySubpath(soql), referenceId: `rows${at}` };
  });
}

function observationOf(
  kind: RecordKind,
  row: unknown,
  links: ReadonlyMap<string, string>,
  context: DocumentedContext,
): Observation | undefined {
  switch (kind) {
    case 'ticket':
    case 'contact':
    case 'account':
      return markedObservation(kind, answered(salesforceWire.markedRow, row), context);
    case 'comment': {
      const comment = answered(salesforceWire.commentRow, row);
      return commentObservation(comment, links.get(canonicalId(comment.Id) ?? ''), context);
    }
  }
}

/** Comment → the key it was made with. */
export function linksIn(records: readonly unknown[]): Map<string, string> {
  const rows = livingLinks(records);
  return new Map(rows.map((row) => [canonicalId(row.Comment_Id__c) ?? '', row.Key__c]));
}

export const livingLinks = (records: readonly unknown[]) =>
  records.map((row) => answered(salesforceWire.linkRow, row)).filter((row) => row.IsDeleted !== true);

/** The rows a query inside a composite answered. */
export const rowsOf = (body: unknown): readonly unknown[] => queryResult(body).records;

export function settled(
  externalId: ExternalId,
  observation: Observation | undefined,
): Extract<WriteOutcome, { outcome: 'settled' }> {
  const version = observation?.version;
  return {
    outcome: 'settled',
    externalId,
    ...(version === undefined ? {} : { version }),
    ...(observation === undefined ? {} : { observation }),
  };
}
