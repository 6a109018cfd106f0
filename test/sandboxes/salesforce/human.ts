import { Readable } from 'node:stream';
import { notFound } from './failure.ts';
import { AGENTS, type Sandbox } from './sandbox.ts';
import { objectOfId } from './schema.ts';
import { runQuery } from './soql/evaluate.ts';
import { parseSoql } from './soql/parser.ts';

export interface GivenFile {
  readonly name: string;
  readonly content: string | number;
  readonly visibility?: 'AllUsers' | 'InternalUsers' | 'SharedUsers';
  readonly as?: string;
  readonly on?: string;
}

export type ChangeKind = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';

const UI_ORIGIN = 'com/salesforce/api/soap/67.0;client=SfdcInternalAPI/';

const HISTORY_AT_ONCE = 200;

/** What people do in the org's own pages; `as` is a user id, an agent's unless told otherwise. */
export class Human {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  createCase(
    values: {
      subject: string;
      description?: string;
      status?: string;
      priority?: string;
      contactEmail?: string;
      contactId?: string;
    },
    as?: string,
  ): { id: string; caseNumber: string } {
    const { org } = this.#sandbox;
    const contact =
      values.contactEmail === undefined
        ? undefined
        : org.all(org.object('Contact')).find((row) => row.Email === values.contactEmail);
    const id = this.#as(as, () =>
      org.insert(org.object('Case'), {
        Subject: values.subject,
        ...(values.description === undefined ? {} : { Description: values.description }),
        ...(values.status === undefined ? {} : { Status: values.status }),
        ...(values.priority === undefined ? {} : { Priority: values.priority }),
        ...((values.contactId ?? contact) ? { ContactId: values.contactId ?? contact?.Id } : {}),
      }),
    );
    return { id, caseNumber: String(org.tables.get(id)?.CaseNumber) };
  }

  /**
   * Cases from before anybody listened: no event tells of them. Every tenth has a comment.
   */
  history(count: number, subject: string): void {
    const { org } = this.#sandbox;
    this.#sandbox.isSilent = true;
    try {
      for (let from = 0; from < count; from += HISTORY_AT_ONCE) {
        this.#as(undefined, () => {
          for (let at = from; at < Math.min(count, from + HISTORY_AT_ONCE); at += 1) {
            const id = org.insert(org.object('Case'), { Subject: `${subject} ${at}` });
            if (at % 10 === 0) {
              org.insert(org.object('CaseComment'), { ParentId: id, CommentBody: `on ${subject} ${at}` });
            }
          }
        });
      }
    } finally {
      this.#sandbox.isSilent = false;
    }
  }

  create(object: string, fields: Readonly<Record<string, unknown>>, as?: string): { id: string } {
    const { org } = this.#sandbox;
    return { id: this.#as(as, () => org.insert(org.object(object), fields)) };
  }

  edit(id: string, fields: Readonly<Record<string, unknown>>, as?: string): void {
    this.#as(as, () => this.#sandbox.org.update(this.#object(id), id, fields));
  }

  editCase(id: string, fields: Readonly<Record<string, unknown>>, as?: string): void {
    this.edit(id, fields, as);
  }

  /** Several records in one transaction: like changes make one event with all their ids. */
  editTogether(ids: readonly string[], fields: Readonly<Record<string, unknown>>, as?: string): void {
    this.#as(as, () => {
      for (const id of ids) this.#sandbox.org.update(this.#object(id), id, fields);
    });
  }

  comment(caseId: string, body: string, more: { isPublished?: boolean; as?: string } = {}): { id: string } {
    const fields = { ParentId: caseId, CommentBody: body, IsPublished: more.isPublished ?? false };
    return this.create('CaseComment', fields, more.as);
  }

  /** A file on a case, of these words or of so many bytes; `on` a document it is a new version of that. */
  async attach(
    caseId: string,
    file: GivenFile,
  ): Promise<{ documentId: string; versionId: string; linkId?: string }> {
    const { org, contents } = this.#sandbox;
    const { name, content, visibility, as, on } = file;
    const taken = await contents.take(
      Readable.from(typeof content === 'number' ? [] : [Buffer.from(content)]),
    );
    const kept =
      typeof content === 'number' ? { ...taken, content: { made: content }, size: content } : taken;
    const place = on === undefined ? { FirstPublishLocationId: caseId } : { ContentDocumentId: on };
    const versionId = this.#as(as, () =>
      org.insert(org.object('ContentVersion'), { PathOnClient: name, ...place }, kept),
    );
    const documentId = String(org.tables.get(versionId)?.ContentDocumentId);
    const links = org.all(org.object('ContentDocumentLink'));
    const link = links.find((row) => row.ContentDocumentId === documentId && row.LinkedEntityId === caseId);
    if (link === undefined) return { documentId, versionId };
    const linkId = String(link.Id);
    if (visibility !== undefined) this.edit(linkId, { Visibility: visibility }, as);
    return { documentId, versionId, linkId };
  }

  editComment(id: string, values: { body?: string; isPublished?: boolean }, as?: string): void {
    const { body, isPublished } = values;
    this.edit(
      id,
      {
        ...(body === undefined ? {} : { CommentBody: body }),
        ...(isPublished === undefined ? {} : { IsPublished: isPublished }),
      },
      as,
    );
  }

  remove(id: string, as?: string): void {
    this.#as(as, () => this.#sandbox.org.remove(this.#object(id), id));
  }

  undelete(id: string, as?: string): void {
    this.#as(as, () => this.#sandbox.org.undelete(this.#object(id), id));
  }

  merge(masterId: string, loserIds: readonly string[], as?: string): void {
    this.#as(as, () => this.#sandbox.org.merge(this.#object(masterId), masterId, loserIds));
  }

  revokeTokens(): void {
    this.#sandbox.sessions.revokeAll();
  }

  gap(id: string, changeType: ChangeKind): void {
    this.#sandbox.gap(id, changeType);
  }

  /** Rows by SOQL, the deleted ones too. */
  find(soql: string): readonly Record<string, unknown>[] {
    const { org } = this.#sandbox;
    return runQuery(org, parseSoql(soql, org.now()), '67.0', true).records;
  }

  #as<Result>(as: string | undefined, work: () => Result): Result {
    return this.#sandbox.org.transaction(as ?? AGENTS[0]?.userId ?? '', UI_ORIGIN, work);
  }

  #object(id: string) {
    const object = objectOfId(id);
    if (!object) throw notFound();
    return object;
  }
}
