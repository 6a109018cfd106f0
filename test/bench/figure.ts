/** One measured figure. A ratio is always against a baseline measured in the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: { readonly name: string; readonly value: number };
  readonly ratio?: number;
  /** What we aim for, in the unit of `ratio` where there is one, else of `value`. */
  readonly aim?: { readonly atMost: number };
  readonly isHeld?: boolean;
  readonly detail?: Readonly<Record<string, number | string>>;
}

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly detail?: Readonly<Record<string, number | string>>;
}

export function against(
  measured: Measured,
  baseline: { readonly name: string; readonly value: number },
  atMost?: number,
): Figure {
  const ratio = round(measured.value / baseline.value);
  return {
    ...measured,
    value: round(measured.value),
    baseline: { name: baseline.name, value: round(baseline.value) },
    ratio,
    ...(atMost !== undefined && { aim: { atMost }, isHeld: ratio <= atMost }),
  };
}

export function alone(measured: Measured, atMost?: number): Figure {
  const value = round(measured.value);
  return { ...measured, value, ...(atMost !== undefined && { aim: { atMost }, isHeld: value <= atMost }) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export const round = (value: number): number => Math.round(value * 1000) / 1000;
