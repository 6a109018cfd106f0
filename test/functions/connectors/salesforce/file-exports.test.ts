import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDS_AT_ONCE } from '../../../../functions/connectors/salesforce/client/soql.ts';
import { type Connected, connected } from './world.ts';

let org: Connected;
beforeEach(async () => {
  org = await connected();
  org.sandbox.settings({ bulkDelayMs: 0 });
});
afterEach(() => org.sandbox.close());

describe('an export of files, of a case with more than are asked for at once', () => {
  it('goes on behind the last of a part, whatever has been taken off the case meanwhile', async () => {
    const { human } = org.sandbox;
    const { id } = human.createCase({ subject: 'The pole snapped' });
    const documents: string[] = [];
    for (let at = 0; at < IDS_AT_ONCE + 2; at += 1)
      documents.push((await human.attach(id, { name: `${at}.txt`, content: String(at) })).documentId);
    const exports = org.integration.exports!;
    const name = await exports.begin('attachment');
    const first = await exports.page(name, 'attachment', { rows: 10 });
    human.remove(documents.sort()[0]!);

    const rest = await exports.page(name, 'attachment', { rows: 10, at: first.next! });

    const told = [...first.observations, ...rest.observations].map(({ externalId }) => externalId);
    expect(told).toHaveLength(documents.length);
    expect(new Set(told)).toEqual(new Set(documents));
    expect([first.stands, rest.stands, rest.next]).toEqual([0, 1, undefined]);
  });
});
