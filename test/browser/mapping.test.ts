import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

async function openMapping(person?: string, of = 'Salesforce (sandbox)') {
  const page = await stage.signIn(person);
  await page.getByRole('article', { name: of }).getByRole('link', { name: 'Mapping' }).click();
  await page.getByRole('heading', { name: `Mapping of ${of}` }).waitFor();
  return page;
}

/** The document in force. */
async function documentOf<Document>(integration: string): Promise<Document> {
  const { items } = await stage.world.api.get<{ items: { id: string; integration: string }[] }>(
    '/v1/connections',
  );
  const id = items.find((each) => each.integration === integration)?.id;
  return (await stage.world.api.get<{ document: Document }>(`/v1/connections/${id}/mapping`)).document;
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

  it('is edited whole: a pair of one’s own with a step on the way, a default, what a deletion means', async () => {
    const text = 'The zip is stuck';
    await stage.world.slack.say(text);
    const caseId = await stage.caseOf(text);
    stage.hub.vendors.salesforce.human.editCase(caseId, { Product_Area__c: 'TENTS' });
    const page = await openMapping();
    await page.getByRole('button', { name: 'Remove custom.product_area' }).click();

    await page.getByRole('button', { name: 'Add a pair to ticket' }).click();
    await page.getByLabel('Field of the hub').selectOption('a field of our own');
    await page.getByLabel('Its name').fill('area');
    await page.getByLabel('Field of the vendor').fill('Nope__c');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The vendor has no field Nope__c.').waitFor();
    await page.getByLabel('Field of the vendor').fill('Product_Area__c');
    await screenshot(page, 'mapping-new-pair');
    await page.getByRole('button', { name: 'Add', exact: true }).click();

    const pair = page.getByRole('listitem', { name: 'custom.area and Product_Area__c' });
    await pair.locator('summary').click();
    await pair.getByRole('button', { name: 'Add a step to custom.area' }).click();
    await pair.getByLabel('Step 2 of custom.area', { exact: true }).selectOption('expression');
    await pair.getByLabel('Way in of step 2 of custom.area').fill('$lowercase($)');
    await pair.getByLabel('Way out of step 2 of custom.area').fill('$uppercase($)');
    await pair.getByLabel('Default of custom.area').fill('none');
    await page.getByLabel('Conflicts of a comment’s text').selectOption('merge line by line');
    await page.getByLabel('A deleted ticket').selectOption('close');
    await page.getByLabel('A deleted contact').selectOption('changes nothing');
    await screenshot(page, 'mapping-edited');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('The hub takes custom.area').first().waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText(/^Applied\./).waitFor();

    const document = await documentOf<{ kinds: { ticket: { rules: object[] } } }>('salesforce');
    expect(document).toMatchObject({
      custom: { area: { type: 'text' } },
      conflicts: { comment: { body: { use: 'text' } } },
      deletions: { ticket: 'close', contact: 'ignore' },
    });
    expect(document.kinds.ticket.rules).toContainEqual(
      expect.objectContaining({
        field: 'custom.area',
        vendorField: 'Product_Area__c',
        default: 'none',
        transforms: [
          { use: 'truncate', length: 40 },
          { use: 'expression', in: '$lowercase($)', out: '$uppercase($)' },
        ],
      }),
    );
    expect(stage.complaints).toEqual([]);
  });

  it('loses a pair and the field declared for it alone, and offers it again', async () => {
    const page = await openMapping();
    const pair = page.getByRole('listitem', { name: 'custom.area and Product_Area__c' });
    await pair.getByRole('button', { name: 'Remove custom.area' }).click();
    await pair.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Remove subject' }).click();

    await page.getByRole('button', { name: 'Add a pair to ticket' }).click();
    await page.getByLabel('Field of the hub').selectOption('subject');
    await page.getByRole('button', { name: 'Add', exact: true }).click();

    await page.getByRole('listitem', { name: 'subject and Subject' }).waitFor();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('No fault found.').waitFor();
  });

  it('can be read by an observer, who has nothing to press', async () => {
    const page = await openMapping('Oskar Brandt');

    await page.getByLabel('Vendor field of subject').waitFor();

    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);
  });

  it('holds policies alone where its integration pairs the fields', async () => {
    const page = await openMapping('Ada Lindqvist', 'Slack (sandbox)');
    await page.getByText('Which fields are in step').waitFor();
    expect(await page.getByRole('button', { name: 'Suggest' }).count()).toBe(0);

    await page.getByLabel('Conflicts of a comment’s text').selectOption('ask a person');
    await page.getByLabel('A deleted comment').selectOption('changes nothing');
    await page.getByLabel('A deleted attachment').selectOption('changes nothing');
    expect(await page.getByLabel('A deleted contact').count()).toBe(0);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('No fault found.').waitFor();
    await screenshot(page, 'mapping-policies');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Version 1.', { exact: true }).waitFor();

    expect(await documentOf('slack')).toEqual({
      version: 1,
      kinds: {},
      conflicts: { comment: { body: { use: 'ask' } } },
      deletions: { comment: 'ignore', attachment: 'ignore' },
    });
    expect(stage.complaints).toEqual([]);
  });
});
