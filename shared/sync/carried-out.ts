import type { Version } from '../ports/mapping.ts';
import { cameWith, whatCame } from './fate.ts';
import type { Seen } from './merge.ts';
import { isAfter, isBefore, momentOf } from './moments.ts';
import type { Scene } from './scene.ts';
import type { Heard, Link, Moment, Pending, Values } from './state.ts';
import { awaitLook } from './unsettled.ts';

const WRITTEN_KEPT = 3;

/** What stands there now by our hand, and what it was decided on. */
export function noteCarriedOut(link: Link, pending: Pending, version: Version | undefined): void {
  const fields = carried(pending);
  Object.assign(link.sent, pending.change.fields);
  link.wrote = { fields, base: baseOf(pending), ...(version === undefined ? {} : { version }) };
  noteWritten(link, fields, pending);
  awaitLook(link, Object.keys(fields), 'written');
}

const baseOf = ({ baseAtMs: atMs, baseVersion: version }: Pending): Moment => momentOf({ atMs, version });

function noteWritten(link: Link, fields: Values, pending: Pending): void {
  const { change } = pending;
  const isConditional = change.operation !== 'create' && change.ifVersion !== undefined;
  const kind = {
    ...(change.operation === 'create' ? { isFirst: true as const } : {}),
    ...(isConditional ? { isConditional } : {}),
  };
  for (const [field, value] of Object.entries(fields)) {
    const was = pending.base[field];
    const stood = stoodSince(link, field);
    const written = {
      value,
      ...kind,
      base: baseOf(pending),
      ...(pending.toldAs === undefined ? {} : { seen: pending.toldAs }),
      ...(was === undefined ? {} : { was }),
      ...(stood === undefined ? {} : { stood }),
    };
    const kept = [...(link.written?.[field] ?? []), written].slice(-WRITTEN_KEPT);
    link.written = { ...link.written, [field]: kept };
  }
}

/** Since when what stands there has, as far as is known: since the last write of ours, or somebody's edit after it. */
function stoodSince({ since, met, written }: Link, field: string): Moment | undefined {
  const known = since?.[field] ?? met;
  const last = written?.[field]?.at(-1);
  if (last === undefined) return known;
  const landed = last.seen ?? last.base;
  return known === undefined || isAfter(landed, known) ? landed : known;
}

/** What a request sets at the vendor; a created comment's visibility with it. */
export function carried({ change }: Pending): Values {
  const { fields } = change;
  if (change.operation !== 'create') return { ...fields };
  if (change.kind === 'comment') return { ...fields, visibility: change.comment.visibility };
  if (change.kind === 'attachment') return { ...fields, visibility: change.attachment.visibility };
  return { ...fields };
}

/** What became of a request given up while its copy was out of sight. */
export function judgeLate(scene: Scene, seen: Seen): void {
  const { link } = scene;
  const { unjudged } = link;
  delete link.unjudged;
  if (unjudged === undefined) return;
  const come = whatCame(scene, unjudged, seen);
  if (come === undefined) return;
  noteCarriedOut(link, come, undefined);
  Object.assign(link.got, carried(come));
}

/** Nobody will look at its copy any more: what was told of that after the request may show that it landed. */
export function judgeAsTold(scene: Scene, heard: readonly Heard[]): void {
  const { unjudged } = scene.link;
  if (unjudged === undefined) return;
  const isShown = (told: Seen) =>
    !isBefore(told, baseOf(unjudged)) && cameWith(scene, unjudged, told).length > 0;
  const shown = heard.find(isShown);
  if (shown !== undefined) judgeLate(scene, shown);
}
