import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(
  new URL('../../../../../functions/platform/console/app/src/style.css', import.meta.url),
  'utf8',
);
const [light, dark] = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, block]) => tokensIn(block as string));

type Color = readonly [red: number, green: number, blue: number];
type Tokens = ReadonlyMap<string, { readonly color: Color; readonly alpha: number }>;

function tokensIn(block: string): Tokens {
  const found = [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6}|rgb\([^)]*\))/g)];
  return new Map(found.map(([, name, value]) => [name as string, colorOf(value as string)]));
}

function colorOf(value: string) {
  const parts = value.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16))
    : (value.match(/[\d.]+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts;
  return { color: [red, green, blue] as Color, alpha };
}

function on(tokens: Tokens, name: string, below: string): Color {
  const found = tokens.get(name);
  if (found === undefined) throw new Error(`there is no --${name}`);
  const { color, alpha } = found;
  const under = tokens.get(below)?.color ?? color;
  return color.map((part, at) => part * alpha + (under[at] as number) * (1 - alpha)) as unknown as Color;
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Color): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Color, other: Color): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** Text, what it stands on, and what lies below where that is translucent. */
const PAIRS: readonly (readonly [text: string, ground: string, below: string])[] = [
  ['ink', 'paper', 'card'],
  ['ink', 'card', 'card'],
  ['ink', 'internal', 'card'],
  ['ink', 'accent-wash', 'paper'],
  ['ink', 'calm-wash', 'card'],
  ['dim', 'paper', 'card'],
  ['dim', 'card', 'card'],
  ['dim', 'accent-wash', 'paper'],
  ['accent', 'paper', 'card'],
  ['accent', 'card', 'card'],
  ['accent', 'accent-wash', 'card'],
  ['on-accent', 'accent', 'card'],
  ['good', 'card', 'card'],
  ['good', 'good-wash', 'card'],
  ['warn', 'paper', 'card'],
  ['warn', 'internal', 'card'],
  ['warn', 'warn-wash', 'card'],
  ['bad', 'paper', 'card'],
  ['bad', 'card', 'card'],
  ['bad', 'bad-wash', 'card'],
  ['calm', 'calm-wash', 'card'],
];

describe.each([
  ['light', light as Tokens],
  ['dark', dark as Tokens],
])('contrast in %s (WCAG 2.2 §1.4.3)', (_, tokens) => {
  it.each(PAIRS)('%s is readable on %s over %s', (text, ground, below) => {
    expect(contrast(on(tokens, text, ground), on(tokens, ground, below))).toBeGreaterThanOrEqual(4.5);
  });
});
