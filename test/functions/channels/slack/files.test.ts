import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { externalId } from '../../../../functions/channels/slack/ids.ts';
import { type SlackHub, slackHub } from './hub.ts';

let hub: SlackHub;
beforeEach(async () => {
  hub = await slackHub();
});
afterEach(() => hub.close());

const heldBytes = async () => {
  const [key = ''] = hub.contents.keys();
  const pieces: Uint8Array[] = [];
  for await (const piece of hub.contents.get(key)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

describe('slack and the engine: a file', () => {
  it('of a reply hangs on that comment, and its bytes are held', async () => {
    const { channel, ts } = await hub.slack.human.post({ text: 'My lamp is dark' });
    const reply = await hub.slack.human.upload({
      text: 'look',
      threadTs: ts,
      files: [{ name: 'lamp.png', content: 'a picture' }],
    });
    await hub.settle();

    const root = (await hub.root(externalId(channel, ts)))!;
    const file = await hub.ticket((await hub.root(reply.files[0]!, 'attachment'))!);

    expect((await hub.comments(root)).map(({ fields }) => fields.body)).toEqual(['look\n[file: lamp.png]']);
    expect(file).toMatchObject({
      kind: 'attachment',
      fields: { name: 'lamp.png', type: 'image/png', size: 9 },
      file: { visibility: 'public', of: { root, kind: 'comment' }, content: { size: 9 } },
    });
    expect(await heldBytes()).toBe('a picture');
  });

  it('of another workspace is looked up first, and gone when Slack says so', async () => {
    const { files } = await hub.slack.human.upload({
      text: 'look',
      files: [{ name: 'lamp.png', content: 'a picture', from: 'elsewhere' }],
    });
    await hub.settle();
    expect(await heldBytes()).toBe('a picture');

    await hub.slack.human.removeFile(files[0]!);
    await hub.settle();

    expect(hub.contents.keys()).toEqual([]);
  });
});
