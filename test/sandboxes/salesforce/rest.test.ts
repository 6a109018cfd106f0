import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE, errorCode, openRest } from './rest-world.ts';

let world: Awaited<ReturnType<typeof openRest>>;
beforeAll(async () => {
  world = await openRest();
});
afterAll(() => world.sandbox.close());

describe('Salesforce sandbox: versions', () => {
  it('lists its versions to anybody, without the limit header', async () => {
    const response = await fetch(`${world.sandbox.url}/services/data/`);

    expect(await response.json()).toContainEqual({ label: "Summer '26", url: BASE, version: '67.0' });
    expect(response.headers.get('sforce-limit-info')).toBeNull();
  });

  it('answers 410 for a retired version and 404 for one that never was', async () => {
    expect((await world.call('GET', '/services/data/v20.0/sobjects')).status).toBe(410);
    expect((await world.call('GET', '/services/data/v99.0/sobjects')).status).toBe(404);
  });
});

describe('Salesforce sandbox: sObject rows', () => {
  it('creates, reads, updates and deletes a case for the official client', async () => {
    const cases = world.connection.sobject('Case');
    const made = await cases.create({ Subject: 'printer', Priority: 'High' });
    const id = made.id ?? '';

    await cases.update({ Id: id, Status: 'Working' });
    const read = await cases.retrieve(id);
    await cases.destroy(id);

    expect(read).toMatchObject({ Subject: 'printer', Status: 'Working', Priority: 'High', IsClosed: false });
    await expect(cases.retrieve(id)).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('gives ids with a true checksum suffix and takes the short form', async () => {
    const id = await world.newCase();

    expect(id).toMatch(/^500[a-zA-Z0-9]{12}[A-Z0-5]{3}$/);
    expect(await world.connection.sobject('Case').retrieve(id.slice(0, 15))).toMatchObject({ Id: id });
  });

  it('gives a case its number and closes it with a date', async () => {
    const id = await world.newCase();

    await world.connection.sobject('Case').update({ Id: id, Status: 'Closed' });
    const read = await world.connection.sobject('Case').retrieve(id);

    expect(read).toMatchObject({ IsClosed: true, ClosedDate: '2026-11-22T12:00:00.000+0000' });
    expect(read.CaseNumber).toMatch(/^\d{8}$/);
  });

  it('stamps in whole seconds', async () => {
    const read = await world.connection.sobject('Case').retrieve(await world.newCase());

    expect(read.SystemModstamp).toBe('2026-11-22T12:00:00.000+0000');
    expect(read.CreatedById).toBe(world.sandbox.hubUserId);
  });

  it('trims text, turns emptiness into null and refuses what is too long', async () => {
    const id = await world.newCase({ Subject: '  padded \n', Description: '' });

    const read = await world.connection.sobject('Case').retrieve(id);
    const tooLong = await world.call('POST', `${BASE}/sobjects/Case`, { Subject: 'x'.repeat(256) });

    expect(read).toMatchObject({ Subject: 'padded', Description: null });
    expect(tooLong.status).toBe(400);
    expect(tooLong.body).toMatchObject([{ errorCode: 'STRING_TOO_LONG', fields: ['Subject'] }]);
  });

  it('counts a comment in bytes, not in letters', async () => {
    const ParentId = await world.newCase();
    const fits = { ParentId, CommentBody: 'é'.repeat(2_000) };

    const kept = await world.call('POST', `${BASE}/sobjects/CaseComment`, fits);
    const refused = await world.call('POST', `${BASE}/sobjects/CaseComment`, {
      ParentId,
      CommentBody: 'é'.repeat(2_001),
    });

    expect(kept.status).toBe(201);
    expect(errorCode(refused)).toBe('STRING_TOO_LONG');
  });

  it.each([
    ['an unknown object', 'POST', '/sobjects/Nope', {}, 404, 'NOT_FOUND'],
    ['an unknown field', 'POST', '/sobjects/Case', { Nope: 1 }, 400, 'INVALID_FIELD'],
    [
      'a read-only field',
      'POST',
      '/sobjects/Case',
      { CaseNumber: '1' },
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ],
    [
      'a missing required field',
      'POST',
      '/sobjects/Contact',
      { FirstName: 'A' },
      400,
      'REQUIRED_FIELD_MISSING',
    ],
    ['a wrong type', 'POST', '/sobjects/CaseComment', { IsPublished: 'yes' }, 400, 'JSON_PARSER_ERROR'],
    ['a malformed reference', 'POST', '/sobjects/Case', { ContactId: 'x' }, 400, 'MALFORMED_ID'],
    [
      'a bad e-mail address',
      'POST',
      '/sobjects/Contact',
      { LastName: 'A', Email: 'x' },
      400,
      'INVALID_EMAIL_ADDRESS',
    ],
    [
      'a reference to nothing',
      'POST',
      '/sobjects/Case',
      { ContactId: '003000000000001AAA' },
      400,
      'INVALID_CROSS_REFERENCE_KEY',
    ],
    [
      'a reference of another kind',
      'POST',
      '/sobjects/Case',
      { ContactId: '500000000000001AAA' },
      400,
      'FIELD_INTEGRITY_EXCEPTION',
    ],
    ['an update of what never was', 'PATCH', '/sobjects/Case/500000000000001AAA', {}, 404, 'NOT_FOUND'],
    [
      'deleting a user',
      'DELETE',
      '/sobjects/User/005Ws0000000001',
      undefined,
      400,
      'INSUFFICIENT_ACCESS_OR_READONLY',
    ],
  ])('refuses %s', async (_, method, path, body, status, code) => {
    const refused = await world.call(method, `${BASE}${path}`, body);

    expect(refused.status).toBe(status);
    expect(errorCode(refused)).toBe(code);
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${world.sandbox.url}${BASE}/sobjects/Case`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.connection.accessToken}` },
      body: '{',
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject([{ errorCode: 'JSON_PARSER_ERROR' }]);
  });

  it('refuses to touch what is in the bin, until it is taken out again', async () => {
    const id = await world.newCase();
    await world.connection.sobject('Case').destroy(id);

    const whileDeleted = await world.call('PATCH', `${BASE}/sobjects/Case/${id}`, { Subject: 'x' });
    world.sandbox.human.undelete(id);
    const afterwards = await world.call('PATCH', `${BASE}/sobjects/Case/${id}`, { Subject: 'x' });

    expect(whileDeleted).toMatchObject({ status: 404, body: [{ errorCode: 'ENTITY_IS_DELETED' }] });
    expect(afterwards.status).toBe(204);
  });

  it('restricts picklists only where the org does', async () => {
    const loose = await world.call('POST', `${BASE}/sobjects/Case`, { Status: 'Dreaming' });
    world.sandbox.settings({ restrictPicklists: true });
    const strict = await world.call('POST', `${BASE}/sobjects/Case`, { Status: 'Dreaming' });
    world.sandbox.settings({ restrictPicklists: false });

    expect(loose.status).toBe(201);
    expect(errorCode(strict)).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });
});

describe('Salesforce sandbox: conditional requests', () => {
  it('refuses an update with 412 once the record changed after the given second', async () => {
    const id = await world.newCase();
    const base = new Date(world.clock.nowMs).toUTCString();
    world.clock.nowMs += 2_000;
    world.sandbox.human.edit(id, { Priority: 'Low' });

    const stale = await world.call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': base },
    );
    const fresh = await world.call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': new Date(world.clock.nowMs).toUTCString() },
    );

    expect(stale.status).toBe(412);
    expect(fresh.status).toBe(204);
  });

  it('lets a change within the same second through, as dates in whole seconds must', async () => {
    const id = await world.newCase();
    world.sandbox.human.edit(id, { Priority: 'Low' });

    const updated = await world.call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      { Status: 'Working' },
      { 'if-unmodified-since': new Date(world.clock.nowMs).toUTCString() },
    );

    expect(updated.status).toBe(204);
  });

  it('answers 400 to a date nobody can read, and ignores conditions on DELETE', async () => {
    const id = await world.newCase();

    const unreadable = await world.call(
      'PATCH',
      `${BASE}/sobjects/Case/${id}`,
      {},
      { 'if-unmodified-since': 'soon' },
    );
    world.clock.nowMs += 2_000;
    world.sandbox.human.edit(id, { Priority: 'Low' });
    const deleted = await world.call('DELETE', `${BASE}/sobjects/Case/${id}`, undefined, {
      'if-unmodified-since': new Date(world.clock.nowMs - 10_000).toUTCString(),
    });

    expect(unreadable.status).toBe(400);
    expect(deleted.status).toBe(204);
  });
});
