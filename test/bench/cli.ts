import { parseArgs } from 'node:util';
import { backfill } from './backfill.ts';
import type { Figure } from './figure.ts';
import { files } from './files.ts';
import { everyFunction } from './functions.ts';
import { hostileJson } from './hostile-json.ts';
import { links } from './links.ts';
import { slackInbound } from './slack-inbound.ts';
import { burst, syncLag } from './sync-lag.ts';

const SECTIONS: Readonly<Record<string, () => Promise<readonly Figure[]> | readonly Figure[]>> = {
  json: hostileJson,
  slack: slackInbound,
  functions: everyFunction,
  lag: syncLag,
  burst,
  backfill,
  links,
  files,
};

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`no section "${unknown.join(', ')}", expected some of: ${Object.keys(SECTIONS).join(', ')}`);
  process.exit(2);
}

const missed: string[] = [];
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const figure of await measure()) {
    console.log(values.json ? JSON.stringify(figure) : line(figure));
    if (figure.isHeld === false) missed.push(figure.name);
  }
}
if (missed.length > 0) console.error(`${missed.length} aims missed: ${missed.join('; ')}`);

function line({ name, value, unit, baseline, ratio, aim, isHeld, detail }: Figure): string {
  const compared = baseline === undefined ? '' : `  ${ratio} × ${baseline.name} (${baseline.value} ${unit})`;
  const aimed = aim === undefined ? '' : `  aim ≤ ${aim.atMost}: ${isHeld ? 'held' : 'MISSED'}`;
  const more = detail === undefined ? '' : `  ${JSON.stringify(detail)}`;
  return `${name}: ${value} ${unit}${compared}${aimed}${more}`;
}
