import { describe, expect, it } from 'vitest';
import { hasIdentity, identityOf, RECORD_KINDS } from '../../../shared/domain/index.ts';

describe('identity: by what two objects of different systems are known to be one', () => {
  it('is a contact’s address, however it is written', () => {
    expect(identityOf('contact', { email: ' Ada@Example.com ' })).toBe('ada@example.com');
    expect(identityOf('contact', { email: ' ', name: 'Ada' })).toBeUndefined();
  });

  it('is looked for in people and companies alone', () => {
    expect(RECORD_KINDS.filter(hasIdentity)).toEqual(['account', 'contact']);
    expect(identityOf('ticket', { name: 'Acme', website: 'acme.example' })).toBeUndefined();
  });

  it('is another company’s where www is but a part of its domain', () => {
    expect(identityOf('account', { name: 'Acme', website: 'awww.example' })).toBe('awww.example acme');
    expect(identityOf('account', { name: 'Acme', website: 'old.www.example' })).toBe('old.www.example acme');
  });

  it.each([
    ['acme.example'],
    ['ACME.example'],
    ['www.acme.example'],
    ['http://acme.example'],
    ['https://www.acme.example/'],
    [' acme.example. '],
  ])('is a company’s name with its website, written as %s', (website) => {
    expect(identityOf('account', { name: ' Acme ', website })).toBe('acme.example acme');
  });

  it.each([
    ['a page within a site that others share', 'https://pages.example/acme'],
    ['a page told by a query', 'https://pages.example/?id=1'],
    ['a page told by a fragment', 'https://pages.example/#/acme'],
    ['no host', 'our website'],
    ['an address', '192.0.2.1'],
    ['a name without a domain', 'intranet'],
    ['nothing', ''],
    ['nothing at all', null],
  ])('is not known by %s', (_what, website) => {
    expect(identityOf('account', { name: 'Acme', website })).toBeUndefined();
  });

  it('is not known by a website without a name, nor of any other kind', () => {
    expect(identityOf('account', { website: 'acme.example' })).toBeUndefined();
    expect(identityOf('ticket', { email: 'ada@example.com' })).toBeUndefined();
  });
});
