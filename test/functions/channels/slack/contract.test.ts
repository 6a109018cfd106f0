import { adapter } from '../../../../functions/channels/slack/adapter/files.ts';
import { externalId, placeOf, rootOf } from '../../../../functions/channels/slack/ids.ts';
import { manifest } from '../../../../functions/channels/slack/manifest.ts';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import type { ExternalId, Fields } from '../../../../shared/domain/index.ts';
import type { CopyRef } from '../../../../shared/ports/index.ts';
import { customerVisible } from '../../../../shared/resilience/index.ts';
import {
  describeIntegration,
  type FilesWorld,
  type Person,
  type VendorControl,
  type VendorWorld,
} from '../../../contracts/integration.ts';
import type { SandboxMessage } from '../../../sandboxes/slack/index.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const FAILURES = {
  throttled: { on: 'call', effect: 'throttle', retryAfterSeconds: 3 },
  unavailable: { on: 'call', effect: 'fail', status: 503 },
  rejected: { on: 'call', effect: 'error', error: 'msg_too_long' },
  unauthorized: { on: 'call', effect: 'error', error: 'token_revoked' },
} as const;

function person({ slack }: SlackWorld): Person {
  return {
    async creates({ kind, fields, root }) {
      if (kind === 'contact') {
        const [name, email, phone] = [String(fields.name), String(fields.email), String(fields.phone)];
        const { userId } = await slack.human.addUser({ name, email, phone });
        return { kind, externalId: userId as ExternalId };
      }
      const text = String(fields.body ?? fields.description);
      const threadTs = root === undefined ? undefined : placeOf(root.externalId).ts;
      const { channel, ts } = await slack.human.post({
        text,
        ...(threadTs === undefined ? {} : { threadTs }),
      });
      return {
        kind,
        externalId: externalId(channel, ts),
        ...(kind === 'comment' ? { rootExternalId: rootOf(channel, { ts, thread_ts: threadTs }) } : {}),
      };
    },
    async writesDirectly(text) {
      const { channel, ts } = await slack.human.dm({ text });
      const rootExternalId = rootOf(channel, { ts });
      return { kind: 'comment', externalId: externalId(channel, ts), rootExternalId };
    },
    async edits(copy, fields) {
      await slack.human.edit({ ...messageOf(copy), text: String(fields.body ?? fields.description) });
    },
    async deletes(copy) {
      await slack.human.remove(messageOf(copy));
    },
  };
}

function messageOf({ externalId: id }: CopyRef): { channel: string; ts: string } {
  const { channel, ts } = placeOf(id);
  if (ts === undefined) throw new Error('the suite uses threads only');
  return { channel, ts };
}

function control({ slack, clock, app }: SlackWorld): VendorControl {
  const messages = (): readonly SandboxMessage[] =>
    slack.state().channels.flatMap((channel) => channel.messages);
  return {
    async truth(copy): Promise<Fields | undefined> {
      if (copy.kind === 'contact') {
        const user = slack.state().users.find(({ id }) => id === copy.externalId);
        return user === undefined
          ? undefined
          : { name: user.realName, email: user.email ?? null, phone: user.phone ?? null };
      }
      const { channel, ts } = messageOf(copy);
      const message = messages().find((each) => each.channel === channel && each.ts === ts);
      return message === undefined
        ? undefined
        : { [copy.kind === 'ticket' ? 'description' : 'body']: message.text };
    },
    async count(kind, root) {
      if (kind === 'contact') return slack.state().users.length;
      if (kind === 'ticket') return messages().filter(({ threadTs }) => threadTs === undefined).length;
      const { ts } = placeOf(root!.externalId);
      return messages().filter(({ threadTs }) => threadTs === ts).length;
    },
    async loseNextAnswer() {
      slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'drop-after' });
    },
    async failNextWrite(failure) {
      slack.faults.add({ method: 'chat.postMessage', ...FAILURES[failure] });
    },
    async hide(copy) {
      if (copy.kind === 'contact') await slack.human.hideUser(copy.externalId);
      else await slack.human.kick(messageOf(copy).channel);
    },
    async advance(byMs) {
      clock.advance(byMs);
    },
    async deliveries() {
      await slack.flush();
      return app.received.splice(0).map(({ raw, headers }) => ({
        body: new TextEncoder().encode(raw),
        contentType: String(headers['content-type']),
      }));
    },
  };
}

function files(world: SlackWorld): FilesWorld {
  const { slack } = world;
  return {
    integration: customerVisible(adapter.open(world.opening(), world.grant)),
    async shares(bytes) {
      const {
        channel,
        ts,
        files: ids,
      } = await slack.human.upload({
        text: 'My lamp is dark',
        files: [{ name: 'photo.png', content: Buffer.from(bytes).toString() }],
      });
      return {
        file: { kind: 'attachment', externalId: ids[0] as ExternalId },
        parent: { kind: 'ticket', externalId: externalId(channel, ts) },
      };
    },
    removes: async ({ externalId: id }) => slack.human.removeFile(id),
    async seenAt({ externalId: id }) {
      const { ts } = placeOf(id);
      const messages = slack.state().channels.flatMap((channel) => channel.messages);
      return messages
        .filter((message) => message.ts === ts || message.threadTs === ts)
        .flatMap((message) => message.files ?? [])
        .sort();
    },
    async loseNextAnswer() {
      slack.faults.add({ on: 'call', method: 'files.completeUploadExternal', effect: 'drop-after' });
    },
  };
}

describeIntegration(manifest, mapping, {
  undeletable: ['contact'],
  unannounced: ['contact'],
  samples: { contact: { first: { name: 'Grace Hopper', email: 'grace@example.com', phone: '+15550100' } } },
  async open(): Promise<VendorWorld> {
    const world = await slackWorld();
    return {
      integration: customerVisible(world.open()),
      files: files(world),
      context: { hubUserId: world.slack.botUserId, settings: {}, receivedAtMs: Number.MAX_SAFE_INTEGER },
      person: person(world),
      control: control(world),
      close: () => world.close(),
    };
  },
});
