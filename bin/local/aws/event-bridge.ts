import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from '../account.ts';
import { arn } from '../template/identity.ts';
import { matchesPattern } from './event-pattern.ts';
import { type Service, ServiceError } from './service.ts';

export interface Rule {
  readonly name: string;
  readonly busName: string;
  readonly pattern: unknown;
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly arn: string;
  readonly input?: string;
  readonly inputPath?: string;
  readonly messageGroupId?: string;
}

/** Takes one event for a target, on disk before it returns; the target's own retries follow. */
export type Deliver = (target: RuleTarget, event: string) => void;

type Entry = Readonly<Record<string, unknown>>;
const maxEntries = 10;
const maxEntryBytes = 1024 * 1024;

/** Event buses and their rules. A partner's bus is put to like any other: its vendor's sandbox does. */
export function eventBridgeService(
  buses: readonly string[],
  rules: readonly Rule[],
  deliver: Deliver,
): Service {
  const put = (entry: Entry): { EventId: string } | { ErrorCode: string; ErrorMessage: string } => {
    const busName = busNameOf(entry.EventBusName);
    const problem = problemOf(entry, busName, buses);
    if (problem !== undefined) return problem;
    const event = eventOf(entry);
    for (const rule of rules) {
      if (rule.busName !== busName || !matchesPattern(rule.pattern, event)) continue;
      for (const target of rule.targets) deliver(target, inputOf(target, event));
    }
    return { EventId: event.id };
  };
  const putEvents = (input: Entry): unknown => {
    const entries = input.Entries;
    if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
      throw new ServiceError('ValidationException', `PutEvents takes 1 to ${maxEntries} entries`);
    }
    const results = entries.map((entry) => put(entry as Entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  };

  return {
    'AWSEvents.PutEvents': putEvents,
    'AWSEvents.PutPartnerEvents': putEvents,
    'AWSEvents.ListEventBuses': () => ({
      EventBuses: ['default', ...buses].map((Name) => ({ Name, Arn: arn('events', `event-bus/${Name}`) })),
    }),
    'AWSEvents.ListRules': (input) => ({
      Rules: rules
        .filter((rule) => rule.busName === busNameOf(input.EventBusName))
        .map((rule) => ({
          Name: rule.name,
          Arn: arn('events', `rule/${rule.busName === 'default' ? '' : `${rule.busName}/`}${rule.name}`),
          EventBusName: rule.busName,
          EventPattern: JSON.stringify(rule.pattern),
          State: 'ENABLED',
        })),
    }),
  };
}

function problemOf(entry: Entry, busName: string, buses: readonly string[]) {
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => typeof entry[name] !== 'string');
  if (missing !== undefined) return refused('InvalidArgument', `Parameter ${missing} is not valid.`);
  if (!isJsonObject(String(entry.Detail))) return refused('MalformedDetail', 'Detail is malformed.');
  if (Buffer.byteLength(String(entry.Detail)) > maxEntryBytes) {
    return refused('InvalidArgument', 'Total size of the entry is over the limit.');
  }
  if (busName !== 'default' && !buses.includes(busName)) {
    return refused('NotFoundException', `Event bus ${busName} does not exist.`);
  }
  return undefined;
}

function refused(ErrorCode: string, ErrorMessage: string): { ErrorCode: string; ErrorMessage: string } {
  return { ErrorCode, ErrorMessage };
}

interface BusEvent extends Readonly<Record<string, unknown>> {
  readonly id: string;
}

function eventOf(entry: Entry): BusEvent {
  const atMs = typeof entry.Time === 'number' ? entry.Time * 1_000 : Date.now();
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: ACCOUNT,
    time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: entry.Resources ?? [],
    detail: JSON.parse(String(entry.Detail)),
  };
}

function inputOf(target: RuleTarget, event: BusEvent): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath === undefined) return JSON.stringify(event);
  const path = target.inputPath.replace(/^\$\.?/, '').split('.');
  const part = path.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | null)?.[name],
    event,
  );
  return JSON.stringify(part ?? null);
}

function busNameOf(name: unknown): string {
  if (typeof name !== 'string' || name === '') return 'default';
  return name.startsWith('arn:') ? (name.split(':event-bus/')[1] ?? name) : name;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
