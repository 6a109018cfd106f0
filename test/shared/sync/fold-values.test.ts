import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, Fields, RecordId } from '../../../shared/domain/index.ts';
import type { RemoteChange, RemoteState } from '../../../shared/ports/index.ts';
import { keepValues } from '../../../shared/sync/fold-values.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { History, Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import {
  fold,
  foldNotes,
  foldTickets,
  lane,
  link,
  note,
  OBJECT,
  OLD,
  OLD_NOTE,
  root,
  YOUNG,
  YOUNG_NOTE,
} from './fold-scene.ts';
import { ACME, hubOver, LEFT, RIGHT, settled } from './hub.ts';
import { around, contactDesk } from './scenes.ts';
import { shelfOf } from './shelf.ts';

let hub: ReturnType<typeof hubOver>;
/** What the object at the right one holds. */
let shown: Fields | undefined;
const read = async (): Promise<RemoteState> =>
  shown === undefined
    ? { state: 'absent' }
    : {
        state: 'present',
        observation: {
          kind: 'ticket',
          externalId: OBJECT,
          authorship: 'other',
          atMs: 10,
          fields: shown,
          isComplete: true,
        },
      };
beforeEach(() => {
  shown = undefined;
  const site = { profile: { ...SALESFORCE_LIKE, creation: 'none' as const }, port: {} };
  const port = { read, write: async (change: RemoteChange) => settled(change) };
  hub = hubOver({ [LEFT]: site, [RIGHT]: { ...site, port } });
});

const { keepAgain, keepRoots, keepNote, rootAt, noteAt } = shelfOf(() => hub.deps.store);
async function lossesOf(of: RecordId) {
  const { pk } = rootKey(ACME, of);
  const items = await hub.deps.store.list<History>(pk, { prefix: 'history#' });
  return items.flatMap(({ data }) => data.losses);
}

describe('a ticket or contact folded into the older', () => {
  it('keeps what the younger held: where the older lacks it as its value, else in the journal (invariant 3)', async () => {
    const ada = { source: RIGHT, actor: 'ada', fromMs: 5, toMs: 7 };
    const hubs = { source: 'hub', actor: 'hub', fromMs: 5, toMs: 7 } as const;
    const fields = { subject: 'fire', description: 'it burns', status: 'new', priority: 'high' };
    await keepRoots(
      root(OLD, {}, { fields: { subject: 'printer', status: 'closed', priority: 'high' } }),
      root(
        YOUNG,
        { [RIGHT]: lane(link(OBJECT)) },
        { fields, provenance: { subject: ada, description: ada, status: hubs, priority: ada } },
      ),
    );

    await foldTickets(hub.deps);

    expect((await rootAt(OLD)).fields).toMatchObject({
      subject: 'printer',
      description: 'it burns',
      status: 'closed',
    });
    const kept = await lossesOf(OLD);
    expect(kept).toMatchObject([
      {
        record: OLD,
        field: 'subject',
        lost: 'fire',
        lostBy: 'ada',
        lostAtMs: 7,
        kept: 'printer',
        policy: 'fold',
      },
    ]);
    expect(hub.bus.events.map(({ type }) => type)).toContain('conflict.noted');
  });

  it('takes what a person made of our own creation in doubt for an edit, once it is read', async () => {
    const asked = link(undefined, { origin: 'ours', creations: [{ subject: 'printer', priority: 'P3' }] });
    const edited = { subject: 'fire', priority: 'P3' };
    const ada = { source: RIGHT, actor: 'ada', fromMs: 5, toMs: 7 };
    shown = { subject: 'fire', priority: 'P3' };
    await keepRoots(
      root(OLD, { [RIGHT]: lane(asked) }, { fields: { subject: 'printer', priority: 'normal' } }),
      root(
        YOUNG,
        { [RIGHT]: lane(link(OBJECT, { sent: edited, got: edited })) },
        { fields: { subject: 'fire', priority: 'normal' }, provenance: { subject: ada } },
      ),
    );

    await foldTickets(hub.deps);
    await hub.work();

    expect((await rootAt(OLD)).fields.subject).toBe('fire');
    expect(await lossesOf(OLD)).toEqual([]);
  });

  it('meets what it never saw of its own copy as the younger would: one of two values stands there, the other is in the journal', async () => {
    const [ada, early] = [RIGHT, LEFT].map((source) => ({ source, actor: 'ada', fromMs: 5, toMs: 7 }));
    const hubs = { source: 'hub', actor: 'hub', fromMs: 5, toMs: 7 } as const;
    const fields = { subject: 'fire', description: 'it burns', status: 'new', priority: 'high' };
    const provenance = { subject: ada!, description: early!, status: hubs, priority: early! };
    shown = { subject: 'printer', description: 'it smokes', status: 'S1', priority: 'P1' };
    const shell = { fields: {}, unread: RIGHT, isFannedOut: undefined as never };
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link(OBJECT, { needsRead: true })) }, shell),
      root(YOUNG, { [RIGHT]: lane(link('object-0')) }, { fields, provenance }),
    );

    await foldTickets(hub.deps);
    await hub.work();

    const { fields: stands, lanes, unread } = await rootAt(OLD);
    const { sent, got } = lanes[RIGHT]!.link;
    expect(unread).toBeUndefined();
    expect(sent).toMatchObject({ subject: got.subject, description: got.description, status: got.status });
    const lost = (await lossesOf(OLD)).map(({ field, lost: value }) => [field, value]);
    const either = { subject: ['fire', 'printer'], description: ['it burns', 'it smokes'] };
    for (const [field, values] of Object.entries(either))
      expect(lost).toContainEqual([field, values.find((value) => value !== stands[field])]);
  });

  it('takes along who waits for its copy, and they are woken', async () => {
    const waiting = root('case' as RecordId, {
      [RIGHT]: lane(link(undefined, { needsRead: true }), { waitsFor: YOUNG }),
    });
    const dependents = [{ root: waiting.id, connection: RIGHT }];
    await keepRoots(
      root(OLD, { [RIGHT]: lane(link('contact-1')) }, { kind: 'contact' }),
      root(YOUNG, { [RIGHT]: lane(link(undefined)) }, { kind: 'contact', dependents }),
      waiting,
    );

    const younger = { root: YOUNG, record: YOUNG };
    await fold(hub.deps, { kind: 'contact', externalId: OBJECT }, { younger, olderId: OLD });
    await hub.work();

    expect((await rootAt(OLD)).dependents).toEqual([]);
    expect((await rootAt(waiting.id)).lanes[RIGHT]).not.toHaveProperty('waitsFor');
  });
});

describe('the values of two records that are one', () => {
  const desk = contactDesk();
  const at = 'desk' as ConnectionId;
  const ada = { source: at, actor: 'ada', fromMs: 5, toMs: 7 };
  /** Of the desk a reference is written only where it can be named. */
  const place: Place = {
    ...desk,
    mapping: {
      ...desk.mapping,
      project: ({ referredExternalId: requester }) => (requester == null ? {} : { requester }),
    },
  };
  const merged = (older: Partial<Root>, given: Partial<Root>) => {
    const own = lane(link('object-0'), {
      referred: { record: 'ada' as RecordId, externalId: 'contact-1' as never },
    });
    const tree = treeOf(root(OLD, { [at]: own }, { fields: {}, ...older }));
    keepValues(tree, tree.root, root(YOUNG, {}, given), around(place));
    return tree;
  };
  const requester = { fields: { requester: 'ada' }, provenance: { requester: ada } };

  it('leave one that neither was read of to be read', () => {
    expect(merged({ unread: at }, { unread: at }).root.unread).toBe(at);
  });

  it('fill in whom the older’s own copy can name', () => {
    const { root: older, losses } = merged({}, requester);

    expect([older.fields.requester, losses]).toEqual(['ada', []]);
  });

  it('fill in what an unread copy is to say itself, though the younger had none there', () => {
    const { root: older } = merged({ unread: at }, { fields: { phone: '1' }, provenance: { phone: ada } });

    expect(older.fields.phone).toBe('1');
    expect(older.lanes[at]?.link.got.phone).toBeNull();
  });
});

describe('a comment folded into the older', () => {
  beforeEach(async () => {
    await keepRoots(root(OLD, {}), root(YOUNG, {}));
    const provenance = { body: { source: RIGHT, actor: 'ada', fromMs: 1, toMs: 1 } };
    await keepNote(note(YOUNG_NOTE, YOUNG, { [RIGHT]: link(OBJECT) }, { provenance }));
  });

  it('leaves what the younger said in the journal of the older’s ticket (invariant 3)', async () => {
    await keepNote(note(OLD_NOTE, OLD, {}, { fields: { body: 'It smokes' } }));

    await foldNotes(hub.deps);

    expect((await noteAt(OLD, OLD_NOTE))?.fields).toEqual({ body: 'It smokes' });
    const said = { record: OLD_NOTE, field: 'body', lost: 'It burns', kept: 'It smokes' };
    expect(await lossesOf(OLD)).toMatchObject([said]);
  });

  it('hands on who waits for its copy, wherever it stands', async () => {
    await keepNote(note(OLD_NOTE, OLD, {}));
    const waiting = { root: 'file' as RecordId, connection: LEFT };
    const dependents = [{ ...waiting, on: YOUNG_NOTE }, waiting];
    await keepAgain(rootKey(ACME, YOUNG), root(YOUNG, {}, { dependents }));

    await foldNotes(hub.deps);

    expect((await rootAt(OLD)).dependents).toEqual([{ ...waiting, on: OLD_NOTE }]);
    expect((await rootAt(YOUNG)).dependents).toEqual([waiting]);
  });

  it('leaves who finds no room among those that the older tells to look for that copy itself', async () => {
    await keepNote(note(OLD_NOTE, OLD, {}));
    const waiting = { root: 'file' as RecordId, connection: LEFT };
    const others = Array.from({ length: 200 }, (_, at) => ({ ...waiting, root: `file.${at}` as RecordId }));
    await keepRoots(root(waiting.root, { [LEFT]: lane(link(undefined), { waitsFor: YOUNG_NOTE }) }));
    await keepAgain(rootKey(ACME, OLD), root(OLD, {}, { dependents: others }));
    const given = root(YOUNG, {}, { dependents: [{ ...waiting, on: YOUNG_NOTE }] });
    await keepAgain(rootKey(ACME, YOUNG), given);

    await foldNotes(hub.deps);

    expect((await rootAt(OLD)).dependents).toEqual(others);
    const { waitsFor, wake } = (await rootAt(waiting.root)).lanes[LEFT]!;
    expect(waitsFor).toBeUndefined();
    expect(wake?.dueAtMs).toBe(hub.clock.now() + 300_000);
  });
});
