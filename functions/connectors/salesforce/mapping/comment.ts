import type { Author, Comment, Fields } from '../../../../shared/domain/index.ts';
import type { MappingContext, Observation, Projectable } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceComment } from '../wire.ts';
import { millisOf, orderOf } from './moments.ts';
import { authorshipOf, baseOf, DELETED, markerOf } from './row.ts';
import { fitted } from './text.ts';

/** User types of people outside the company: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm (UserType) */
const CUSTOMERS = new Set([
  'CspLitePortal',
  'CustomerSuccess',
  'PowerCustomerSuccess',
  'PowerPartner',
  'Guest',
  'customer',
]);

/** Who wrote it, unless it was the hub, whose comments speak for somebody else. */
export function authorOf(
  person: { readonly id: string | null | undefined; readonly name: unknown; readonly type: unknown },
  context: MappingContext,
): Author | undefined {
  if (authorshipOf(person.id, context) === 'hub') return undefined;
  const role = CUSTOMERS.has(String(person.type)) ? 'customer' : 'agent';
  return typeof person.name === 'string' && person.name !== '' ? { role, name: person.name } : { role };
}

/** `link` is the key of the row that was made together with the comment, where the hub made it. */
export function commentObservation(
  row: SalesforceComment,
  link: string | undefined,
  context: MappingContext,
): Observation | undefined {
  const stamped = baseOf('comment', row, context);
  const rootExternalId = canonicalId(row.ParentId);
  if (stamped === undefined || rootExternalId === undefined) return undefined;
  const base = { ...stamped, rootExternalId };
  if (row.IsDeleted === true) return { ...base, ...DELETED };
  const marker = markerOf(link);
  const { CreatedById: id, CreatedBy: creator } = row;
  const author = authorOf({ id, name: creator?.Name, type: creator?.UserType }, context);
  return {
    ...base,
    fields: { body: row.CommentBody ?? null },
    isComplete: true,
    visibility: row.IsPublished === true ? 'public' : 'internal',
    order: orderOf(millisOf(row.CreatedDate), base.externalId),
    ...(author === undefined ? {} : { author }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/**
 * A first line that says for whom the hub's user speaks: `— Ada Lovelace (customer)`. It is no part of the
 * comment: read back it is left out, so that it is not carried to other copies.
 */
const BYLINE = /^— (?:[^\n]* )?\((?:customer|agent|system)\)(?:\n|$)/;
const MAX_NAME = 100;

const isSigning = ({ settings }: MappingContext): boolean => settings.showAuthor === true;

function signed({ author: { name = '', role }, body }: Comment): string {
  const who = [...name.replace(/\s+/g, ' ').trim()].slice(0, MAX_NAME).join('');
  return `— ${who === '' ? '' : `${who} `}(${role})\n${body}`;
}

export function projectComment({ comment, copy, fields }: Projectable, context: MappingContext): Fields {
  const body = comment?.body ?? String(fields.body ?? '');
  const isSigned = comment !== undefined && copy === 'ours' && isSigning(context);
  return { body: fitted('body', isSigned ? signed(comment) : body) };
}

export function interpretComment({ body }: Fields, context: MappingContext): Fields {
  if (body === undefined) return {};
  const text = String(body ?? '');
  return { body: isSigning(context) ? text.replace(BYLINE, '') : text };
}
