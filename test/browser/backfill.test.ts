import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

/** A net alone: so long that the figures on the page have a basis, the history outlasts the usual one. */
const PATIENCE_MS = 240_000;

describe('the history of a connection', () => {
  it(
    'brings in everything a vendor has, shows how far it is, stops when told to, and brings out the rest',
    async () => {
      await stage.world.api.patch('/v1/features', { 'delta-sync': false });
      stage.hub.vendors.salesforce.human.history(1_200, 'Old case');
      const page = await stage.signIn();
      const salesforce = page.getByRole('article', { name: 'Salesforce (sandbox)' });
      const slack = page.getByRole('article', { name: 'Slack (sandbox)' });

      await salesforce.getByRole('button', { name: 'Bring in everything' }).click();

      await salesforce.getByRole('progressbar', { name: 'Backfill' }).waitFor();
      await salesforce
        .getByText(/^[1-9][\d,]* of [12],\d{3} records · \d+ a second · .+ left$/)
        .waitFor({ timeout: 60_000 });
      await screenshot(page, 'backfill');
      expect(await slack.getByRole('region', { name: 'History' }).count()).toBe(0);
      await salesforce.getByRole('button', { name: 'Cancel' }).click();
      await salesforce.getByText(/^Cancelled .* · [\d,]+ records/).waitFor();
      await screenshot(page, 'backfill-cancelled');

      // What is there already gets no other copy.
      const cases = (await stage.world.salesforce.rows('Case')).length;
      await salesforce.getByRole('button', { name: 'Bring out everything' }).click();
      await salesforce.getByText(/^Complete .* · [1-9][\d,]* records/).waitFor({ timeout: 120_000 });
      await screenshot(page, 'backfill-outward');
      expect(await stage.world.salesforce.rows('Case')).toHaveLength(cases);
      expect(stage.complaints).toEqual([]);
    },
    PATIENCE_MS,
  );
});
