import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { screenshot } from './chromium.ts';
import { stage, withStage } from './stage.ts';

withStage();

describe('files of a conversation', () => {
  it('gives a customer’s file to whoever asks for it, byte for byte', async () => {
    const text = 'My lamp flickers, see the film';
    const { ts } = await stage.world.slack.say(text);
    await stage.caseOf(text);
    const content = 'frames of a flickering lamp '.repeat(500);
    const files = [{ name: 'flicker film.mp4', type: 'video/mp4', content }];
    await stage.world.slack.control('POST', 'files', { threadTs: ts, text: 'here', files });
    const page = await stage.signIn();
    await stage.openConversation(page, text);

    const button = page.getByRole('button', { name: 'Download flicker film.mp4' });
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);

    expect(download.suggestedFilename()).toBe('flicker film.mp4');
    expect(await readFile(await download.path(), 'utf8')).toBe(content);
    await page.getByRole('heading', { name: text }).waitFor();
    await screenshot(page, 'timeline-file');
    expect(stage.complaints).toEqual([]);
  });

  it('sends a file to the customer, byte for byte, and one for the team to nobody else', async () => {
    const text = 'My lamp hums, what now';
    const { ts } = await stage.world.slack.say(text);
    await stage.caseOf(text);
    const page = await stage.signIn();
    await stage.openConversation(page, text);
    const form = page.getByRole('form', { name: 'Send a file' });
    const timeline = page.getByRole('log', { name: 'Timeline' });
    const send = async (name: string, buffer: Buffer) => {
      await form.getByLabel('Attach a file').setInputFiles({ name, mimeType: 'text/plain', buffer });
      await form.getByRole('button', { name: 'Send file' }).click();
      await timeline.getByText(name).waitFor();
    };
    const manual = Buffer.from('how to quiet a lamp '.repeat(5_000));
    const costs = Buffer.from('what a quiet lamp costs us');

    await send('costs.txt', costs);
    await form.getByLabel('Who may see it').selectOption('The customer too');
    await send('manual.txt', manual);

    await timeline.getByText(/File “manual\.txt”.*: in .*, in /).waitFor();
    await timeline.getByText(/File “costs\.txt”.*\(internal\): in Salesforce/).waitFor();
    await screenshot(page, 'timeline-sent');
    const { files } = await stage.world.slack.control<{
      files: { title: string; sha256: string; state: string; shares: { threadTs?: string }[] }[];
    }>('GET', 'state');
    const inThread = files.filter(({ shares }) => shares.some(({ threadTs }) => threadTs === ts));
    expect(inThread).toMatchObject([
      { title: 'manual.txt', state: 'complete', sha256: createHash('sha256').update(manual).digest('hex') },
    ]);
    const { ContentVersion: versions = [] } = await stage.world.salesforce.control<
      Record<string, readonly { readonly Checksum: string }[]>
    >('GET', 'state');
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
    expect(versions.map(({ Checksum }) => Checksum)).toEqual(
      expect.arrayContaining([md5(manual), md5(costs)]),
    );
    expect(stage.complaints).toEqual([]);
  });

  it('gives an observer no file to send', async () => {
    const text = 'My lamp is fine';
    await stage.world.slack.say(text);
    await stage.caseOf(text);
    const page = await stage.signIn('Oskar Brandt');
    await stage.openConversation(page, text);

    expect(await page.getByRole('form', { name: 'Send a file' }).count()).toBe(0);
  });
});
