import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

interface Mapped {
  readonly document: {
    readonly version: number;
    readonly kinds: { readonly ticket: { readonly rules: readonly object[] } };
  };
}

/** The desk's severity is a field of the organization's own. */
async function mapSeverity(): Promise<void> {
  const { items } = await stage.world.api.get<{ items: { id: string; integration: string }[] }>(
    '/v1/connections',
  );
  const path = `/v1/connections/${items.find(({ integration }) => integration === 'salesforce')?.id}/mapping`;
  const { document } = await stage.world.api.get<Mapped>(path);
  const values = ['S1', 'S2', 'S3'].map((word) => ({ hub: word, vendor: [word] }));
  const rule = {
    field: 'custom.severity',
    vendorField: 'Severity__c',
    direction: 'both',
    first: 'vendor',
    values,
  };
  await stage.world.api.put(path, {
    basedOn: document.version,
    document: {
      ...document,
      custom: { severity: { type: 'text' } },
      kinds: { ...document.kinds, ticket: { rules: [...document.kinds.ticket.rules, rule] } },
    },
  });
}

/** The question beside what is shown, and the answer to it. */
async function ask(page: Page, what: string, nth = 0) {
  await page
    .getByRole('button', { name: `Why this ${what}?` })
    .nth(nth)
    .click();
  return page.getByRole('dialog', { name: `Why this ${what}?` });
}
const close = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

describe('every field of a conversation', () => {
  it('has its why: the customer, a field of the organization’s own, what was said, and a file', async () => {
    await mapSeverity();
    const text = 'The stove hisses';
    const { ts } = await stage.world.slack.say(text);
    const caseId = await stage.caseOf(text);
    await stage.world.slack.say('Is that safe?', ts);
    await stage.world.slack.control('POST', 'files', {
      threadTs: ts,
      text: 'listen',
      files: [{ name: 'hiss.mp3', type: 'audio/mpeg', content: 'hiss' }],
    });
    await stage.world.salesforce.change(caseId, { Severity__c: 'S2' });
    const page = await stage.signIn();
    await stage.openConversation(page, text);
    await page.locator('.summary').getByText('S2').waitFor();
    await page.getByText('File “hiss.mp3”').waitFor();
    await screenshot(page, 'conversation-why');
    await page.setViewportSize({ width: 400, height: 860 });
    await screenshot(page, 'conversation-why-400');
    const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflowPx).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 860 });

    const severity = await ask(page, 'severity');
    await severity.getByText('Salesforce (sandbox) set “S2” in place of nothing').waitFor();
    await screenshot(page, 'why-severity');
    await close(page);

    const customer = await ask(page, 'customer');
    for (const name of ['Who asks', 'Name', 'E-mail address'])
      await customer.getByRole('heading', { name, exact: true }).waitFor();
    await customer
      .getByText(/^Began with “.*”, by Slack/)
      .first()
      .waitFor();
    await screenshot(page, 'why-customer');
    await close(page);

    const opening = await ask(page, 'message');
    await opening.getByText(`Began with “${text}”, by Slack (sandbox)`).waitFor();
    await close(page);
    const said = await ask(page, 'message', 1);
    await said.getByText('Began with “Is that safe?”, by Slack (sandbox)').waitFor();
    await said.getByText('Began with “public”, by Slack (sandbox)').waitFor();
    await screenshot(page, 'why-message');
    await close(page);

    const file = await ask(page, 'file');
    await file.getByText('Began with “hiss.mp3”, by Slack (sandbox)').waitFor();
    await close(page);
    expect(stage.complaints).toEqual([]);
  });
});
