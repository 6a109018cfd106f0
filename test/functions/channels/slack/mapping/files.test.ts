import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../../functions/channels/slack/mapping.ts';
import { bytes, CONTEXT, withEvent } from '../payloads.ts';

const FILE = {
  id: 'F0FILE0001',
  name: 'a.png',
  title: 'A',
  mimetype: 'image/png',
  size: 12,
  mode: 'hosted',
  url_private_download: 'https://files.slack.com/files-pri/T1-F0FILE0001/download/a.png',
};
const decoded = (event: Record<string, unknown>) =>
  mapping.decode(bytes(withEvent('message', event)), 'application/json', CONTEXT);
const observed = (event: Record<string, unknown>) => {
  const answer = decoded(event);
  if (answer.outcome !== 'observations') throw new Error(`expected observations, saw ${answer.reason}`);
  return answer.observations;
};
const sharing = (files: readonly object[], more: Record<string, unknown> = {}) =>
  observed({ subtype: 'file_share', files, ...more });

describe('slack mapping: files of a message', () => {
  it('hang on the conversation their message begins', () => {
    const [ticket, file] = sharing([FILE]);

    expect(ticket).toMatchObject({ kind: 'ticket' });
    expect(file).toMatchObject({
      kind: 'attachment',
      externalId: FILE.id,
      visibility: 'public',
      authorship: 'other',
      parent: { kind: 'ticket', externalId: ticket?.externalId },
      fields: { name: 'a.png', type: 'image/png', size: 12 },
      isComplete: true,
    });
  });

  it('hang on the reply they were shared with, several of them too', () => {
    const [comment, ...files] = sharing([FILE, { ...FILE, id: 'F0FILE0002' }], {
      thread_ts: '1772359199.000100',
    });

    const parent = {
      kind: 'comment',
      externalId: comment?.externalId,
      rootExternalId: 'C0SUPPORT01:1772359199.000100',
    };
    expect(comment).toMatchObject({ kind: 'comment' });
    expect(files).toMatchObject([
      { externalId: 'F0FILE0001', parent },
      { externalId: 'F0FILE0002', parent },
    ]);
  });

  it.each([
    ['of another workspace', { id: FILE.id, mode: 'file_access', file_access: 'check_file_info' }],
    ['that nobody has looked at yet', { ...FILE, mimetype: '' }],
  ])('are to be read when they are %s', (_, file) => {
    expect(sharing([file])[1]).toMatchObject({
      kind: 'attachment',
      needsRead: true,
      fields: {},
      isComplete: false,
    });
  });

  it.each([
    ['lives elsewhere', { ...FILE, mode: 'external', is_external: true }],
    ['is a canvas', { ...FILE, mode: 'quip' }],
    ['is hidden by the plan', { ...FILE, mode: 'hidden_by_limit' }],
    ['has no id', { ...FILE, id: undefined }],
  ])('are named and not carried when one %s', (_, file) => {
    const observations = sharing([file]);

    expect(observations.map(({ kind }) => kind)).toEqual(['ticket']);
    expect(observations[0]?.fields.description).toContain('[file: A]');
  });

  it('are gone when the message says so, or file_deleted does', () => {
    const tombstone = sharing([{ id: FILE.id, mode: 'tombstone' }])[1];
    const event = observed({ type: 'file_deleted', file_id: FILE.id, event_ts: '1772359300.000100' })[0];

    expect(tombstone).toMatchObject({ kind: 'attachment', externalId: FILE.id, life: 'deleted' });
    expect(event).toMatchObject({
      kind: 'attachment',
      externalId: FILE.id,
      life: 'deleted',
      authorship: 'unknown',
    });
  });

  it('are told by their message: file_shared says nothing more', () => {
    expect(decoded({ type: 'file_shared', file_id: FILE.id, channel_id: 'C0SUPPORT01' })).toMatchObject({
      outcome: 'filtered',
    });
  });
});
