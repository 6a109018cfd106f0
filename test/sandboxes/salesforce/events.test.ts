import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { closeAll, start } from './relay-world.ts';

afterEach(closeAll);

describe('Salesforce sandbox: change events', () => {
  it('announces a creation with its values, in the Event Relay shape', async () => {
    const { sandbox, entries, received } = await start();

    const { id } = sandbox.human.createCase({ subject: 'new', priority: 'High' });
    const [event] = await received();

    expect(entries[0]?.Source).toBe(`aws.partner/salesforce.com/${sandbox.orgId}/deskbridge`);
    expect(event?.type).toBe('CaseChangeEvent');
    expect(event?.header).toMatchObject({
      entityName: 'Case',
      recordIds: [id],
      changeType: 'CREATE',
      commitUser: sandbox.agent.userId,
      sequenceNumber: 1,
    });
    expect(event?.payload).toMatchObject({ Subject: 'new', Priority: 'High', Status: 'New' });
    expect(event?.payload).not.toHaveProperty('SystemModstamp');
    expect(event?.payload).not.toHaveProperty('IsDeleted');
  });

  it('announces an edit with what changed alone, and what became empty', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'x', description: 'long' });

    sandbox.human.edit(id, { Description: null, Status: 'Working' });
    const [, event] = await received();

    expect(event?.header).toMatchObject({ changeType: 'UPDATE', nulledFields: ['Description'] });
    expect(event?.header.changedFields).toEqual(expect.arrayContaining(['Description', 'Status']));
    expect(event?.payload).toMatchObject({ Status: 'Working', Description: null });
    expect(event?.payload).not.toHaveProperty('Subject');
  });

  it('says nothing of an edit that changed nothing', async () => {
    const nowMs = Date.parse('2026-11-22T12:00:00Z');
    const { sandbox, received } = await start({ clock: { now: () => nowMs } });
    const { id } = sandbox.human.createCase({ subject: 'x' });

    sandbox.human.edit(id, { Subject: ' x ' });

    expect(await received()).toHaveLength(1);
  });

  it('tells the hub apart from people by the committing user', async () => {
    const { sandbox, received } = await start();
    const connection = await connect(sandbox);

    await connection.sobject('Case').create({ Subject: 'by the hub' });
    const [event] = await received();

    expect(event?.header.commitUser).toBe(sandbox.hubUserId);
    expect(event?.header.changeOrigin).toContain('rest');
  });

  it('sends the changed parts of a contact name as one compound field', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.create('Contact', { FirstName: 'Ada', LastName: 'King' });

    sandbox.human.edit(id, { LastName: 'Lovelace' });
    const [created, edited] = await received();

    expect(created?.payload.Name).toEqual({ FirstName: 'Ada', LastName: 'King' });
    expect(edited?.payload.Name).toEqual({ LastName: 'Lovelace' });
    expect(edited?.header.changedFields).toContain('Name.LastName');
  });

  it('puts like changes of one transaction into one event with several ids', async () => {
    const { sandbox, received } = await start();
    const ids = [
      sandbox.human.createCase({ subject: 'a' }).id,
      sandbox.human.createCase({ subject: 'b' }).id,
    ];

    sandbox.human.editTogether(ids, { Status: 'Working' });
    const events = await received();

    expect(events).toHaveLength(3);
    expect(events[2]?.header.recordIds).toEqual(ids);
  });

  it('announces deletion and undeletion, and a gap without values', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });

    sandbox.human.remove(id);
    sandbox.human.undelete(id);
    sandbox.human.gap(id, 'UPDATE');
    const events = await received();

    expect(events.map((event) => event.header.changeType)).toEqual([
      'CREATE',
      'DELETE',
      'UNDELETE',
      'GAP_UPDATE',
    ]);
    expect(Object.keys(events[3]?.payload ?? {})).toEqual(['ChangeEventHeader']);
  });
});

describe('Salesforce sandbox: comment events of the package', () => {
  it('makes no change event for CaseComment, the trigger publishes its own', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });

    const comment = sandbox.human.comment(id, 'hello', { isPublished: true });
    sandbox.human.editComment(comment.id, { body: 'hello again', isPublished: false });
    sandbox.human.remove(comment.id);
    const events = (await received()).slice(1);

    expect(events.map((event) => event.type)).toEqual(Array(3).fill('Deskbridge_Comment_Event__e'));
    expect(events.map((event) => event.payload.Change_Type__c)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    expect(events[0]?.payload).toMatchObject({
      Comment_Id__c: comment.id,
      Case_Id__c: id,
      Body__c: 'hello',
      Is_Published__c: true,
      Author_Name__c: 'Grace Agent',
      Author_Role__c: 'agent',
      Modified_By__c: sandbox.agent.userId,
    });
    expect(events[2]?.payload.Body__c).toBeNull();
  });

  it('says nothing of a comment that comes back from the bin: no trigger fires for it', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });
    const comment = sandbox.human.comment(id, 'hello');
    sandbox.human.remove(comment.id);

    sandbox.human.undelete(comment.id);
    const events = (await received()).slice(1);

    expect(events.map((event) => event.payload.Change_Type__c)).toEqual(['CREATE', 'DELETE']);
    expect(sandbox.human.find('SELECT Id FROM CaseComment WHERE IsDeleted = false')).toHaveLength(1);
  });

  it('publishes nothing for a comment that went with its case, nor for one rolled back', async () => {
    const { sandbox, received } = await start();
    const { id } = sandbox.human.createCase({ subject: 'a' });
    sandbox.human.comment(id, 'kept');
    sandbox.human.remove(id);

    const connection = await connect(sandbox);
    await connection.request({
      method: 'POST',
      url: '/composite',
      body: JSON.stringify({
        allOrNone: true,
        compositeRequest: [
          {
            method: 'POST',
            url: '/services/data/v67.0/sobjects/CaseComment',
            referenceId: 'a',
            body: { ParentId: id },
          },
        ],
      }),
    });

    expect((await received()).filter((event) => event.type.startsWith('Deskbridge'))).toHaveLength(1);
  });
});
