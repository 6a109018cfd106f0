import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Projectable } from '../../../shared/ports/index.ts';
import {
  commentOf,
  currentValue,
  interpret,
  mayStandAt,
  project,
  setVisibility,
  visibilityOf,
} from '../../../shared/sync/projection.ts';
import type { AnyRecord, Child, Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import { deskPlace, NOW_MS, ticketScene } from './scenes.ts';

const ours = { origin: 'ours' } as const;
const contact = { record: 'contact-1' as RecordId, externalId: '003' as ExternalId };
const channel = () => {
  const place = deskPlace();
  return { ...place, manifest: { ...place.manifest, isCustomerVisible: true } };
};
const comment = (more: Partial<Child> = {}) => commentScene({ comment: more }).record as Child;
/** A desk that shows what it was given to write. */
function listening() {
  const given: Projectable[] = [];
  const place = deskPlace();
  const mapping = {
    ...place.mapping,
    project: (record: Projectable) => {
      given.push(record);
      return {};
    },
  };
  return { given, place: { ...place, mapping } };
}
const toldOf = (record: AnyRecord, requester?: typeof contact) => {
  const { given, place } = listening();
  project(record, ours, place, requester, NOW_MS);
  return given[0];
};

describe('where a record may stand (invariant 7)', () => {
  it.each([
    ['a public comment', 'in a channel', comment(), channel(), true],
    ['an internal note', 'in a channel', comment({ visibility: 'internal' }), channel(), false],
    ['an internal note', 'in a connector', comment({ visibility: 'internal' }), deskPlace(), true],
    ['what only customers are told', 'in a connector', comment({ audience: 'channels' }), deskPlace(), false],
    ['what only customers are told', 'in a channel', comment({ audience: 'channels' }), channel(), true],
    ['a ticket', 'in a channel', ticketScene({}).record, channel(), true],
  ])('%s %s: %#', (_what, _where, record, place, may) => {
    expect(mayStandAt(record, place)).toBe(may);
    expect(project(record, ours, place, undefined, NOW_MS) !== undefined).toBe(may);
  });
});

describe('what a mapping is given to write', () => {
  it('is a comment with its text, author and visibility', () => {
    expect(commentOf(comment())).toEqual({
      visibility: 'public',
      body: 'it burns',
      author: { role: 'agent' },
    });
    expect(commentOf(comment({ visibility: 'internal', fields: {} }))).toEqual({
      visibility: 'internal',
      body: '',
      author: { role: 'agent' },
    });
    expect(toldOf(comment())).toMatchObject({ kind: 'comment', copy: 'ours', comment: { body: 'it burns' } });
  });

  it('is a ticket with its requester’s copy there, where that is known to be it', () => {
    const { record } = ticketScene({ fields: { requester: 'contact-1' } });

    expect(toldOf(record, contact)).toMatchObject({ kind: 'ticket', referredExternalId: '003' });
    expect(toldOf(record)).toMatchObject({ referredExternalId: null });
    expect(toldOf(record, { ...contact, record: 'contact-2' as RecordId })).toMatchObject({
      referredExternalId: null,
    });
  });

  it('is a file with its visibility, internal where nobody has said', () => {
    const { record } = fileScene() as { record: Root };
    const { file: _none, ...bare } = record;

    expect(toldOf(record, contact)).toMatchObject({ kind: 'attachment', visibility: 'public' });
    expect(toldOf(record, contact)).not.toHaveProperty('referredExternalId');
    expect(toldOf(bare)).toMatchObject({ visibility: 'internal' });
  });

  it('is an account as it is, which refers to nothing', () => {
    const { record } = ticketScene({});
    const told = toldOf({ ...record, kind: 'account' } as AnyRecord, contact);

    expect(told).toMatchObject({ kind: 'account', id: 'ticket-1' });
    expect(told).not.toHaveProperty('referredExternalId');
  });
});

describe('what a raw value means here', () => {
  const meaning = (raw: Record<string, string | null>, requester?: typeof contact) =>
    interpret({ kind: 'ticket' }, raw, deskPlace(), requester, NOW_MS);

  it('is the contact whose copy the requester is', () => {
    expect(meaning({ requester: '003' }, contact)).toEqual({ requester: 'contact-1' });
    expect(meaning({ requester: null }, contact)).toEqual({ requester: null });
  });

  it('is nothing known where the requester is another, or none is known', () => {
    expect(meaning({ requester: '004', subject: 'x' }, contact)).toEqual({ subject: 'x' });
    expect(meaning({ requester: '003' })).toEqual({});
    expect(meaning({ subject: 'x' }, contact)).toEqual({ subject: 'x' });
  });

  it('is nothing where no requester is told, though nobody could be named', () => {
    const unnamed = { ...contact, externalId: null };

    expect(interpret({ kind: 'ticket' }, { subject: 'x' }, deskPlace(), unnamed, NOW_MS)).toEqual({
      subject: 'x',
    });
  });

  it('is internal where a comment’s visibility is empty', () => {
    const of = (raw: Record<string, string | null>) =>
      interpret({ kind: 'comment' }, raw, deskPlace(), undefined, NOW_MS);

    expect(of({ body: 'x', visibility: 'public' })).toEqual({ body: 'x', visibility: 'public' });
    expect(of({ body: 'x', visibility: null })).toEqual({ body: 'x', visibility: 'internal' });
    expect(of({ body: 'x' })).toEqual({ body: 'x' });
  });
});

describe('the value a record has', () => {
  it('is null where it has none, and a comment’s visibility where that is asked', () => {
    expect(currentValue(comment(), 'visibility')).toBe('public');
    expect(currentValue(comment(), 'body')).toBe('it burns');
    expect(currentValue(comment(), 'else')).toBeNull();
    expect(currentValue(ticketScene({ fields: { visibility: 'x' } }).record, 'visibility')).toBe('x');
  });
});

describe('the visibility of a record', () => {
  it('is set on what can be internal, and on nothing else', () => {
    const [note, file, ticket] = [comment(), fileScene().record, ticketScene({}).record];
    const before = structuredClone(ticket);

    for (const record of [note, file, ticket]) setVisibility(record, 'internal');

    expect([note, file].map(visibilityOf)).toEqual(['internal', 'internal']);
    expect(ticket).toEqual(before);
    setVisibility(file, 'public');
    expect(visibilityOf(file)).toBe('public');
    setVisibility(file, 'anything else');
    expect(visibilityOf(file)).toBe('internal');
  });
});
