import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { DeletionPolicies, RemoteChange } from '../../../shared/ports/index.ts';
import { askAbout } from '../../../shared/sync/asked.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import { takeOutcome } from '../../../shared/sync/outcome.ts';
import { park, unpark } from '../../../shared/sync/parking.ts';
import { type Scene, sceneAt } from '../../../shared/sync/scene.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import type { Child, Link } from '../../../shared/sync/state.ts';
import { commentScene, elsewhere, seenComment } from './comment-scene.ts';
import { deletion, theirs, undeletion, under } from './deaths.ts';
import { pendingUpdate, seenTicket } from './scenes.ts';
import { version } from './seen.ts';

const [FIRST, SECOND] = ['note-1', 'note-2'] as [ExternalId, ExternalId];
const COMMENT = 'comment-1' as RecordId;
const about = { kind: 'comment', record: COMMENT, externalId: FIRST } as const;

const pendingOn = (change: RemoteChange) => pendingUpdate({}, { record: COMMENT, change });
const linkOf = ({ record }: Scene): Link => (record as Child).links.desk!;

/** A note with a second copy, about which people were asked. */
function twoCopies(): Scene {
  const scene = commentScene({});
  observeOther(scene, seenComment({ externalId: SECOND }));
  scene.tree.parked.length = 0;
  return scene;
}

describe('the copy that is left of two', () => {
  it('is not what a request on the other was about, whatever becomes of that', () => {
    const scene = twoCopies();
    const said = { body: 'it is out', visibility: 'public', author: { role: 'agent' } } as const;
    const fields = { body: said.body };
    const pending = pendingOn({ ...about, operation: 'update', fields, comment: said });
    scene.lane.pending = pending;

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));
    const { tree, record, place, around } = scene;
    takeOutcome(sceneAt(tree, record, place, around), pending, { outcome: 'settled', externalId: FIRST }, 0);

    expect(linkOf(scene)).toMatchObject({ externalId: SECOND, sent: {}, got: {} });
    expect(scene.lane).not.toHaveProperty('pending');
    expect(tree.deeds).toMatchObject([{ outcome: 'uncertain', code: 'given_up' }]);
  });

  it('leaves nobody a question about the other', () => {
    const scene = twoCopies();
    askAbout(scene, 'body', 'it is out');
    scene.tree.parked.length = 0;

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.tree.unparked.toSorted()).toEqual(['id-1', 'id-2']);
  });

  it('leaves a request on another record of the lane alone', () => {
    const scene = twoCopies();
    scene.lane.pending = pendingUpdate({ priority: 'high' });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.lane).toHaveProperty('pending');
    expect(scene.tree.deeds).toEqual([]);
  });
});

describe('the second of two cases, where the first has died', () => {
  const CASE_TWO = 'case-2' as ExternalId;
  const second = (atMs: number) => seenTicket({ externalId: CASE_TWO, atMs });
  function firstDied(deletions: DeletionPolicies): Scene {
    const scene = theirs({ place: under(deletions), link: { besides: [CASE_TWO] } });
    observeCopy(scene, deletion({ atMs: 70_000, version: version(7) }));
    return sceneAt(scene.tree, scene.record, scene.place, scene.around);
  }
  const linkNow = ({ tree, place }: Scene) => tree.root.lanes[place.connection.id]?.link;

  it('does not take its place where the ticket has died with it, which is back once the first is', () => {
    const scene = firstDied({});

    expect(observeOther(scene, second(80_000))).toBe('echo');
    expect(linkNow(scene)).toMatchObject({ externalId: 'case-1', besides: [CASE_TWO] });
    observeCopy(scene, undeletion());

    expect(scene.record.deleted).toBeUndefined();
  });

  it('does where the ticket died elsewhere after that: it goes as the first would have', () => {
    const scene = firstDied({ ticket: 'ignore' });
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });
    scene.record.deleted = { atMs: 75_000, source: 'chat' as ConnectionId };

    observeOther(scene, second(80_000));

    expect(linkNow(scene)).toMatchObject({ externalId: CASE_TWO });
  });

  it('does where nobody knew of it before that: it is to be deleted as the first was', () => {
    const scene = theirs({ place: under({}) });
    observeCopy(scene, deletion({ atMs: 70_000, version: version(7) }));

    observeOther(scene, second(80_000));

    expect(scene.record.deleted).toBeDefined();
    expect(linkNow(scene)).toMatchObject({ externalId: CASE_TWO });
  });

  it('does where the ticket lives on', () => {
    const scene = firstDied({ ticket: 'close' });

    observeOther(scene, second(80_000));

    expect(linkNow(scene)).toMatchObject({ externalId: CASE_TWO, former: ['case-1'] });
  });
});

describe('what came before the copy that a record has', () => {
  const THIRD = 'note-3' as ExternalId;
  const [first, second] = [{ atMs: 70_000 }, { atMs: 80_000 }];
  const succeeded = (link: Partial<Link>) => {
    const scene = commentScene({ link });
    observeOther(scene, seenComment({ externalId: THIRD }));
    return linkOf(scene);
  };

  it.each<[string, Partial<Link>, Link['ends']]>([
    [
      'with that before it',
      { dead: second, ends: { [SECOND]: first } },
      { [FIRST]: second, [SECOND]: first },
    ],
    ['as it died last', { dead: second, ends: { [FIRST]: first } }, { [FIRST]: second }],
  ])('is known for when it died: %s', (_which, link, ends) => {
    expect(succeeded(link).ends).toEqual(ends);
  });

  it('is known for that still where a copy without an id is followed', () => {
    const scene = commentScene({ link: { dead: second, ends: { [FIRST]: first } } });
    delete scene.link.externalId;

    observeOther(scene, seenComment({ externalId: THIRD }));

    expect(linkOf(scene).ends).toEqual({ [FIRST]: first });
  });

  it('has no end that is known where it was taken away by us, whose word is no vendor’s', () => {
    const scene = twoCopies();
    Object.assign(scene.link, { ends: { [FIRST]: first } });
    const pending = pendingOn({ ...about, operation: 'delete', fields: {} });
    scene.lane.pending = pending;

    settleWritten(scene, pending, { externalId: FIRST });

    expect(linkOf(scene)).toMatchObject({ externalId: SECOND, former: [FIRST] });
    expect(linkOf(scene)).not.toHaveProperty('ends');
  });
});

describe('a second copy', () => {
  const refuse = (scene: Scene) =>
    park(scene, { cause: 'rejected', reason: 'too long', fault: 'organization' });
  const tell = (scene: Scene) => observeOther(scene, seenComment({ externalId: SECOND }));

  it.each([
    ['told of while the first is refused', [refuse, tell]],
    ['that people are asked about when the first is refused', [tell, refuse]],
  ])('%s is asked about once that is over', (_what, steps) => {
    const scene = commentScene({});
    for (const each of steps) each(scene);
    expect(linkOf(scene)).toMatchObject({ parked: { cause: 'rejected' } });

    unpark(scene, ({ cause }) => cause === 'rejected');

    expect(linkOf(scene)).toMatchObject({ parked: { cause: 'doubtful', code: 'second_copy' } });
  });

  it('is asked about no more once people have answered that both may stay', () => {
    const scene = twoCopies();

    unpark(scene, ({ cause }) => cause === 'doubtful');

    expect(linkOf(scene)).not.toHaveProperty('parked');
  });

  it('is asked about no more after that answer, though the way there was shut and is open again', () => {
    const scene = twoCopies();
    unpark(scene, ({ cause }) => cause === 'doubtful');
    park(scene, { cause: 'unauthorized', reason: 'the grant is dead', fault: 'organization' });

    unpark(scene, ({ cause }) => cause === 'unauthorized');

    expect(scene.lane).not.toHaveProperty('parked');
    expect(linkOf(scene)).not.toHaveProperty('parked');
  });
});

describe('a note that was made internal, once its public copy is removed', () => {
  const removed = (scene: Scene) => {
    const pending = pendingOn({ ...about, operation: 'delete', fields: {} });
    Object.assign(scene.record, { visibility: 'internal' });
    scene.lane.pending = pending;
    settleWritten(scene, pending, { externalId: FIRST });
  };

  it('has its second copy to be removed as well, and nothing to ask', () => {
    const scene = twoCopies();

    removed(scene);

    expect(linkOf(scene)).toMatchObject({ externalId: SECOND, former: [FIRST] });
    expect(linkOf(scene)).not.toHaveProperty('parked');
    expect(scene.tree.unparked).toEqual(['id-1']);
  });

  it('leaves nobody a question about that copy', () => {
    const scene = commentScene({});
    askAbout(scene, 'body', 'it is out');
    scene.tree.parked.length = 0;

    removed(scene);

    expect(linkOf(scene)).not.toHaveProperty('asked');
    expect(scene.tree.unparked).toEqual(['id-1']);
  });
});

describe('a note with a second copy that may stand in neither', () => {
  const channel = ({ place }: Scene) => ({
    ...place,
    manifest: { ...place.manifest, isCustomerVisible: true },
  });
  const sceneOf = ({ tree, record, around }: Scene, place: Scene['place']) =>
    sceneAt(tree, record, place, around);
  const remove = (scene: Scene, externalId: ExternalId) => {
    const pending = pendingOn({ ...about, externalId, operation: 'delete', fields: {} });
    scene.lane.pending = pending;
    settleWritten(scene, pending, { externalId });
  };

  it('is removed, whatever people were asked, once it is internal', () => {
    const scene = twoCopies();
    expect(needOf(sceneOf(scene, channel(scene)))).toBe('none');

    Object.assign(scene.record, { visibility: 'internal' });

    expect(needOf(sceneOf(scene, channel(scene)))).toBe('delete');
    expect(needOf(scene)).toBe('none');
  });

  it('has both copies removed once it is deleted, and nothing to ask', () => {
    const scene = twoCopies();
    scene.record.deleted = { atMs: 1, source: 'hub' };
    expect(needOf(scene)).toBe('delete');

    remove(scene, FIRST);

    expect(linkOf(scene)).toMatchObject({ externalId: SECOND, former: [FIRST] });
    expect(scene.tree.unparked).toEqual(['id-1']);
    const next = sceneOf(scene, scene.place);
    expect(needOf(next)).toBe('delete');
    remove(next, SECOND);
    expect(linkOf(scene)).toMatchObject({ externalId: SECOND, dead: {} });
    expect(needOf(next)).toBe('none');
  });

  it('has the second removed as well where people have deleted the first', () => {
    const scene = twoCopies();
    scene.record.deleted = { atMs: 1, source: 'hub' };

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(linkOf(scene)).toMatchObject({ externalId: SECOND });
    expect(needOf(sceneOf(scene, scene.place))).toBe('delete');
  });

  it('is left where its removal was refused', () => {
    const scene = twoCopies();
    scene.record.deleted = { atMs: 1, source: 'hub' };

    park(scene, { cause: 'rejected', reason: 'not yours', fault: 'organization' });

    expect(needOf(scene)).toBe('none');
  });
});
