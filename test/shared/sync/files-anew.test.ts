import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { CASE_FILE, CHAT, DESK, FILE, filesHub, rootsOf, THREAD } from './files.ts';
import { fold } from './fold-scene.ts';

const CASE = { kind: 'ticket', externalId: 'case-1' as ExternalId, fields: { subject: 'printer' } } as const;

/** A case of the team's, and a customer's thread with a case of its own. */
async function caseAndThread() {
  const hub = filesHub();
  await hub.hear(CASE, DESK);
  await hub.hear(THREAD);
  await hub.work(60_000);
  const tickets = rootsOf(hub, 'ticket');
  const [ofTeam, ofCustomer] = [DESK, CHAT].map(
    (from) => tickets.find(({ lanes }) => lanes[from]?.link.origin === 'theirs')!.id,
  );

  async function foldCases(from = ofCustomer!, into = ofTeam!): Promise<void> {
    await fold(hub.deps, CASE, { younger: { root: from, record: from }, olderId: into, at: DESK });
    await hub.work(60_000);
  }
  return { hub, foldCases, ofTeam: ofTeam!, ofCustomer: ofCustomer! };
}

describe('files of a ticket that two others became', () => {
  it('go where a conversation comes with the younger', async () => {
    const { hub, foldCases } = await caseAndThread();
    await hub.hear(CASE_FILE, DESK);
    await hub.work(60_000);
    expect(hub.chat.calls).toEqual([]);

    await foldCases();

    expect(hub.chat.written).toMatchObject([
      { kind: 'attachment', parent: { externalId: THREAD.externalId } },
    ]);
  });

  it('go where the older has a conversation', async () => {
    const { hub, foldCases, ofTeam, ofCustomer } = await caseAndThread();
    await hub.hear(CASE_FILE, DESK);
    await hub.work(60_000);

    await foldCases(ofTeam, ofCustomer);

    expect(hub.chat.written).toMatchObject([
      { kind: 'attachment', parent: { externalId: THREAD.externalId } },
    ]);
  });

  it('are left as they are where they have gone already', async () => {
    const { hub, foldCases } = await caseAndThread();
    await hub.hear(FILE);
    await hub.work(60_000);
    const before = hub.deps.store.items().find(({ data }) => Object(data).kind === 'attachment');

    await foldCases();

    expect(hub.deps.store.items().find(({ data }) => Object(data).kind === 'attachment')).toEqual(before);
  });
});
