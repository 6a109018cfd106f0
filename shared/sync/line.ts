import { LINE, placeOf } from './keys.ts';
import type { Behind, Line } from './state.ts';

/** In the order of their places; what is equal in position alone comes of a fold. */
export function byPlace(behind: readonly Behind[]): Behind[] {
  return [...behind].sort((a, b) => compare(a.position, b.position) || compare(a.id, b.id));
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Keeps a line as short as it may be. Who stands in it no more is returned, and has to have an item of its own: those
 * who come after all that are listed, and those whose place lies where the line is looked for.
 */
export function keepShort(line: Line, length: number): readonly Behind[] {
  const { behind, beyond } = line;
  const isListed = (each: Behind) => beyond === undefined || placeOf(each) <= beyond.after;
  const [listed, unlisted] = divide(byPlace(behind), isListed);
  const [kept, cut] = [listed.slice(0, length), listed.slice(length)];
  const left = [...cut, ...unlisted];
  if (left.length === 0) return [];
  line.behind = behind.filter((each) => kept.includes(each));
  // Who is not cut off and stands in it no more comes after where it ended already.
  const after = cut.length > 0 ? placeOf(kept.at(-1)!) : beyond!.after;
  line.beyond = beyondOf(after, unreadOf(beyond, left));
  return left;
}

/** Looks at all again, from the first on: nobody is listed before somebody who comes first. */
export function lookAnew(line: Line): readonly Behind[] {
  const left = line.behind;
  line.behind = [];
  line.beyond = { after: LINE, unread: LINE };
  return left;
}

/** All up to this place have been looked at; none: to the end. That any who is left was read, nobody knows. */
export function passedTo(line: Line, place: string | undefined): void {
  const unread = line.beyond?.unread;
  if (place === undefined) {
    delete line.beyond;
    return;
  }
  // Stryker disable next-line ConditionalExpression: of two, one that is not known is sorted last, and none in the end
  line.beyond = beyondOf(place, unread === undefined ? [] : [unread, place].sort().slice(1));
}

/** Those who wait for life give up their places to those who do not, where there are too few. */
export function passOver(line: Line, length: number, isAsleep: (each: Behind) => boolean): readonly Behind[] {
  if (line.behind.length <= length) return [];
  const [asleep, awake] = divide(line.behind, isAsleep);
  line.behind = awake;
  return asleep;
}

/** Whether somebody still to be read may stand before this place, and beyond the listed. */
export function mayHideUnread({ beyond }: Line, child: Pick<Behind, 'id' | 'position'>): boolean {
  return beyond?.unread !== undefined && beyond.unread < placeOf(child);
}

function unreadOf(beyond: Line['beyond'], left: readonly Behind[]): readonly string[] {
  const known = beyond?.unread === undefined ? [] : [beyond.unread];
  return [...known, ...left.filter(({ isUnread }) => isUnread === true).map(placeOf)];
}

function beyondOf(after: string, unread: readonly string[]): NonNullable<Line['beyond']> {
  const [first] = [...unread].sort();
  return first === undefined ? { after } : { after, unread: first };
}

function divide<Each>(all: readonly Each[], isMeant: (each: Each) => boolean): [Each[], Each[]] {
  return [all.filter(isMeant), all.filter((each) => !isMeant(each))];
}
