import type { ConnectionId } from '../domain/ids.ts';
import type { FieldValue } from '../domain/record.ts';
import { fileOf } from './attachment.ts';
import { isOfOurs, meaningThere } from './held.ts';
import { currentValue } from './projection.ts';
import { withdrawQuestion } from './question.ts';
import { type Scene, type Surroundings, sceneAt, type Tree } from './scene.ts';
import { markSent } from './sent.ts';
import type { AnyRecord, Link, Parked, ParkedWork } from './state.ts';
import { same } from './versions.ts';

/**
 * Conflicts that a person decides (policy `ask`). Until then copy and record each keep their own value in that field
 * alone; the question stands among the parked work, and everything else of the copy goes on.
 */
export function askAbout(
  { link, tree, place, record, around }: Scene,
  field: string,
  value: FieldValue,
): void {
  const question: Parked & { value: FieldValue } = {
    value,
    id: around.newId(),
    cause: 'asked',
    reason: `${field} was changed on both sides; a person decides which value stands`,
    fault: 'organization',
    atMs: around.nowMs,
    attempts: 0,
  };
  link.asked = { ...link.asked, [field]: question };
  const { value: _value, ...shown } = question;
  tree.parked.push(workOf(shown, { tree, place, record, around }));
}

/** Parked work as people see it. */
export function workOf(
  parked: Parked,
  { tree, place, record, around }: Pick<Scene, 'tree' | 'place' | 'record' | 'around'>,
): ParkedWork {
  const correlation = around.cause?.correlation ?? record.correlation;
  const { wouldWrite: _content, ...shown } = parked;
  return {
    ...shown,
    ...(correlation === undefined ? {} : { correlation }),
    organization: place.connection.organization,
    connection: place.connection.id,
    integration: place.manifest.id,
    root: tree.root.id,
    record: record.id,
    kind: record.kind,
    ...(record.kind === 'attachment' ? { ticket: fileOf(record).of.root } : {}),
  };
}

/** The record's value stands: it is written to the copy. */
export function decideForRecord(scene: Scene, isMeant: (question: Parked) => boolean): boolean {
  const meant = Object.entries(scene.link.asked ?? {}).filter(([, question]) => isMeant(question));
  for (const [field] of meant) {
    withdrawQuestion(scene, field);
    delete scene.link.sent[field];
  }
  return meant.length > 0;
}

/** Questions a commit answers: a person set the field through the hub, or both sides agree by now. */
export function closeAnswered(tree: Tree, around: Surroundings): void {
  const records: readonly AnyRecord[] = [tree.root, ...tree.children.values()];
  for (const record of records) {
    for (const [id, link] of linksOf(record)) {
      const place = around.places.get(id as ConnectionId);
      if (place === undefined) continue;
      const scene = sceneAt(tree, record, place, around);
      // A newer mapping, met by the scene, may have withdrawn them.
      for (const [field, { value }] of Object.entries(link.asked ?? {})) closeIfAnswered(scene, field, value);
    }
  }
}

const linksOf = (record: AnyRecord): [string, Link][] =>
  record.kind === 'comment'
    ? Object.entries(record.links)
    : Object.entries(record.lanes).map(([id, { link }]) => [id, link]);

/** It stands there still, and is what would be written of what the record holds by now. */
function isWhatWasAsked(scene: Scene, field: string, value: FieldValue): boolean {
  return same(meaningThere(scene, field), value) && isOfOurs(scene, field, scene.link.got[field]);
}

function closeIfAnswered(scene: Scene, field: string, value: FieldValue): void {
  const { tree, record, link } = scene;
  const isDecided = tree.changes.some(
    (change) => change.source === 'hub' && change.record === record.id && field in change.fields,
  );
  const isAgreed = same(value, currentValue(record, field)) || isWhatWasAsked(scene, field, value);
  const isMoot = record.deleted !== undefined || link.dead !== undefined;
  if (!isDecided && !isAgreed && !isMoot) return;
  withdrawQuestion(scene, field);
  if (isAgreed) markSent(scene, field);
  else delete link.sent[field];
}
