import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import type { BodyPolicy } from '../../../../shared/ports/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { COMMENTS, caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const HERE = 'It smokes\nsince noon\nin the hall';
const THERE = 'It burns\nsince noon\nin the kitchen';
const bodies = () => [hub.first, hub.second].map((org) => rows(org, COMMENTS)[0]?.CommentBody);

/** A comment of the first org, edited in both at once; both connections have chosen the same. */
async function editedInBoth(body: BodyPolicy) {
  const { here } = await caseInBoth(hub);
  const { id } = hub.first.human.comment(here, 'It burns\nsince noon\nin the hall');
  const { kinds } = manifest.mapping!;
  const document = { kinds, conflicts: { comment: { body } } };
  for (const org of [hub.first, hub.second])
    await hub.mappings.put({ ...hub.asked(org), actor: 'user:ada', document, basedOn: 0 });
  await hub.settle();
  const [copy] = hub.second.human.find('SELECT Id FROM CaseComment');
  hub.first.human.editComment(id, { body: HERE });
  hub.second.human.editComment(String(copy?.Id), { body: THERE });
  await hub.settle();
}

describe('a comment that both orgs edit at once', () => {
  it('has the lines of both where they are merged, and both texts are kept', async () => {
    await editedInBoth({ use: 'text' });

    const merged = 'It smokes\nsince noon\nin the kitchen';
    expect(bodies()).toEqual([merged, merged]);
    expect(await hub.parked()).toEqual([]);
  });

  it('has the one text of the side that is named, in whichever org it was said last', async () => {
    await editedInBoth({ use: 'side', side: 'hub record' });

    const [first, second] = bodies();
    expect(first).toBe(second);
    expect([HERE, THERE]).toContain(first);
  });

  it('waits for a person, and is what they restore', async () => {
    await editedInBoth({ use: 'ask' });
    expect(bodies()).toEqual([HERE, THERE]);
    const [question] = await hub.parked();
    expect(question).toMatchObject({
      cause: 'asked',
      kind: 'comment',
      reason: expect.stringMatching(/^body was changed/),
    });
    const { root, record } = question!;
    const lost = (await hub.why(record!, 'body')).filter(({ type }) => type === 'lost');
    expect(lost).toMatchObject([{ lost: THERE, kept: HERE, policy: 'ask' }]);

    await hub.restore(root!, { record: record!, field: 'body', value: THERE });
    await hub.settle();

    expect(bodies()).toEqual([THERE, THERE]);
    expect(await hub.parked()).toEqual([]);
  });
});
