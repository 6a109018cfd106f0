import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

describe('the schedule of a connection', () => {
  it('shows when the vendor is asked, previews another schedule, and keeps what was chosen', async () => {
    const page = await stage.signIn();
    const salesforce = page.getByRole('article', { name: 'Salesforce (sandbox)' });
    await salesforce.getByText('Schedule', { exact: true }).click();
    const expression = salesforce.getByLabel('Ask the vendor');
    await expression.waitFor();
    expect(await expression.inputValue()).toBe('rate(1 minute)');

    await expression.fill('cron(30 2 * * ? *)');
    await salesforce.getByLabel('in the time zone').fill('Europe/Berlin');
    await salesforce.getByRole('button', { name: 'Preview' }).click();
    await salesforce.getByText('Not saved yet.').waitFor();
    expect(await salesforce.getByRole('list', { name: 'Next runs' }).getByRole('listitem').count()).toBe(5);
    await salesforce.getByRole('button', { name: 'Save schedule' }).click();
    await salesforce.getByText('Saved.').waitFor();
    await screenshot(page, 'connection-schedule');

    await salesforce.getByRole('button', { name: 'Use the usual one' }).click();
    await salesforce.getByText('Back to the usual schedule.').waitFor();
    expect(await expression.inputValue()).toBe('rate(1 minute)');
  });
});
