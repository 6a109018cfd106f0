import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

/** What Salesforce says to a Case that lacks a field its owner demands; no retry would help. */
const REFUSAL = {
  on: 'call',
  path: 'composite',
  effect: 'error',
  error: 'REQUIRED_FIELD_MISSING',
  status: 400,
  times: 100,
} as const;

describe('parked work', () => {
  it('says why and whose fault, shows what a replay would write, and goes on by it', async () => {
    const text = 'The stove leaks gas';
    stage.hub.vendors.salesforce.faults.add(REFUSAL);
    await stage.world.slack.say(text);
    const page = await stage.signIn();
    await stage.goTo(page, 'Parked work');
    const replay = page.getByRole('button', { name: /^Replay…/ });
    await replay.first().waitFor({ timeout: 30_000 });
    await screenshot(page, 'parked');
    const item = page.getByRole('listitem').filter({ has: replay }).first();
    expect(await item.textContent()).toContain('REQUIRED_FIELD_MISSING');
    expect(await item.textContent()).toContain('Yours to fix');

    stage.hub.vendors.salesforce.faults.clear();
    await replay.first().click();
    await page.getByRole('heading', { name: 'This would be written' }).waitFor();
    await screenshot(page, 'replay');
    await page.getByRole('button', { name: 'Replay now' }).click();

    await page.getByText('Nothing is parked.').waitFor({ timeout: 30_000 });
    await stage.caseOf(text);
    // Refusals of the vendor are no stage.complaints of the browser.
    expect(stage.complaints).toEqual([]);
  });

  it('is narrowed down, looked at, and put back all at once', async () => {
    stage.hub.vendors.salesforce.faults.add(REFUSAL);
    for (const text of ['The lamp is dark', 'The kettle drips']) await stage.world.slack.say(text);
    const page = await stage.signIn();
    await stage.goTo(page, 'Parked work');
    await page.getByRole('listitem').nth(1).waitFor({ timeout: 30_000 });

    await page.getByLabel('Cause').selectOption('unreadable');
    await page.getByText('Nothing parked is like that.').waitFor();
    await page.getByLabel('Cause').selectOption('rejected');
    await page.getByLabel('Reason').fill('required_field');
    await page.getByRole('listitem').nth(1).waitFor();
    stage.hub.vendors.salesforce.faults.clear();
    await page.getByRole('button', { name: 'Replay all shown…' }).click();
    await screenshot(page, 'replay-all');
    await page.getByRole('button', { name: /^Replay \d+ pieces$/ }).click();

    await page.getByText(/^Replayed: (\d+) of \1 pieces/).waitFor({ timeout: 30_000 });
    await page.getByText('Nothing parked is like that.').waitFor({ timeout: 30_000 });
    await screenshot(page, 'replayed');
    expect(stage.complaints).toEqual([]);
  });

  it('is left alone when the dialog is closed by the keyboard', async () => {
    stage.hub.vendors.salesforce.faults.add(REFUSAL);
    await stage.world.slack.say('The rope is too short');
    const page = await stage.signIn();
    await stage.goTo(page, 'Parked work');
    const replay = page.getByRole('button', { name: /^Replay…/ }).first();
    await replay.waitFor({ timeout: 30_000 });

    await replay.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await replay.waitFor();
  });
});
