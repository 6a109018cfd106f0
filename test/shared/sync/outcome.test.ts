import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import {
  ConfigurationError,
  type HubError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { WriteOutcome } from '../../../shared/ports/index.ts';
import { asHubError, backoffMs, takeFailure, takeOutcome } from '../../../shared/sync/outcome.ts';
import type { Lane, Pending } from '../../../shared/sync/state.ts';
import { deskPlace, NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';

const away = new ProviderUnavailableError('the vendor is away');
const update = pendingUpdate({ priority: 'high' });
const change = {
  kind: 'ticket',
  operation: 'create',
  record: 'ticket-1' as RecordId,
  fields: { subject: 'printer' },
} as const;
const creation = pendingUpdate({}, { change });
const refused = (
  why: Extract<WriteOutcome, { outcome: 'refused' }>['why'],
  error: HubError = away,
): WriteOutcome => ({
  outcome: 'refused',
  why,
  error,
});
const scene = (pending: Pending = update, lane: Partial<Lane> = {}, place = deskPlace()) =>
  ticketScene({ place, lane: { ...lane, pending } });
const GO_ON = { next: 'go-on' };

describe('the outcome of a write', () => {
  it('that was carried out is settled, and the lane goes on', () => {
    const given = scene();

    expect(takeOutcome(given, update, { outcome: 'settled', externalId: given.link.externalId! }, 1)).toEqual(
      GO_ON,
    );
    expect(given.link.sent.priority).toBe('high');
  });

  it('changes nothing where others have settled it', () => {
    const given = scene(pendingUpdate({}, { id: 'another' }));

    expect(takeOutcome(given, update, refused('gone'), 1)).toEqual(GO_ON);

    expect(given.lane.pending?.id).toBe('another');
    expect(given.tree.deeds).toEqual([]);
  });

  it('that finds the copy gone is later than whatever was seen of it, however far behind the hub’s clock is', () => {
    const [ahead, revived] = [{ gotAtMs: NOW_MS + 300_000 }, { revived: { atMs: NOW_MS + 200_000 } }];
    const seen = ticketScene({ lane: { pending: update }, link: ahead });
    const back = ticketScene({ lane: { pending: update }, link: revived });

    for (const given of [seen, back]) takeOutcome(given, update, refused('gone'), 1);

    expect(seen.link.dead).toMatchObject({ atMs: ahead.gotAtMs });
    expect(back.link).toMatchObject({ needsRead: true, doomed: revived.revived });
  });

  it('is told of with the vendor’s own code where it gave one', () => {
    const error = new ProviderRejectedError('a rule says no', { vendorCode: 'RULE' });
    const [ruled, lost] = [scene(), scene()];
    takeOutcome(ruled, update, refused('rejected', error), 1);
    takeOutcome(lost, update, { outcome: 'uncertain', error: away }, 1);

    expect(ruled.tree.deeds).toMatchObject([{ outcome: 'refused', code: 'RULE' }]);
    expect(lost.tree.deeds).toMatchObject([{ outcome: 'uncertain', code: 'provider_unavailable' }]);
  });

  it('that was sent before and is refused now leaves its values behind: the first may land yet', () => {
    const [again, once] = [{ ...update, isSentAgain: true } as const, update].map((pending) => {
      const given = scene(pending);
      takeOutcome(given, pending, refused('conflict'), 1);
      return given.link.superseded;
    });

    expect(again).toEqual([{ priority: 'high' }]);
    expect(once).toBeUndefined();
  });
});

describe('a write throttled', () => {
  const throttled = (retryAfterMs: number) =>
    refused('throttled', new RateLimitedError('slow down', { retryAfterMs }));

  it('waits as long as it was asked to: no attempt, and nothing to tell', () => {
    const given = scene(update, { attempts: 2 });

    expect(takeOutcome(given, update, throttled(7_000), 1)).toEqual({
      next: 'wait',
      untilMs: NOW_MS + 7_000,
    });

    expect(given.lane).toMatchObject({ attempts: 2 });
    expect(given.lane).not.toHaveProperty('pending');
    expect(given.tree.deeds).toEqual([]);
  });

  it('waits in any case', () => {
    expect(takeOutcome(scene(), update, throttled(0), 1)).toEqual({ next: 'wait', untilMs: NOW_MS + 1 });
  });
});

describe('a write whose base moved on', () => {
  it('is decided anew from a read, at once', () => {
    const given = scene();

    expect(takeOutcome(given, update, refused('conflict'), 1)).toEqual(GO_ON);

    expect(given.link.needsRead).toBe(true);
    expect(given.lane).toMatchObject({ attempts: 1 });
  });

  it('takes its time from the fifth time on, and is set aside after it', () => {
    expect(takeOutcome(scene(update, { attempts: 3 }), update, refused('conflict'), 1)).toEqual(GO_ON);
    expect(takeOutcome(scene(update, { attempts: 4 }), update, refused('conflict'), 1)).toEqual({
      next: 'wait',
      untilMs: NOW_MS + 16_000,
    });

    const given = scene(update, { attempts: 5 });
    expect(takeOutcome(given, update, refused('conflict'), 1)).toEqual(GO_ON);
    expect(given.lane.parked).toMatchObject({
      cause: 'unavailable',
      reason: 'the vendor is away',
      attempts: 6,
    });
  });

  it('has nothing to read where it was a creation', () => {
    const given = scene(creation);

    takeOutcome(given, creation, refused('conflict'), 1);

    expect(given.link).not.toHaveProperty('needsRead');
  });
});

describe('a write the vendor will not have', () => {
  it('is set aside with what it would have written', () => {
    const error = new ProviderRejectedError('a rule says no', { vendorCode: 'RULE' });
    const given = scene();

    expect(takeOutcome(given, update, refused('rejected', error), 1)).toEqual(GO_ON);

    expect(given.link.parked).toMatchObject({
      cause: 'rejected',
      reason: 'a rule says no',
      fault: 'organization',
      code: 'RULE',
      wouldWrite: { priority: 'high' },
    });
    expect(given.lane).not.toHaveProperty('parked');
  });

  it('is set aside without where nothing was to be written', () => {
    const given = ticketScene({});

    takeFailure(given, new ProviderRejectedError('no', { vendorCode: 'RULE' }), 1);

    expect(given.link.parked).not.toHaveProperty('wouldWrite');
  });

  it('shuts the whole lane where it was the look that would tell a request’s fate: there is nothing else to do', () => {
    const given = scene();

    takeFailure(given, new ProviderRejectedError('no', { vendorCode: 'RULE' }), 1);

    expect(given.lane).toMatchObject({ pending: update, parked: { cause: 'rejected', code: 'RULE' } });
    expect(given.link).not.toHaveProperty('parked');
  });

  it('shuts the whole lane where the grant is lost', () => {
    const given = scene();

    takeOutcome(
      given,
      update,
      refused('unauthorized', new ReauthorizationRequiredError('the grant is dead')),
      1,
    );

    expect(given.lane.parked).toMatchObject({ cause: 'unauthorized', fault: 'organization' });
    expect(given.link).not.toHaveProperty('parked');
  });

  it('is for us to mend where it is none of theirs', () => {
    const error = new ConfigurationError('no key');

    expect(() => takeOutcome(scene(), update, refused('rejected', error), 1)).toThrow(error);
  });

  it('needs its file’s staged bytes no more once it was refused or in conflict', () => {
    const staged = 'upload-1' as NonNullable<Lane['staged']>;
    const left = (['conflict', 'rejected', 'throttled', 'gone'] as const).map((why) => {
      const error = new ProviderRejectedError('no', { vendorCode: 'X' });
      const given = scene(update, { staged });
      takeOutcome(given, update, refused(why, error), 1);
      return given.lane.staged;
    });

    expect(left).toEqual([undefined, undefined, staged, staged]);
  });
});

describe('a vendor that is away', () => {
  it('is tried again later and later, at random within that, five times in all', () => {
    const waits = [0, 1, 2, 3, 4].map((attempts) => {
      const next = takeOutcome(scene(update, { attempts }), update, refused('unavailable'), 0.5);
      return 'untilMs' in next ? next.untilMs - NOW_MS : 0;
    });

    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });

  it('parks the lane then, to be tried by itself', () => {
    const given = scene(update, { attempts: 5 });

    expect(takeOutcome(given, update, refused('unavailable'), 0.5)).toEqual(GO_ON);

    expect(given.lane.parked).toMatchObject({
      cause: 'unavailable',
      fault: 'vendor',
      drainAtMs: NOW_MS + 60_000,
    });
    expect(given.lane.attempts).toBe(0);
  });

  it('is waited for a minute at most, and some time in any case', () => {
    expect(backoffMs(20, 1)).toBe(60_000);
    expect(backoffMs(7, 1)).toBe(60_000);
    expect(backoffMs(1, 0)).toBe(1);
    expect(backoffMs(1, 0.0015)).toBe(1);
  });
});

describe('a write of unknown fate', () => {
  const lost: WriteOutcome = { outcome: 'uncertain', error: away };

  it('knows still what its own event has told of it before the answer was lost', () => {
    const toldAs = { atMs: 58_000 };
    const given = scene({ ...update, toldAs });

    takeOutcome(given, update, lost, 1);

    expect(given.lane.pending).toMatchObject({ toldAs, isDoubtful: true });
  });

  it('stays under way, in doubt, until nothing of it can land any more', () => {
    const given = scene();

    expect(takeOutcome(given, update, lost, 0.5)).toEqual({ next: 'wait', untilMs: NOW_MS + 60_000 });

    expect(given.lane.pending).toEqual({ ...update, isDoubtful: true, settleAtMs: NOW_MS + 60_000 });
  });

  it('that can simply be sent again waits as any attempt', () => {
    const given = scene(creation);

    expect(takeOutcome(given, creation, lost, 0.5)).toEqual({ next: 'wait', untilMs: NOW_MS + 500 });
    expect(given.lane.pending).toMatchObject({ isDoubtful: true, settleAtMs: NOW_MS + 500 });
  });

  it('waits for no more than that where the lane is parked with it', () => {
    const given = scene(update, { attempts: 5 });

    expect(takeOutcome(given, update, lost, 0.5)).toEqual({ next: 'wait', untilMs: NOW_MS + 60_000 });
    expect(given.lane.parked).toBeDefined();
  });
});

describe('what was thrown', () => {
  it('is a failure of ours to divide, or nobody’s to swallow', () => {
    const strange = new TypeError('undefined is not a function');

    expect(asHubError(away)).toBe(away);
    expect(() => asHubError(strange)).toThrow(strange);
  });
});
