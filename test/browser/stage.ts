import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { until } from '../../bin/local/demo/until.ts';
import { worldOf } from '../../bin/local/demo/world.ts';
import { startHub } from '../../bin/local/hub.ts';
import { launchChromium } from './chromium.ts';

type Stage = Awaited<ReturnType<typeof startStage>>;

/** What is there from the first test of a file to its last. */
export let stage: Stage;

/** Sets it up for this file; each test leaves it as it found it. */
export function withStage(): void {
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage?.close());
  afterEach(() => stage.clear());
}

/** The local hub as `npm start` runs it, and a browser in front of it. */
async function startStage() {
  const dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-browser-'));
  const [hub, browser] = await Promise.all([startHub({ dataDir, port: 0 }), launchChromium()]);
  const world = worldOf(hub.description);
  /** What a browser complains of: a script that failed, a request the page's policy forbids. */
  const complaints: string[] = [];

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.goto(hub.description.console);
    return page;
  }

  async function signIn(person = 'Ada Lindqvist', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(options);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: person }).click();
    await page.getByRole('heading', { name: 'Connections' }).waitFor();
    return page;
  }

  const goTo = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name }).click();

  async function openConversation(page: Page, subject: string): Promise<void> {
    await goTo(page, 'Conversations');
    await page.getByRole('link', { name: subject }).click();
    await page.getByRole('heading', { name: subject }).waitFor();
  }

  /** The Case that this first message became. */
  async function caseOf(text: string): Promise<string> {
    const found = await until(`the Case of "${text}"`, async () =>
      (await world.salesforce.rows('Case')).find((row) => row.Description === text),
    );
    return found.Id;
  }

  async function clear(): Promise<void> {
    for (const context of browser.contexts()) await context.close();
    hub.vendors.salesforce.faults.clear();
    complaints.length = 0;
  }

  async function close(): Promise<void> {
    await browser.close();
    await hub.close();
    await rm(dataDir, { recursive: true, force: true });
  }

  return { hub, world, complaints, open, signIn, goTo, openConversation, caseOf, clear, close };
}
