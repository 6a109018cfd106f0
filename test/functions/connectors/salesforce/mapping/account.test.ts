import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../../functions/connectors/salesforce/mapping.ts';
import type { ExternalId, Fields, RecordId, RecordKind } from '../../../../../shared/domain/index.ts';
import type { Projectable } from '../../../../../shared/ports/index.ts';
import { CONTEXT, fixture, observed, withPayload } from './events.ts';

const ACCOUNT = '001Ws00000000AbIAI' as ExternalId;
const projected = (kind: RecordKind, fields: Fields, more: Partial<Projectable> = {}) =>
  mapping.project({ id: 'r1' as RecordId, kind, fields, copy: 'ours', ...more }, CONTEXT);

describe('Salesforce change events: accounts', () => {
  it('reads a creation whole, its name in one piece', () => {
    expect(observed(fixture('account-created.relay'))).toMatchObject([
      {
        kind: 'account',
        externalId: ACCOUNT,
        fields: { name: 'Acme Lamps', website: 'acme.example', phone: null },
        isComplete: true,
      },
    ]);
  });

  it.each([
    ['account-updated.relay', { name: 'Acme' }],
    ['account-updated.appflow', { website: 'https://acme.example' }],
  ])('reads of an update what changed (%s)', (name, fields) => {
    expect(observed(fixture(name))).toMatchObject([
      { kind: 'account', externalId: ACCOUNT, fields, isComplete: false },
    ]);
  });

  it('reads to which account a contact belongs, in its one spelling', () => {
    const [seen] = observed(
      fixture('contact-created.relay', withPayload({ AccountId: ACCOUNT.slice(0, 15) })),
    );

    expect(seen).toMatchObject({ kind: 'contact', fields: { account: ACCOUNT }, refersTo: ACCOUNT });
  });
});

describe('Salesforce mapping: accounts', () => {
  it('writes the fields of its own copies, and nothing of what was there before', () => {
    const fields = { name: ' Acme ', website: 'acme.example', phone: null };

    expect(projected('account', fields)).toEqual({ name: 'Acme', website: 'acme.example', phone: null });
    expect(projected('account', fields, { copy: 'theirs' })).toEqual({});
  });

  it('has a name for every company, as the org insists on one', () => {
    expect(projected('account', { name: null, website: 'acme.example' })?.name).toBe('acme.example');
    expect(projected('account', {})?.name).toBe('Unknown');
  });

  it('keeps a long name whole up to what an account takes, not a person', () => {
    const name = 'Gesellschaft '.repeat(19).trim();

    expect(projected('account', { name })?.name).toBe(name);
    expect(mapping.canonicalForm('account', 'name', name)).toBe(name);
    expect(mapping.canonicalForm('account', 'name', 'x'.repeat(256))).toHaveLength(255);
  });

  it('names a contact’s account where that is known', () => {
    const named = (fields: Fields, referredExternalId: ExternalId | null) => {
      const { name: _, ...rest } = projected('contact', { name: 'Ada', ...fields }, { referredExternalId })!;
      return rest;
    };

    expect(named({ account: 'r2' }, ACCOUNT)).toEqual({ account: ACCOUNT });
    expect(named({ account: 'r2' }, null)).toEqual({});
    expect(named({ account: null }, null)).toEqual({ account: null });
  });

  it('takes an account’s id for nothing by itself', () => {
    expect(mapping.interpret('contact', { name: 'Ada', account: ACCOUNT }, CONTEXT)).toEqual({ name: 'Ada' });
    expect(mapping.interpret('contact', { account: null }, CONTEXT)).toEqual({ account: null });
  });
});
