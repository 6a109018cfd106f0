import type { Attachment } from './attachment.ts';
import type { Entry, Fault, Health, Scalar } from './client.ts';
import type { Called, Step } from './field-story.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function ago(iso: string, nowMs: number): string {
  const ms = Math.max(0, nowMs - Date.parse(iso));
  if (ms < 5 * SECOND_MS) return 'just now';
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s ago`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h ago`;
  return plural(Math.floor(ms / DAY_MS), 'day').concat(' ago');
}

/** A period that ends now, as people say it. */
export function lately(iso: string, nowMs: number): string {
  const hours = Math.round((nowMs - Date.parse(iso)) / HOUR_MS);
  if (hours < 1) return `${Math.max(1, Math.round((nowMs - Date.parse(iso)) / MINUTE_MS))} min`;
  return hours < 48 ? `${hours} h` : plural(Math.round(hours / 24), 'day');
}

export function duration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  return ms < 10 * SECOND_MS ? `${(ms / SECOND_MS).toFixed(1)} s` : `${Math.round(ms / SECOND_MS)} s`;
}

/** Of a wait that may be long: no more exact than it is certain. */
export function remaining(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString('en-GB');
}

export function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}

/** Day and minute, in the reader's own zone. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}

export function sentence(text: string): string {
  return text === '' ? '' : text[0]?.toUpperCase() + text.slice(1);
}

export const HEALTH_NAMES: Readonly<Record<Health['state'], string>> = {
  healthy: 'Healthy',
  unproven: 'Not proven',
  behind: 'Behind',
  silent: 'Silent',
  degraded: 'Degraded',
  parked: 'Parked',
  pending: 'Not authorized',
};

export const CAUSE_NAMES = {
  rejected: 'The vendor refused it',
  unauthorized: 'No longer authorized',
  unavailable: 'The vendor was away',
  doubtful: 'Its fate is unknown',
  unsettled: 'The vendor keeps changing it',
  unseen: 'Its copy is not to be found',
  unreadable: 'It could not be read',
  'dead-letter': 'The hub could not finish it',
  asked: 'A person is to decide',
} as const;

export const FAULT_NAMES: Readonly<Record<Fault, string>> = {
  organization: 'Yours to fix',
  vendor: 'The vendor’s fault',
  hub: 'The hub’s fault',
};

const WRITES = {
  ticket: { create: 'Ticket opened in', update: 'Ticket updated in', delete: 'Ticket deleted in' },
  comment: { create: 'Message delivered to', update: 'Message updated in', delete: 'Message removed from' },
  attachment: { create: 'File delivered to', update: 'File updated in', delete: 'File removed from' },
  account: { create: 'Company added to', update: 'Company updated in', delete: 'Company deleted in' },
  contact: { create: 'Customer added to', update: 'Customer updated in', delete: 'Customer deleted in' },
} as const;

const SYSTEMS: Readonly<Record<string, string>> = { hub: 'Deskbridge' };

/** `user:ada` is Ada’s own id, `vendor:slack` a system: the part after the colon says who. */
export function actorName(actor: string): string {
  const name = actor.replace(/^\w+:/, '');
  return SYSTEMS[name] ?? (actor.startsWith('vendor:') ? sentence(name) : name);
}

const BRIEF = 60;
/** A button or a line has room for the beginning of a long text. */
export function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > BRIEF ? `${line.slice(0, BRIEF).trimEnd()}…` : line;
}

/** A value as people say it: a customer or a company by its name. */
export const valueText = (value: Scalar, names: Called = {}): string =>
  value === null || value === '' ? 'nothing' : `“${brief(names[String(value)] ?? String(value))}”`;

const FIELD_NAMES: Readonly<Record<string, string>> = { requester: 'customer', account: 'company' };
/** The organization's own fields are called as it calls them. */
export const fieldName = (field: string): string => FIELD_NAMES[field] ?? field.replace(/^custom\./, '');

type Change = Extract<Entry, { type: 'change' }>;

/** A person or agent by name; for a vendor, the connection says more than `vendor:slack`. */
const setBy = (source: string, actor: string, nameOf: (connection: string) => string): string =>
  source === 'hub' ? actorName(actor) : nameOf(source);

function changeText(
  { kind, what, source, actor, fields, was }: Change,
  nameOf: (connection: string) => string,
): string {
  const by = setBy(source, actor, nameOf);
  if (kind === 'comment') {
    const said =
      'body' in fields ? `: ${valueText(was.body ?? null)} became ${valueText(fields.body ?? null)}` : '';
    return what === 'updated' ? `Message edited by ${by}${said}` : `Message ${what} by ${by}`;
  }
  const values = Object.entries(fields).filter(([field]) => field !== 'requester' && field !== 'description');
  const changes = values.map(([field, value]) => `${fieldName(field)} is ${value ?? 'empty'}`).join(', ');
  if (what === 'updated') return `${sentence(changes)}, by ${by}`;
  return changes === '' ? `Ticket ${what} by ${by}` : `Ticket ${what} by ${by}: ${changes}`;
}

/** One line for each link of the chain behind a value. */
export function stepText(step: Step, nameOf: (connection: string) => string, names?: Called): string {
  switch (step.type) {
    case 'set':
      return `${setBy(step.source, step.actor, nameOf)} set ${valueText(step.to, names)} in place of ${valueText(step.from, names)}`;
    case 'lost':
      return `${valueText(step.lost, names)} of ${actorName(step.source)} gave way to ${valueText(step.kept, names)}: ${step.reason}`;
    case 'begun': {
      const { source, actor } = step;
      const by = source === undefined || actor === undefined ? '' : `, by ${setBy(source, actor, nameOf)}`;
      return `began with ${valueText(step.value, names)}${by}`;
    }
  }
}

const CONFLICT_KINDS = {
  ticket: '',
  comment: 'Message ',
  account: 'Company’s ',
  contact: 'Customer’s ',
  attachment: 'File ',
} as const;

const SIZES = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
  notation: 'compact',
});

const AT: Readonly<Record<Attachment['links'][number]['state'], string>> = {
  settled: 'in',
  behind: 'on its way to',
  parked: 'set aside for',
  gone: 'deleted in',
  merged: 'merged in',
};

function attachmentText(file: Attachment, nameOf: (connection: string) => string): string {
  const size = file.size === undefined ? '' : `, ${SIZES.format(file.size)}`;
  if (file.isDeleted) return `File “${brief(file.name)}”${size} was deleted`;
  const places = file.links.map(({ state, connection }) => `${AT[state]} ${nameOf(connection)}`).join(', ');
  const note = file.visibility === 'internal' ? ' (internal)' : '';
  return `File “${brief(file.name)}”${size}${note}${places === '' ? '' : `: ${places}`}`;
}

/** One line for everything in a timeline but messages. `nameOf` tells a connection's name. */
export function entryText(
  entry: Exclude<Entry, { type: 'comment' }>,
  nameOf: (connection: string) => string,
): string {
  switch (entry.type) {
    case 'attachment':
      return attachmentText(entry.attachment, nameOf);
    case 'change':
      return changeText(entry, nameOf);
    case 'effect':
      return `${WRITES[entry.kind][entry.operation]} ${nameOf(entry.connection)}`;
    case 'conflict':
      return sentence(
        `${CONFLICT_KINDS[entry.kind]}${fieldName(entry.field)} ${valueText(entry.lost, entry.names)} gave way to ${valueText(entry.kept, entry.names)}`,
      );
    case 'parked':
      return `Set aside for ${nameOf(entry.connection)}: ${entry.reason}${entry.code === undefined ? '' : ` (${entry.code})`}`;
    case 'resumed':
      return 'What was set aside went on';
  }
}
