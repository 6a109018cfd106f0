import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BackfillJob,
  type Outstanding,
  phaseOf,
  planned,
  progressOf,
} from '../../../shared/backfill/job.ts';
import {
  asked,
  begun,
  cancelled,
  discarded,
  finished,
  hinderedOrFailed,
  pageRead,
  settled,
} from '../../../shared/backfill/moves.ts';
import { FILES_WINDOW, MOST_VAIN, nextStep, WINDOW } from '../../../shared/backfill/step.ts';
import type { ConnectionId, InboxId, JobId, OrganizationId } from '../../../shared/domain/index.ts';
import {
  ConfigurationError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { EndState } from '../../../shared/sync/index.ts';

const START = 1_000_000;
const fresh = (
  kinds: readonly ('ticket' | 'comment' | 'attachment')[] = ['comment', 'ticket'],
): BackfillJob =>
  planned({
    id: 'j1' as JobId,
    organization: 'acme' as OrganizationId,
    connection: 'c1' as ConnectionId,
    integration: 'model',
    kinds,
    startedBy: 'user:ann',
    nowMs: START,
  });
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `row${from + at}` as InboxId);
const ended = (all: readonly Outstanding[], end: EndState = 'applied') =>
  new Map(all.map((row) => [row, end] as const));
const kindOf = (job: BackfillJob, kind: string) => job.exports.find((each) => each.kind === kind)!;

/** Both exports begun and ready, nothing read. */
function ready(records = { ticket: 3, comment: 2 }): BackfillJob {
  let job = fresh();
  for (const kind of ['ticket', 'comment'] as const) job = begun(job, kindOf(job, kind), `e-${kind}`);
  for (const kind of ['ticket', 'comment'] as const)
    job = asked(job, kindOf(job, kind), { state: 'ready', records: records[kind] }, START);
  return job;
}

describe('the next step of a backfill', () => {
  it('asks for every kind at once, parents first, then waits for all of them', () => {
    const job = fresh();
    expect(nextStep(job, START)).toMatchObject({ step: 'begin', of: { kind: 'ticket' } });
    const one = begun(job, kindOf(job, 'ticket'), 'e1');
    expect(nextStep(one, START)).toMatchObject({ step: 'begin', of: { kind: 'comment' } });
    const both = begun(one, kindOf(one, 'comment'), 'e2');

    expect(nextStep(both, START)).toMatchObject({ step: 'ask', of: { kind: 'ticket' } });
    expect([phaseOf(job), phaseOf(both), phaseOf(ready())]).toEqual(['planned', 'exporting', 'importing']);
  });

  it('is importing to its end, although the vendor’s exports are given back before', () => {
    let job = ready();
    for (const kind of ['ticket', 'comment'] as const) job = discarded(job, kindOf(job, kind));

    expect([phaseOf(job), phaseOf(finished(job, START))]).toEqual(['importing', 'done']);
  });

  it('looks again the later, the longer an export takes', () => {
    let job = begun(fresh(['ticket']), fresh(['ticket']).exports[0]!, 'e1');
    const waits: number[] = [];
    for (let look = 0; look < 6; look += 1) {
      job = asked(job, job.exports[0]!, { state: 'preparing' }, START);
      waits.push(job.waitUntilMs - START);
    }

    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(nextStep(job, START)).toEqual({ step: 'wait', untilMs: START + 5_000 });
  });

  it('reads on while there is room, and looks what became of rows where there is none', () => {
    const job = ready({ ticket: 2 * WINDOW, comment: 0 });
    const full = pageRead(job, kindOf(job, 'ticket'), { rows: rows(0, WINDOW), next: 'p2' }, START);

    expect(nextStep(job, START)).toMatchObject({ step: 'read', of: { kind: 'ticket' } });
    expect(nextStep(full, START)).toEqual({ step: 'settle' });
    const roomy = settled(full, ended(rows(0, WINDOW - 10)), START);
    expect(nextStep(roomy, START)).toMatchObject({ step: 'read', of: { kind: 'ticket', at: 'p2' } });
  });

  it('reads no child before its parents have their ends', () => {
    let job = ready();
    job = pageRead(job, kindOf(job, 'ticket'), { rows: rows(0, 3), next: undefined }, START);
    expect(nextStep(job, START)).toEqual({ step: 'settle' });

    job = settled(job, ended(rows(0, 3)), START);

    expect(nextStep(job, START)).toMatchObject({ step: 'read', of: { kind: 'comment' } });
  });

  it('reads no more files while some are on their way, and looks the more seldom what has become of them', () => {
    const records = 10 * FILES_WINDOW;
    let job = begun(fresh(['attachment']), fresh(['attachment']).exports[0]!, 'e1');
    job = asked(job, kindOf(job, 'attachment'), { state: 'ready', records }, START);
    job = pageRead(job, kindOf(job, 'attachment'), { rows: rows(0, FILES_WINDOW), next: 'p2' }, START);
    expect(nextStep(job, START)).toEqual({ step: 'settle' });
    for (let look = 0; look < 9; look += 1) job = settled(job, new Map(), START);
    expect(job.waitUntilMs).toBe(START + 60_000);

    job = settled(job, ended(rows(0, 1 + FILES_WINDOW / 2)), START);

    expect(nextStep(job, START)).toMatchObject({ step: 'read', of: { at: 'p2' } });
  });

  it('takes its exports down at the end, and then is done', () => {
    let job = ready({ ticket: 0, comment: 0 });
    job = pageRead(job, kindOf(job, 'ticket'), { rows: [], next: undefined }, START);
    job = pageRead(job, kindOf(job, 'comment'), { rows: [], next: undefined }, START);
    for (const kind of ['ticket', 'comment']) {
      expect(nextStep(job, START)).toMatchObject({ step: 'discard', of: { kind } });
      job = discarded(job, kindOf(job, kind));
    }

    expect(nextStep(job, START)).toEqual({ step: 'finish' });
    expect(nextStep(finished(job, START), START)).toEqual({ step: 'rest' });
  });

  it('takes its exports down as well when it is cancelled, at once', () => {
    const waiting = hinderedOrFailed(ready(), new RateLimitedError('busy', { retryAfterMs: 9_000 }), START);

    const job = cancelled(waiting, START);

    expect(nextStep(job, START)).toMatchObject({ step: 'discard' });
    expect(phaseOf(job)).toBe('cancelled');
  });
});

describe('what hinders a backfill', () => {
  it.each([
    ['a vendor that asks for patience', new RateLimitedError('busy', { retryAfterMs: 9_000 }), 9_000],
    ['a vendor that is away', new ProviderUnavailableError('away'), 1_000],
    ['a grant that is refused', new ReauthorizationRequiredError('refused'), 60_000],
  ])('%s: it waits, says why, and goes on', (_, error, waitMs) => {
    const job = hinderedOrFailed(ready(), error, START);

    expect(job).toMatchObject({ state: 'running', waitUntilMs: START + waitMs });
    expect(job.trouble).toMatchObject({ reason: error.message, sinceMs: START, attempts: 1 });
    expect(begun(job, job.exports[0]!, 'e').trouble).toBeUndefined();
  });

  it('is looked at ever more seldom, and shown since when', () => {
    let job = ready();
    for (let attempt = 0; attempt < 6; attempt += 1)
      job = hinderedOrFailed(job, new ProviderUnavailableError('away'), START + attempt);

    expect(job.trouble).toMatchObject({ attempts: 6, sinceMs: START });
    expect(job.waitUntilMs).toBe(START + 5 + 300_000);
  });

  it.each([
    [
      'the vendor refuses',
      new ProviderRejectedError('no', { vendorCode: 'INVALID_FIELD' }),
      'INVALID_FIELD',
      'organization',
    ],
    ['the hub is at fault', new ConfigurationError('no secret'), 'configuration', 'hub'],
  ])('for good, where %s: it fails and says why', (_, error, code, fault) => {
    const job = hinderedOrFailed(ready(), error, START);

    expect(job).toMatchObject({
      state: 'failed',
      endedAtMs: START,
      failure: { code, fault, reason: error.message },
    });
  });

  it('begins an export anew that the vendor has lost or given up, three times', () => {
    let job = ready();
    for (let restart = 0; restart < 3; restart += 1) {
      job = asked(job, kindOf(job, 'ticket'), { state: 'gone' }, START);
      expect(nextStep(job, job.waitUntilMs)).toMatchObject({
        step: 'begin',
        of: { kind: 'ticket', read: 0 },
      });
      job = begun(job, kindOf(job, 'ticket'), `again${restart}`);
    }

    const error = new ProviderUnavailableError('gave up');
    expect(asked(job, kindOf(job, 'ticket'), { state: 'failed', error }, START)).toMatchObject({
      state: 'failed',
      failure: { reason: 'gave up' },
    });
  });

  it('is a vendor that goes on beyond what it announced', () => {
    const job = ready({ ticket: 3, comment: 0 });

    const after = pageRead(job, kindOf(job, 'ticket'), { rows: rows(0, 3), next: 'p2' }, START);

    expect(after).toMatchObject({ state: 'failed', failure: { code: 'repeating_results' } });
  });

  it('is no page of fewer records than it stands for, nor one of more', () => {
    let job = ready({ ticket: 3, comment: 0 });

    job = pageRead(job, kindOf(job, 'ticket'), { rows: rows(0, 5), stands: 0, next: 'p2' }, START);
    expect(kindOf(job, 'ticket')).toMatchObject({ records: 8, read: 5, at: 'p2' });
    job = pageRead(job, kindOf(job, 'ticket'), { rows: [], stands: 2, next: 'p3' }, START);
    expect(kindOf(job, 'ticket')).toMatchObject({ records: 6, read: 5, at: 'p3' });
    job = pageRead(job, kindOf(job, 'ticket'), { rows: rows(4, 2), stands: 1, next: undefined }, START);

    expect(kindOf(job, 'ticket')).toMatchObject({ records: 6, read: 6, isRead: true });
    expect(job.outstanding).toEqual(rows(0, 6));
  });

  it('is no row that stays open: after many looks in vain it is left to the sweeper, and said', () => {
    let job = ready({ ticket: 3, comment: 0 });
    job = pageRead(job, kindOf(job, 'ticket'), { rows: rows(0, 3), next: undefined }, START);
    job = settled(job, ended(rows(0, 2)), START);
    for (let look = 0; look < MOST_VAIN; look += 1) job = settled(job, new Map(), START);

    expect(job).toMatchObject({ outstanding: [], leftOpen: 1 });
    expect(nextStep(job, job.waitUntilMs)).toMatchObject({ step: 'read', of: { kind: 'comment' } });
  });
});

describe('a backfill against any vendor', () => {
  /** A vendor that answers as the draws say; the job is walked until it rests. */
  const draws = fc.record({
    ticket: fc.nat(40),
    comment: fc.nat(40),
    page: fc.integer({ min: 1, max: 15 }),
    hindrances: fc.array(fc.constantFrom('busy', 'away', 'gone', 'none'), { maxLength: 40 }),
  });

  it('ends, with every row enqueued exactly as often as its page was read, and nothing outstanding', () => {
    fc.assert(
      fc.property(draws, ({ ticket, comment, page, hindrances }) => {
        const counts = { ticket, comment };
        const enqueued: InboxId[] = [];
        const queue = [...hindrances];
        let job = fresh();
        let nowMs = START;
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThan(2_000);
          const step = nextStep(job, nowMs);
          if (step.step === 'rest') break;
          const hindrance = queue.shift() ?? 'none';
          if (step.step === 'wait') nowMs = step.untilMs;
          else if (step.step === 'finish') job = finished(job, nowMs);
          else if (step.step === 'settle') {
            const some = job.outstanding.slice(0, hindrance === 'none' ? undefined : 1);
            job = settled(job, ended(some), nowMs);
          } else if (hindrance === 'busy' || hindrance === 'away') {
            const busy = new RateLimitedError('busy', { retryAfterMs: 100 });
            job = hinderedOrFailed(
              job,
              hindrance === 'busy' ? busy : new ProviderUnavailableError('away'),
              nowMs,
            );
          } else if (step.step === 'discard') job = discarded(job, step.of);
          else if (step.step === 'begin') job = begun(job, step.of, `e${steps}`);
          else if (step.step === 'ask') {
            const records = counts[step.of.kind as 'ticket'];
            const isGone = hindrance === 'gone' && (step.of.restarts ?? 0) < 3;
            job = asked(job, step.of, isGone ? { state: 'gone' } : { state: 'ready', records }, nowMs);
          } else {
            const { kind, read } = step.of;
            const total = counts[kind as 'ticket'];
            const now = Array.from(
              { length: Math.min(page, total - read) },
              (_, at) => `${kind}${read + at}` as InboxId,
            );
            enqueued.push(...now);
            const next = read + now.length < total ? `p${read + now.length}` : undefined;
            job = pageRead(job, step.of, { rows: now, next }, nowMs);
          }
        }
        expect(job).toMatchObject({ state: 'done', outstanding: [], leftOpen: 0 });
        expect(new Set(enqueued).size).toBe(ticket + comment);
        expect(enqueued).toHaveLength(ticket + comment);
        expect(progressOf(job).records).toBe(ticket + comment);
        expect(job.exports.every(({ name }) => name === undefined)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
