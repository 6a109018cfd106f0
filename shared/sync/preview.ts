import { type Fields, type FieldValue, MAPPED_KINDS } from '../domain/record.ts';
import { vendorNames } from '../mapping/index.ts';
import type { Connection } from '../ports/connections.ts';
import type { MappingPreview, PreviewedWrite } from '../ports/engine.ts';
import type { Integration } from '../ports/integration.ts';
import { type Desk, placesFor, surroundings } from './desk.ts';
import { recordList } from './keys.ts';
import { needOf } from './need.ts';
import { documentOf, type Place, placeOf } from './places.ts';
import { project } from './projection.ts';
import { type Scene, type Surroundings, sceneAt, type Tree, treeOf } from './scene.ts';
import { unsent } from './sent.ts';
import { takeRead } from './settlement.ts';
import type { Root } from './state.ts';

export interface PreviewRequest {
  /** With the mapping it would have. */
  readonly connection: Connection;
  /** Opened under that mapping. */
  readonly integration: Integration;
  readonly limit: number;
}

/**
 * What the engine itself would do with the newest records under another mapping of this connection: the very decisions,
 * on copies that are thrown away. Reads the vendor, and writes nothing anywhere.
 */
export async function previewMapping(
  desk: Desk,
  request: PreviewRequest,
): Promise<readonly MappingPreview[]> {
  const { connection, limit } = request;
  const { organization } = connection;
  const place = placeOf(connection, desk.deps.integrations);
  if (place === undefined) return [];
  const places = new Map([...(await placesFor(desk, organization)), [connection.id, place]]);
  const around = surroundings(desk, places);
  const previews: MappingPreview[] = [];
  for (const root of await newestRoots(desk, request)) {
    if (previews.length >= limit) break;
    previews.push(await previewOf(treeOf(root), place, around, request.integration));
  }
  return previews;
}

/** Tickets before contacts and accounts, those with a copy there. */
async function newestRoots({ deps }: Desk, { connection, limit }: PreviewRequest): Promise<readonly Root[]> {
  const lists = MAPPED_KINDS.toReversed().map((kind) =>
    deps.store.page<Root>(recordList(connection.organization, kind), { limit: limit * 2 }),
  );
  const pages = await Promise.all(lists);
  return pages
    .flatMap(({ items }) => items.map(({ data }) => data))
    .filter(({ lanes }) => {
      const link = lanes[connection.id]?.link;
      return link?.externalId !== undefined && link.dead === undefined;
    });
}

async function previewOf(
  tree: Tree,
  place: Place,
  around: Surroundings,
  integration: Integration,
): Promise<MappingPreview> {
  const scene = sceneAt(tree, tree.root, place, around);
  const before: Fields = { ...tree.root.fields };
  if (scene.link.needsRead === true && integration.read !== undefined)
    takeRead(scene, await integration.read({ kind: tree.root.kind, externalId: scene.link.externalId! }));
  const writes = [...around.places.values()].flatMap((each) => writesAt(tree, each, around));
  return {
    record: tree.root.id,
    kind: tree.root.kind,
    externalId: scene.link.externalId!,
    takes: tree.changes.flatMap(({ fields }) =>
      Object.entries(fields).map(([field, { to }]) => ({ field, from: before[field] ?? null, to })),
    ),
    replaces: tree.losses.map(({ field, lost, kept }) => ({ field, lost, kept })),
    writes,
  };
}

function writesAt(tree: Tree, place: Place, around: Surroundings): PreviewedWrite[] {
  if (tree.root.lanes[place.connection.id] === undefined) return [];
  const scene = sceneAt(tree, tree.root, place, around);
  if (scene.link.externalId === undefined || needOf(scene) !== 'update') return [];
  return [{ connection: place.connection.id, fields: fieldsOf(scene) }];
}

function fieldsOf({ record, link, place, referred, around }: Scene): PreviewedWrite['fields'] {
  const wanted = project(record, link, place, referred, around.nowMs) ?? {};
  const names = vendorNames(documentOf(place), record.kind);
  const value = (values: Fields, field: string): FieldValue => values[field] ?? null;
  return unsent(wanted, link).map((field) => ({
    field,
    vendorField: names[field] ?? field,
    from: value(link.got, field),
    to: value(wanted, field),
  }));
}
