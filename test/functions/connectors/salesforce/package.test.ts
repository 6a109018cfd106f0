import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_VERSION } from '../../../../functions/connectors/salesforce/client.ts';
import { salesforceWire } from '../../../../functions/connectors/salesforce/wire.ts';
import { objects } from '../../../sandboxes/salesforce/schema.ts';
import { costlyLoops, methodsOf, uncommented } from './apex.ts';
import { connected } from './world.ts';

const ROOT = new URL('../../../../functions/connectors/salesforce/package/', import.meta.url).pathname;
const SOURCE = join(ROOT, 'force-app/main/default');
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const fieldsOf = (object: string): string[] =>
  readdirSync(join(SOURCE, 'objects', object, 'fields')).map((name) => name.replace('.field-meta.xml', ''));
const value = (xml: string, tag: string): string | undefined =>
  new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1];

describe('Salesforce package: its metadata', () => {
  it.each(files.filter((path) => path.endsWith('.xml')))('%s closes every element it opens', (path) => {
    const open: string[] = [];
    for (const [, slash, name] of text(path)
      .replace(/<\?.*?\?>/, '')
      .matchAll(/<(\/?)([A-Za-z]+)[^>]*>/g)) {
      if (slash === '') open.push(name ?? '');
      else expect(open.pop()).toBe(name);
    }

    expect(open).toEqual([]);
  });

  it('has source and metadata of every class and trigger, in the API version the hub speaks', () => {
    const code = files.filter((path) => /\.(cls|trigger)$/.test(path));

    expect(code).toHaveLength(3);
    for (const path of code) expect(value(text(`${path}-meta.xml`), 'apiVersion')).toBe(API_VERSION);
    expect(JSON.parse(text('sfdx-project.json'))).toMatchObject({ sourceApiVersion: API_VERSION });
    expect(value(text('manifest/package.xml'), 'version')).toBe(API_VERSION);
  });

  it('lists in its manifest what it holds', () => {
    const manifest = text('manifest/package.xml');
    const names = files
      .filter((path) =>
        /(classes|triggers|platformEventChannels|platformEventChannelMembers|permissionsets)\//.test(path),
      )
      .map((path) => path.split('/').at(-1)?.split('.')[0] ?? '');

    for (const name of [
      ...names,
      'Account.Deskbridge_Id__c',
      'Case.Deskbridge_Id__c',
      'Contact.Deskbridge_Id__c',
      'ContentVersion.Deskbridge_Id__c',
      'Deskbridge_Comment_Link__c',
    ]) {
      expect(manifest).toContain(`<members>${name}</members>`);
    }
  });

  it.each([
    ['Account/fields/Deskbridge_Id__c', 'Account', 'Deskbridge_Id__c'],
    ['Case/fields/Deskbridge_Id__c', 'Case', 'Deskbridge_Id__c'],
    ['Contact/fields/Deskbridge_Id__c', 'Contact', 'Deskbridge_Id__c'],
    ['Deskbridge_Comment_Link__c/fields/Key__c', 'Deskbridge_Comment_Link__c', 'Key__c'],
    ['Deskbridge_Comment_Link__c/fields/Comment_Id__c', 'Deskbridge_Comment_Link__c', 'Comment_Id__c'],
  ])('makes %s unique and tells letter case apart, as the sandbox does', (path, object, field) => {
    const xml = text(`force-app/main/default/objects/${path}.field-meta.xml`);
    const spec = objects.get(object.toLowerCase())?.fields.get(field);

    expect([value(xml, 'unique'), value(xml, 'caseSensitive'), value(xml, 'externalId')]).toEqual([
      'true',
      'true',
      'true',
    ]);
    expect(spec).toMatchObject({
      unique: true,
      caseSensitive: true,
      externalId: true,
      length: Number(value(xml, 'length')),
    });
  });

  it('keeps a file’s mark as long as the sandbox does, for every version of it', () => {
    const xml = text('force-app/main/default/objects/ContentVersion/fields/Deskbridge_Id__c.field-meta.xml');
    const spec = objects.get('contentversion')?.fields.get('Deskbridge_Id__c');

    expect([value(xml, 'unique'), Number(value(xml, 'length'))]).toEqual(['false', spec?.length]);
    expect(spec?.unique).toBeUndefined();
  });

  it('starts both relays stopped, as they must be, each on its own channel', () => {
    const relays = files.filter((path) => path.startsWith('relay/')).map(text);

    expect(relays.map((xml) => value(xml, 'state'))).toEqual(['STOP', 'STOP']);
    expect(new Set(relays.map((xml) => value(xml, 'eventChannel')))).toEqual(
      new Set(['Deskbridge_Changes__chn', 'Deskbridge_Comments__chn']),
    );
  });
});

describe('Salesforce package: its event', () => {
  it('has a field for everything the hub reads of it', () => {
    const read = Object.keys(salesforceWire.commentEvent.def.shape).filter((name) => name.endsWith('__c'));

    expect(fieldsOf('Deskbridge_Comment_Event__e').sort()).toEqual(read.sort());
  });

  it('is what the sandbox publishes', async () => {
    const world = await connected();
    const { id } = world.sandbox.human.createCase({ subject: 'a' });
    world.sandbox.human.comment(id, 'hello');
    const bodies = await world.relayed();
    await world.sandbox.close();
    const { detail } = JSON.parse(String(bodies.at(-1))) as { detail: { payload: Record<string, unknown> } };

    const published = Object.keys(detail.payload).filter((name) => name.endsWith('__c'));

    expect(published.sort()).toEqual(fieldsOf('Deskbridge_Comment_Event__e').sort());
  });

  it('is filled with every field it has', () => {
    const handler = text('force-app/main/default/classes/DeskbridgeCommentEvents.cls');

    for (const field of fieldsOf('Deskbridge_Comment_Event__e')) expect(handler).toContain(field);
  });

  it('is published at each moment a trigger on comments can have, and told apart by the hub', () => {
    const trigger = uncommented(text('force-app/main/default/triggers/DeskbridgeCaseComment.trigger'));
    const moments = /on CaseComment\s*\(([^)]*)\)/.exec(trigger)?.[1]?.split(/\s*,\s*/);
    const handler = text('force-app/main/default/classes/DeskbridgeCommentEvents.cls');
    const types = [...handler.matchAll(/'([A-Z]{6,})'/g)].map(([, type]) => type);

    // https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_recovered_records.htm
    // lists what fires `after undelete`; CaseComment is not among it.
    expect(moments).toEqual(['after insert', 'after update', 'after delete']);
    expect(new Set(types)).toEqual(new Set(['CREATE', 'UPDATE', 'DELETE']));
    expect(new Set(salesforceWire.commentEvent.def.shape.Change_Type__c.options)).toEqual(new Set(types));
  });
});

describe('Salesforce package: its Apex keeps the governor limits', () => {
  const code = files.filter((path) => /\.(cls|trigger)$/.test(path));

  // 100 queries and 150 changes a transaction, while a trigger gets up to 200 rows at once:
  // https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_apexgov.htm
  it.each(code)('%s neither asks nor changes the database inside a loop', (path) => {
    expect(costlyLoops(text(path))).toEqual([]);
  });

  it.each([
    ['a query', 'void a() { for (Integer i = 0; i < 9; i++) { x = [SELECT Id FROM Case]; } }'],
    ['a change', 'void a() { for (Case each : cases) update each; }'],
    ['a query by a method', 'Case q() { return [SELECT Id FROM Case]; } void a() { while (go) { q(); } }'],
  ])('the rule sees %s in a loop', (_, source) => {
    expect(costlyLoops(source)).toEqual(['a']);
  });

  it('the rule lets a loop over one query pass', () => {
    expect(costlyLoops('void a() { for (Case each : [SELECT Id FROM Case]) { ids.add(each.Id); } }')).toEqual(
      [],
    );
  });

  it('proves every test by an assertion', () => {
    const tests = uncommented(text('force-app/main/default/classes/DeskbridgeCommentEventsTest.cls'));
    const named = [...tests.matchAll(/@IsTest\s+static void (\w+)/g)].map(([, name]) => name ?? '');

    expect(named.length).toBeGreaterThan(4);
    for (const name of named) {
      const body = methodsOf(tests).find((method) => method.name === name)?.body;
      expect(body, name).toMatch(/Assert\.|taken\(\)/);
    }
  });
});
