import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../../shared/domain/index.ts';
import { ForbiddenError, type HubError } from '../../../../shared/errors.ts';
import { startSlackSandbox } from '../../../sandboxes/slack/index.ts';
import { reply, support, thread } from './replies.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(() => world.close());

describe('slack adapter: pages', () => {
  it.each([
    ['names the same next page again', () => 'again'],
    ['leads round in a circle', (asked: number) => `page ${asked % 2}`],
    ['always names another', (asked: number) => `page ${asked}`],
  ])('ends a list that brings nothing new and %s', async (_, cursor) => {
    const user = { ok: true, team_id: 'T1', user_id: 'U1', bot_id: 'B1' };
    let asked = 0;
    const fetch = async (input: string | URL | Request) => {
      await new Promise(setImmediate);
      if (String(input).endsWith('auth.test')) return Response.json(user);
      asked += 1;
      return Response.json({ ok: true, messages: [], response_metadata: { next_cursor: cursor(asked) } });
    };

    await expect(
      world.open({ fetch }).find!('r1' as RecordId, 'comment', 'D0ADA:dm' as ExternalId),
    ).rejects.toMatchObject({ vendorCode: 'repeating_results', fault: 'vendor' });
  });
});

describe('slack adapter: failures, by what must happen next', () => {
  it.each([
    ['fatal_error', 'uncertain', 'provider_unavailable'],
    ['internal_error', 'uncertain', 'provider_unavailable'],
    ['service_unavailable', 'uncertain', 'provider_unavailable'],
    ['request_timeout', 'unavailable', 'provider_unavailable'],
    ['team_added_to_org', 'unavailable', 'provider_unavailable'],
    ['ratelimited', 'throttled', 'rate_limited'],
    ['invalid_auth', 'unauthorized', 'reauthorization_required'],
    ['missing_scope', 'unauthorized', 'reauthorization_required'],
    ['account_inactive', 'unauthorized', 'reauthorization_required'],
    ['is_archived', 'rejected', 'provider_rejected'],
    ['not_in_channel', 'rejected', 'provider_rejected'],
    ['a_code_nobody_knows', 'rejected', 'provider_rejected'],
    ['message_not_found', 'gone', 'provider_rejected'],
    ['<html>Service down</html>', 'uncertain', 'provider_unavailable'],
  ])('%s is %s', async (error, fate, code) => {
    const root = await thread(world);
    world.slack.faults.add({ on: 'call', method: 'chat.postMessage', effect: 'error', error });

    const outcome = await world.open().write!(reply(root));

    expect(outcome.outcome === 'refused' ? outcome.why : outcome.outcome).toBe(fate);
    expect(outcome).toMatchObject({ error: { code } });
  });

  it('says how long Slack asked to stay away', async () => {
    const root = await thread(world);
    world.slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 30 });

    expect(await world.open().write!(reply(root))).toMatchObject({
      why: 'throttled',
      error: { code: 'rate_limited', retryAfterMs: 30_000 },
    });
  });

  it('does not know the fate of a request whose answer is lost, broken or from something on the way', async () => {
    const root = await thread(world);
    const write = () => world.open().write!(reply(root));
    world.slack.faults.add({ on: 'call', effect: 'drop-after' });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 502 });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 200 });

    const outcomes = [await write(), await write(), await write()];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    expect(support(world).threads[0]?.messages).toHaveLength(2);
  });

  it('knows that nothing was done where nobody listened, and where it was told no on the way', async () => {
    const root = await thread(world);
    const closed = await startSlackSandbox();
    await closed.close();
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 404 });

    expect(await world.open({ baseUrl: closed.apiUrl }).write!(reply(root))).toMatchObject({
      outcome: 'refused',
      why: 'unavailable',
    });
    expect(await world.open().write!(reply(root))).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { vendorCode: 'http_404' },
    });
  });

  it('is uncertain of an answer to a write that is not as published', async () => {
    const root = await thread(world);
    const answer = JSON.stringify({ ok: true, message: { ts: 7 } });

    const outcome = await world.open({ fetch: async () => new Response(answer) }).write!(reply(root));

    expect(outcome).toMatchObject({ outcome: 'uncertain', error: { code: 'provider_unavailable' } });
  });

  it('passes on what its own guard refused', async () => {
    const root = await thread(world);
    const guarded = world.open({
      fetch: async () => {
        throw new ForbiddenError('the host is not on the list');
      },
    });

    expect(await guarded.write!(reply(root))).toMatchObject({
      why: 'rejected',
      error: { code: 'forbidden' },
    });
  });

  it('throws the same for reads, and calls what it may not see absent', async () => {
    const root = await thread(world);
    const read = () => world.open().read!({ kind: 'ticket', externalId: root });
    world.slack.faults.add({ on: 'call', effect: 'throttle', retryAfterSeconds: 2 });
    await expect(read()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000 });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 500 });
    await expect(read()).rejects.toMatchObject({ code: 'provider_unavailable' });
    await world.slack.human.kick('C0SUPPORT0');

    expect(await read()).toEqual({ state: 'absent' });
  });

  it('puts neither token nor text into an error', async () => {
    const root = await thread(world);
    world.slack.faults.add({ on: 'call', effect: 'error', error: 'invalid_auth' });
    world.slack.faults.add({ on: 'call', effect: 'drop-before' });
    world.slack.faults.add({ on: 'call', effect: 'fail', status: 500 });

    for (let each = 0; each < 3; each += 1) {
      const outcome = await world.open().write!(reply(root, { body: 'canary-of-a-body' }));
      const told = outcome.outcome === 'settled' ? '' : everythingIn(outcome.error);
      expect(told).not.toContain('canary-of-a-body');
      expect(told).not.toContain(world.slack.botToken);
    }
  });
});

function everythingIn(error: HubError): string {
  const chain: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    chain.push(String(each), each.stack ?? '', JSON.stringify(each));
  }
  return chain.join('\n');
}
