import { afterEach, describe, it } from 'vitest';
import type { Fields, RecordKind, Visibility } from '../../shared/domain/index.ts';
import type {
  CopyRef,
  Integration,
  KindCapability,
  Manifest,
  Mapping,
  MappingContext,
  ParentRef,
} from '../../shared/ports/index.ts';
import { type Ran, unproven } from './integration/capabilities.ts';
import { creationRules } from './integration/creation.ts';
import { describeRules } from './integration/describe.ts';
import { directRules } from './integration/direct.ts';
import { eventRules } from './integration/events.ts';
import { exportRules } from './integration/exports.ts';
import { failureRules } from './integration/failures.ts';
import { fileRules } from './integration/files.ts';
import { mappingRules } from './integration/mapping.ts';
import { pullRules } from './integration/pull.ts';
import { readRules } from './integration/read.ts';
import type { PlainKind, Rule } from './integration/rule.ts';
import { type Sample, samplesOf } from './integration/samples.ts';
import { togetherRules } from './integration/together.ts';
import { writeRules } from './integration/write.ts';

/** Somebody at the vendor who is not the hub: a customer in a channel, an agent in a connector. */
export interface Person {
  /** `fields` are canonical; `root` and `visibility` are given for a comment. */
  creates(object: {
    readonly kind: RecordKind;
    readonly fields: Fields;
    readonly root?: CopyRef;
    readonly visibility?: Visibility;
  }): Promise<CopyRef>;
  edits(copy: CopyRef, fields: Fields): Promise<void>;
  deletes(copy: CopyRef): Promise<void>;
  undeletes?(copy: CopyRef): Promise<void>;
  /** To the hub alone, where the manifest declares direct messages: the message, and the conversation it is in. */
  writesDirectly?(text: string): Promise<CopyRef>;
}

/** The vendor's own side: its truth, its clock and its faults. */
export interface VendorControl {
  /** What the vendor itself holds now, raw under canonical field names; undefined when it is not there. */
  truth(copy: CopyRef): Promise<Fields | undefined>;
  /** How many live objects of this kind there are; for a comment, under this root. */
  count(kind: RecordKind, root?: CopyRef): Promise<number>;
  /** The next write is carried out and its answer lost. */
  loseNextAnswer(): Promise<void>;
  /** The next write is answered with this failure, and nothing is done. */
  failNextWrite(failure: 'throttled' | 'unavailable' | 'rejected' | 'unauthorized'): Promise<void>;
  /** The hub's user loses sight of the object; it still exists. */
  hide?(copy: CopyRef): Promise<void>;
  /** Moves the vendor's clock on: search lags pass, second-resolution stamps move. */
  advance(byMs: number): Promise<void>;
  /** Bodies of the events sent since the last call, exactly as the inbound function would keep them. */
  deliveries(): Promise<readonly { readonly body: Uint8Array; readonly contentType: string }[]>;
}

/** Where the manifest declares files. */
export interface FilesWorld {
  /** Of the function of files. */
  readonly integration: Integration;
  /** A person's file on a ticket of their own, for customers to see. */
  shares(bytes: Uint8Array): Promise<{ readonly file: CopyRef; readonly parent: ParentRef }>;
  /** Where the manifest says that deletions of files are told: a person takes away their own. */
  removes?(file: CopyRef): Promise<void>;
  /** External ids of the files that stand there, sorted. */
  seenAt(parent: ParentRef): Promise<readonly string[]>;
  /** The next creation is carried out and its answer lost. */
  loseNextAnswer(): Promise<void>;
}

export interface VendorWorld {
  readonly integration: Integration;
  readonly files?: FilesWorld;
  readonly context: MappingContext;
  readonly person: Person;
  readonly control: VendorControl;
  close(): Promise<void>;
}

export interface IntegrationHarness {
  /** A fresh, empty vendor with one healthy connection of the hub; once per test. */
  open(): Promise<VendorWorld>;
  /** Canonical values to work with where the suite's own do not fit. Without `second`, no person edits it. */
  readonly samples?: Partial<Record<RecordKind, Sample>>;
  /** Kinds of objects no person can delete there (a Slack user). */
  readonly undeletable?: readonly RecordKind[];
  /** Kinds whose changes the vendor announces by no event. */
  readonly unannounced?: readonly RecordKind[];
  /** Kinds of objects a person can bring back from the dead there; `person.undeletes` does it. */
  readonly revivable?: readonly RecordKind[];
}

/**
 * What every integration owes the engine. Runs for model vendors and for each sandbox alike, and exercises
 * each capability the manifest declares; what is not declared is not tried.
 */
export function describeIntegration(manifest: Manifest, mapping: Mapping, harness: IntegrationHarness): void {
  describe(`integration ${manifest.id}: contract`, () => {
    const opened: VendorWorld[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((world) => world.close()));
    });
    const open = async () => {
      const world = await harness.open();
      opened.push(world);
      return world;
    };

    const ran: Ran[] = [];
    for (const [kind, capability] of kindsOf(manifest)) {
      const samples = samplesOf(kind, capability, harness.samples?.[kind]);
      const subject = { manifest, mapping, harness, kind, capability, samples };
      const rules = RULES.flatMap((rulesOf) => rulesOf(subject));
      ran.push(...rules.map(({ title }) => ({ kind, title })));
      describe(`${kind} (${capability.vendorName})`, () => {
        for (const rule of rules) {
          it(rule.title, async () => rule.holds(await open()));
        }
      });
    }

    const files = fileRules(manifest, mapping);
    ran.push(...files.map(({ title }) => ({ kind: 'attachment' as const, title })));
    for (const rule of files) it(`attachment: ${rule.title}`, async () => rule.holds(await open()));

    it('declares no capability that these rules do not exercise', ({ expect }) => {
      expect(unproven(manifest, ran)).toEqual([]);
    });

    it('says by the vendor’s own word that the connection is alive', async ({ expect }) => {
      const world = await open();

      const health = await world.integration.check();

      expect(health).toMatchObject({ state: 'healthy' });
    });
  });
}

const RULES: readonly ((subject: Parameters<typeof readRules>[0]) => readonly Rule[])[] = [
  mappingRules,
  readRules,
  creationRules,
  writeRules,
  failureRules,
  eventRules,
  pullRules,
  describeRules,
  exportRules,
  togetherRules,
  directRules,
];

/** Files have rules of their own. */
function kindsOf(manifest: Manifest): readonly (readonly [PlainKind, KindCapability])[] {
  const kinds: readonly PlainKind[] = ['ticket', 'comment', 'contact', 'account'];
  return kinds.flatMap((kind) => {
    const capability = manifest.kinds[kind];
    return capability === undefined ? [] : [[kind, capability] as const];
  });
}
