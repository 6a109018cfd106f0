import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RECORD_KINDS } from '../shared/domain/index.ts';
import { type Backfill, hasEnded, progressLine } from './backfill/progress-bar.ts';
import type { LocalDescription } from './local/demo/description.ts';
import { type HubApi, hubApi } from './local/demo/hub-api.ts';
import { agentToken } from './local/demo/oauth.ts';

const USAGE = `npm run backfill -- [--connection ID] [--out] [--kinds ${RECORD_KINDS.join(',')}] [--since 2026-01-01T00:00:00Z] [--cancel]

Starts a backfill (--out: of what the hub holds and has no copy there; comments go with their tickets) and shows its progress; where one is under way, shows that one. Ctrl-C leaves it running.
The hub is the local one (DESKBRIDGE_DATA, .deskbridge by default), or --hub https://… with DESKBRIDGE_TOKEN.`;

const EVERY_MS = 500;

interface Backfills {
  readonly isOffered: boolean;
  readonly items: readonly Backfill[];
}

/** `npm run backfill`. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const job = await run(args);
    process.exitCode = job === undefined || job.state === 'done' ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function run(args: readonly string[]): Promise<Backfill | undefined> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hub: { type: 'string' },
      connection: { type: 'string' },
      out: { type: 'boolean' },
      kinds: { type: 'string' },
      since: { type: 'string' },
      cancel: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const api = values.hub === undefined ? localApi() : hubApi(values.hub, async () => tokenGiven());
  const connection = values.connection ?? (await onlyOne(api));
  const path = `/v1/connections/${encodeURIComponent(connection)}/backfills`;
  const underWay = (await api.get<Backfills>(path)).items.find((each) => !hasEnded(each));
  if (values.cancel) {
    if (underWay === undefined) throw new Error('there is no backfill under way');
    return await shown(api, await api.post<Backfill>(`/v1/backfills/${underWay.id}/cancel`));
  }
  const wanted = {
    ...(values.out === true ? { direction: 'out' } : {}),
    ...(values.kinds === undefined ? {} : { kinds: values.kinds.split(',') }),
    ...(values.since === undefined ? {} : { since: values.since }),
  };
  return await shown(api, underWay ?? (await api.post<Backfill>(path, wanted)));
}

/** Redrawn in place on a terminal; elsewhere, a line for each change. */
async function shown(api: HubApi, started: Backfill): Promise<Backfill> {
  let last = '';
  for (let job = started; ; job = await api.get<Backfill>(`/v1/backfills/${started.id}`)) {
    const line = progressLine(job);
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${line}`);
    else if (line !== last) console.log(line);
    last = line;
    if (hasEnded(job)) {
      if (process.stdout.isTTY) process.stdout.write('\n');
      return job;
    }
    await sleep(EVERY_MS);
  }
}

/** Of connections that offer a backfill: which one is meant goes without saying only where there is one. */
async function onlyOne(api: HubApi): Promise<string> {
  const { items } = await api.get<{ items: { id: string; name: string }[] }>('/v1/connections');
  const offered = await Promise.all(
    items.map(async ({ id, name }) => {
      const { isOffered } = await api.get<Backfills>(`/v1/connections/${encodeURIComponent(id)}/backfills`);
      return isOffered ? [{ id, name }] : [];
    }),
  );
  const [found, ...others] = offered.flat();
  if (found !== undefined && others.length === 0) return found.id;
  const names = offered.flat().map(({ id, name }) => `${id} (${name})`);
  throw new Error(
    `--connection: saw nothing, expected one of ${names.join(', ') || 'none: no connection offers a backfill'}`,
  );
}

function tokenGiven(): string {
  const token = process.env.DESKBRIDGE_TOKEN;
  if (token === undefined || token === '')
    throw new Error('DESKBRIDGE_TOKEN: saw nothing, expected an access token');
  return token;
}

function localApi(): HubApi {
  const { issuer, url, demo } = describedIn(process.env.DESKBRIDGE_DATA ?? '.deskbridge');
  const client = issuer.agents.find(({ organization }) => organization === demo.organization);
  if (client === undefined) throw new Error('the local hub names no agent of its demo organization');
  let token: Promise<string> | undefined;
  return hubApi(url, () => {
    token ??= agentToken(issuer.url, issuer.audience, client);
    return token;
  });
}

function describedIn(dataDir: string): LocalDescription {
  const path = join(dataDir, 'local.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LocalDescription;
  } catch (cause) {
    throw new Error(`no local hub at ${dataDir}: start it with npm start, or name another with --hub`, {
      cause,
    });
  }
}
