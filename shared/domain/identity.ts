import type { Fields, FieldValue, RecordKind } from './record.ts';

/** The kinds of which an object found in another system may be the same person or company already. */
export const hasIdentity = (kind: RecordKind): kind is 'contact' | 'account' =>
  kind === 'contact' || kind === 'account';

/**
 * By what two objects are known to be one, in one spelling. A contact's is its e-mail address. A company's is its
 * website and its name: two branches share the first, two strangers the second. Undefined: nothing that would tell.
 */
export function identityOf(kind: RecordKind, { email, name, website }: Fields): string | undefined {
  if (kind === 'contact') return wordOf(email);
  if (kind !== 'account') return undefined;
  const [domain, called] = [domainOf(website), wordOf(name)];
  return domain === undefined || called === undefined ? undefined : `${domain} ${called}`;
}

function wordOf(value: FieldValue | undefined): string | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return word === '' ? undefined : word;
}

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** `https://www.Acme.com/` is `acme.com`. A page within a site tells of no company: many share a domain that way. */
function domainOf(website: FieldValue | undefined): string | undefined {
  const written = wordOf(website);
  if (written === undefined) return undefined;
  const page = URL.parse(written.includes('://') ? written : `https://${written}`);
  if (page === null) return undefined;
  const { hostname, pathname, search, hash } = page;
  const domain = hostname.replace(/^www\./, '').replace(/\.$/, '');
  return pathname === '/' && search === '' && hash === '' && DOMAIN.test(domain) ? domain : undefined;
}
