import { describe, expect, it } from 'vitest';
import { Session } from '../../../../../functions/connectors/salesforce/adapter/session.ts';
import { adapter } from '../../../../../functions/connectors/salesforce/adapter.ts';
import { connected } from '../world.ts';
import { decoded, fixture, observed, withPayload } from './events.ts';

const ACCOUNT = '001Ws00000000AbIAI';
const PERSON = { IsPersonAccount: true };

describe('Salesforce person accounts: their events', () => {
  it('tell of a contact without a company', () => {
    const body = fixture('contact-created.relay', withPayload({ ...PERSON, AccountId: ACCOUNT }));

    const [seen] = observed(body);

    expect(seen).toMatchObject({ kind: 'contact', fields: { name: 'Ada Lovelace', account: null } });
    expect(seen).not.toHaveProperty('refersTo');
  });

  it('tell of no company', () => {
    expect(decoded(fixture('account-created.relay', withPayload(PERSON)))).toEqual({
      outcome: 'filtered',
      reason: 'a person, not a company',
    });
  });
});

describe('Salesforce person accounts: their rows', () => {
  async function sessionWith(settings: Record<string, boolean>) {
    const { sandbox, opening, grant } = await connected();
    await sandbox.close();
    return new Session({ ...opening, connection: { ...opening.connection, settings } }, grant);
  }

  it('are asked for by what tells them apart in an org that has them, and never elsewhere', async () => {
    const [plain, mixed] = [await sessionWith({}), await sessionWith({ hasPersonAccounts: true })];

    expect(mixed.select('contact', mixed.listed('contact'))).toContain('IsPersonAccount');
    expect(mixed.select('account', mixed.listed('account'))).toMatch(/WHERE IsPersonAccount = false$/);
    expect(plain.select('contact', plain.listed('contact'))).not.toContain('IsPersonAccount');
    expect(plain.select('account', plain.listed('account'))).not.toContain('IsPersonAccount');
  });

  it('are left out where a company is looked for, one or many', async () => {
    const { sandbox, opening, grant } = await connected({ hasPersonAccounts: true });
    const asked: string[] = [];
    const fetch: typeof opening.fetch = (address, init) => {
      asked.push(`${decodeURIComponent(String(address))} ${decodeURIComponent(String(init?.body ?? ''))}`);
      return opening.fetch(address, init);
    };
    const { match, together } = adapter.open({ ...opening, fetch }, grant);
    const fields = { name: 'Ada Lovelace', website: 'https://ada.example' };

    // The sandbox’s org has none, and refuses to be asked for them.
    for (const looked of [match!('account', fields), together!.match('account', [fields])])
      await expect(looked).rejects.toMatchObject({ vendorCode: 'INVALID_FIELD' });

    await sandbox.close();
    const queries = asked.filter((each) => each.includes('FROM Account'));
    expect(queries).toHaveLength(2);
    for (const query of queries) expect(query).toContain('AND (IsPersonAccount = false)');
  });

  it('are contacts without a company', async () => {
    const session = await sessionWith({ hasPersonAccounts: true });
    const row = {
      Id: '003Ws00000000AbIAI',
      IsDeleted: false,
      LastModifiedById: '005Ws0000000002IAA',
      SystemModstamp: '2026-11-22T12:00:00.000+0000',
      Name: 'Ada Lovelace',
      AccountId: ACCOUNT,
    };

    const [person, employee] = await session.observed('contact', [{ ...row, ...PERSON }, row]);

    expect(person?.fields).toMatchObject({ name: 'Ada Lovelace', account: null });
    expect(person).not.toHaveProperty('refersTo');
    expect(employee).toMatchObject({ fields: { account: ACCOUNT }, refersTo: ACCOUNT });
  });
});
