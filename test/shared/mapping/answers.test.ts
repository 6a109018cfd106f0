import { describe, expect, it } from 'vitest';
import { Answers } from '../../../shared/mapping/expressions/answers.ts';
import { failureOf, WAS_ENDED } from '../../../shared/mapping/expressions/failure.ts';

describe('what an expression has answered', () => {
  const failed = (failure: string) => ({ failure });

  it.each([
    ['an answer', { value: 'A' }, { value: 'A' }],
    ['a failure of its own', failed('failed (T2001)'), failed('failed (T2001)')],
    ['that JSONata gave it up for its time', failed(failureOf({ code: 'D1012' })), undefined],
    ['that it had to be ended', failed(WAS_ENDED), undefined],
  ])('is remembered: %s, but for a minute where the machine may have been slow', (_what, answer, later) => {
    let nowMs = 1_000;
    const answers = new Answers(() => nowMs);
    answers.remember('asked', answer);

    nowMs += 59_999;
    expect(answers.get('asked')).toEqual(answer);
    nowMs += 1;
    expect(answers.get('asked')).toEqual(later);
  });

  it('is all forgotten before it takes more than four million characters', () => {
    const answers = new Answers(() => 0);
    const long = { value: 'x'.repeat(1_500_000) };
    for (const key of ['one', 'two', 'three']) answers.remember(key, long);

    expect([answers.get('one'), answers.get('two'), answers.get('three')]).toEqual([
      undefined,
      undefined,
      long,
    ]);
  });

  it('is all forgotten before it is more than two thousand', () => {
    const answers = new Answers(() => 0);
    for (let at = 0; at <= 2_000; at += 1) answers.remember(`${at}`, { value: at });

    expect([answers.get('1999'), answers.get('2000')]).toEqual([undefined, { value: 2_000 }]);
  });
});
