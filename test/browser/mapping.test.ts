import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { type Stage, startStage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage?.close());
afterEach(() => stage.clear());

async function openMapping(person?: string) {
  const page = await stage.signIn(person);
  await page
    .getByRole('article', { name: 'Salesforce (sandbox)' })
    .getByRole('link', { name: 'Mapping' })
    .click();
  await page.getByRole('heading', { name: 'Mapping of Salesforce (sandbox)' }).waitFor();
  return page;
}

describe('the mapping of a connection', () => {
  it('is suggested, mended, tried on real records and applied, and a field of the org’s own is in step', async () => {
    const text = 'My tent pole is bent';
    await stage.world.slack.say(text);
    const caseId = await stage.caseOf(text);
    stage.hub.vendors.salesforce.human.editCase(caseId, { Severity__c: 'S1' });
    const page = await openMapping();
    await page.getByText('The integration’s default.').waitFor();
    await screenshot(page, 'mapping-default');

    await page.getByRole('button', { name: 'Suggest' }).click();
    const target = page.getByLabel('Vendor field of custom.severity');
    await target.waitFor();
    await target.fill('Nope__c');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('the vendor has no field Nope__c').waitFor();
    await screenshot(page, 'mapping-faults');

    await target.fill('Severity__c');
    await page.getByLabel('Conflicts of priority').selectOption('ask a person');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('No fault found.').waitFor();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('The hub takes custom.severity').first().waitFor();
    await screenshot(page, 'mapping-preview');

    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Version 1.', { exact: true }).waitFor();
    expect(await page.getByLabel('Conflicts of priority').inputValue()).toBe('ask');
    expect(await page.getByLabel('Conflicts of subject').inputValue()).toBe('newest');
    await screenshot(page, 'mapping-applied');
    expect(stage.complaints).toEqual([]);
  });

  it('can be read by an observer, who has nothing to press', async () => {
    const page = await openMapping('Oskar Brandt');

    await page.getByLabel('Vendor field of subject').waitFor();

    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
  });

  it('is not offered where it is fixed', async () => {
    const page = await stage.signIn();
    const slack = page.getByRole('article', { name: 'Slack (sandbox)' });
    await slack.waitFor();

    expect(await slack.getByRole('link', { name: 'Mapping' }).count()).toBe(0);
  });
});
