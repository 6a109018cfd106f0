import { catalog } from '../../functions/catalog.ts';
import { functionsOf } from '../../lib/functions.ts';
import { deployedBundles } from './bundles.ts';
import { coldImportMs } from './cold-import.ts';
import { alone, type Figure } from './figure.ts';

/** Sizes in KB and cold imports in ms, by what a function is for. */
const BUDGETS = {
  inbound: { kilobytes: 450, milliseconds: 50 },
  worker: { kilobytes: 900, milliseconds: 100 },
} as const;

/** Enough environment for a function's module to load; no call is made while importing. */
export const IMPORT_ENVIRONMENT: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  STAGE: 'bench',
  RECORDS_TABLE: 'records',
  CONNECTIONS_TABLE: 'connections',
  LIMITS_TABLE: 'limits',
  AUDIT_TABLE: 'audit',
  CHANGES_QUEUE_URL: 'http://127.0.0.1:9/000000000000/changes.fifo',
  DELTAS_QUEUE_URL: 'http://127.0.0.1:9/000000000000/deltas.fifo',
  BACKFILL_QUEUE_URL: 'http://127.0.0.1:9/000000000000/backfill.fifo',
  WORK_QUEUE_URLS: '{}',
  FILE_QUEUE_URLS: '{}',
  JOB_QUEUE_URLS: '{}',
  CONTENT_BUCKET: 'contents',
  UPLOAD_PREFIX: 'uploads/',
  EVENT_BUS_NAME: 'hub',
  KEY_ARN: 'arn:aws:kms:eu-central-1:000000000000:key/bench',
  SECRETS_PREFIX: 'deskbridge/bench/',
  SECRETS_KEY_ARN: 'arn:aws:kms:eu-central-1:000000000000:key/secrets',
  HUB_SETTINGS: '{}',
  PUBLIC_URL: 'https://hub.example',
  API_ISSUER: 'https://issuer.example',
  API_AUDIENCE: 'https://hub.example/v1',
  CONSOLE_CLIENT_ID: 'console',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'Deskbridge',
};

export async function everyFunction(): Promise<Figure[]> {
  const bundles = await deployedBundles();
  const paths = Object.fromEntries(Object.entries(bundles).map(([name, { path }]) => [name, path]));
  const imports = await coldImportMs(paths, IMPORT_ENVIRONMENT, 7);
  const budgetOf = budgets();
  return Object.entries(bundles).flatMap(([name, { kilobytes }]) => {
    const budget = budgetOf.get(name) ?? BUDGETS.worker;
    return [
      alone({ name: `${name}: bundle`, value: kilobytes, unit: 'KB' }, budget.kilobytes),
      alone(
        { name: `${name}: cold import`, value: imports[name] ?? Number.NaN, unit: 'ms' },
        budget.milliseconds,
      ),
    ];
  });
}

function budgets(): Map<string, { kilobytes: number; milliseconds: number }> {
  const inbound = catalog.flatMap((manifest) => functionsOf(manifest).inbound?.name ?? []);
  return new Map(inbound.map((name) => [name, BUDGETS.inbound]));
}
