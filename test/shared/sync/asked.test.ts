import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { askAbout, closeAnswered, decideForRecord, workOf } from '../../../shared/sync/asked.ts';
import { type Scene, treeOf } from '../../../shared/sync/scene.ts';
import type { Link, RecordChange, Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { mapped, SUBJECT, under } from './mapped-scene.ts';
import { NOW_MS, ticketScene } from './scenes.ts';

/** Asked whether `theirs` stands instead of the record's subject, or about another field. */
const question = (field = 'subject', value = 'theirs'): NonNullable<Link['asked']> => ({
  [field]: {
    value,
    id: `question-${field}`,
    cause: 'asked',
    reason: 'r',
    fault: 'organization',
    atMs: 1,
    attempts: 0,
  },
});
const by = (source: RecordChange['source'], field: string, record = 'ticket-1'): RecordChange => ({
  record: record as RecordId,
  kind: 'ticket',
  what: 'updated',
  fields: { [field]: { from: 'a', to: 'b' } },
  source,
  actor: 'ada',
});

describe('a question', () => {
  it('stands on its copy and among the parked work, which does not say the value', () => {
    const scene = ticketScene({ link: { asked: question('priority') } });

    askAbout(scene, 'subject', 'theirs');

    const shown = {
      id: 'id-1',
      cause: 'asked',
      reason: 'subject was changed on both sides; a person decides which value stands',
      fault: 'organization',
      atMs: NOW_MS,
      attempts: 0,
    };
    expect(scene.link.asked).toEqual({ ...question('priority'), subject: { ...shown, value: 'theirs' } });
    expect(scene.tree.parked).toEqual([
      {
        ...shown,
        organization: 'acme',
        connection: 'desk',
        integration: 'desk',
        root: 'ticket-1',
        record: 'ticket-1',
        kind: 'ticket',
      },
    ]);
  });

  it('decided for the record has that written, and leaves the other questions open', () => {
    const scene = ticketScene({ link: { asked: { ...question(), ...question('priority') } } });

    expect(decideForRecord(scene, ({ id }) => id === 'question-subject')).toBe(true);

    expect(scene.link.asked).toEqual(question('priority'));
    expect(scene.link.sent).toEqual({ priority: 'low' });
    expect(scene.tree.unparked).toEqual(['question-subject']);
  });

  it('raised and settled by one decision was never raised', () => {
    const scene = ticketScene({ link: { asked: question('priority') } });
    askAbout(scene, 'subject', 'theirs');
    Object.assign(scene.record, { deleted: { atMs: 1, source: 'hub' } });

    closeAnswered(scene.tree, scene.around);

    expect(scene.link.asked).toBeUndefined();
    expect(scene.tree).toMatchObject({ parked: [], unparked: ['question-priority'] });
  });

  it('that nobody asked is decided by nobody', () => {
    const scene = ticketScene({});

    expect(decideForRecord(scene, () => true)).toBe(false);
    expect(scene.link.sent).toEqual({ subject: 'printer', priority: 'low' });
  });
});

describe('a question that a commit answers', () => {
  /** Questions left of one about the subject, and what the copy is known to hold then. */
  function leftOf(scene: Scene, ...changes: RecordChange[]) {
    scene.tree.changes.push(...changes);
    closeAnswered(scene.tree, scene.around);
    return { asked: Object.keys(scene.link.asked ?? {}), sent: scene.link.sent.subject };
  }
  const asked = (value = 'theirs') => ticketScene({ link: { asked: question('subject', value) } });
  const open = { asked: ['subject'], sent: 'printer' };

  it('is one whose field a person set through the hub: that is written', () => {
    expect(leftOf(asked(), by('hub', 'subject'))).toEqual({ asked: [], sent: undefined });
  });

  it('is none of another field, record or source', () => {
    expect(leftOf(asked())).toEqual(open);
    expect(leftOf(asked(), by('hub', 'priority'))).toEqual(open);
    expect(leftOf(asked(), by('hub', 'subject', 'comment-9'))).toEqual(open);
    expect(leftOf(asked(), by('other' as ConnectionId, 'subject'))).toEqual(open);
  });

  it('is one on which both agree by now: nothing is to be written', () => {
    const scene = ticketScene({ link: { asked: question('subject', 'printer'), sent: { priority: 'low' } } });

    expect(leftOf(scene)).toEqual({ asked: [], sent: 'printer' });
  });

  it.each<[string, (scene: Scene) => void]>([
    ['record', ({ record }) => Object.assign(record, { deleted: { atMs: 1, source: 'hub' } })],
    ['copy', ({ link }) => Object.assign(link, { dead: { atMs: 1 } })],
  ])('is one of a %s that is no more', (_what, end) => {
    const scene = asked();
    end(scene);

    expect(leftOf(scene).asked).toEqual([]);
  });

  it('may be a comment’s', () => {
    const scene = commentScene({ link: { asked: question('body') } });

    expect(leftOf(scene).asked).toEqual(['body']);
    expect(leftOf(scene, by('hub', 'body', 'comment-1')).asked).toEqual([]);
  });

  it('is none any more where its field has been paired anew since', () => {
    const { tree, around, link } = under({ rules: [SUBJECT], link: { asked: question() } });
    const places = new Map([['desk' as ConnectionId, mapped(2, [{ ...SUBJECT, since: 2 }])]]);

    closeAnswered(tree, { ...around, places });

    expect(link.asked).toBeUndefined();
    expect(tree.unparked).toEqual(['question-subject']);
  });

  it('stays where its connection is not known any more', () => {
    const scene = asked();
    scene.tree.changes.push(by('hub', 'subject'));

    closeAnswered(scene.tree, { ...scene.around, places: new Map() });

    expect(scene.link.asked).toEqual(question());
  });
});

describe('parked work as people see it', () => {
  it('says by what it came, else by what its record came, and never what it would write', () => {
    const scene = ticketScene({});
    const parked = { ...question().subject!, wouldWrite: { subject: 'a secret' } };
    const cause = { correlation: 'c-2' } as NonNullable<Scene['around']['cause']>;

    expect(workOf(parked, scene)).not.toHaveProperty('correlation');
    expect(workOf(parked, scene)).not.toHaveProperty('wouldWrite');
    scene.record.correlation = 'c-1';
    expect(workOf(parked, scene).correlation).toBe('c-1');
    expect(workOf(parked, { ...scene, around: { ...scene.around, cause } }).correlation).toBe('c-2');
  });

  it('of a file names the ticket that it hangs on', () => {
    const scene = ticketScene({});
    const of = { root: 'ticket-7' as RecordId, record: 'ticket-7' as RecordId, kind: 'ticket' as const };
    const file: Root = { ...scene.tree.root, kind: 'attachment', file: { of, visibility: 'public' } };
    const tree = treeOf(file);

    expect(workOf(question().subject!, { ...scene, tree, record: tree.root })).toMatchObject({
      kind: 'attachment',
      ticket: 'ticket-7',
    });
    expect(workOf(question().subject!, scene)).not.toHaveProperty('ticket');
  });
});
