import type { FieldValue } from './record.ts';

/** What a connection's settings say of files; an integration that carries files has them in its settings' schema. */
export const FILE_SETTINGS = {
  maxFileMegabytes: {
    type: 'number',
    minimum: 0,
    description: 'Larger files are not carried; absent, the vendor’s own limit holds, up to 1 GB.',
  },
  allowedFileTypes: {
    type: 'string',
    default: '',
    description: 'Carry these files alone: MIME types (image/*) and endings (.pdf), separated by commas.',
  },
  deniedFileTypes: {
    type: 'string',
    default: '',
    description: 'Never carry these files: MIME types (video/*) and endings (.exe), separated by commas.',
  },
} as const;

const MEGABYTE = 1024 * 1024;
/** What one invocation brings through with a margin. */
export const HUB_MAX_BYTES = 1024 * MEGABYTE;

type Settings = Readonly<Record<string, FieldValue>>;

export function maxFileBytes(settings: Settings, vendorMaxBytes: number): number {
  const { maxFileMegabytes: own } = settings;
  const bound = Math.min(vendorMaxBytes, HUB_MAX_BYTES);
  return typeof own === 'number' ? Math.min(bound, own * MEGABYTE) : bound;
}

export interface FileFacts {
  readonly name: string;
  readonly type: string;
  /** Undefined where the vendor has not said. */
  readonly size: number | undefined;
}

/** Why a connection does not carry this file; undefined: it does. */
export function fileRefusal(file: FileFacts, settings: Settings, vendorMaxBytes: number): string | undefined {
  const most = maxFileBytes(settings, vendorMaxBytes);
  if ((file.size ?? 0) > most) return `files of up to ${sizeText(most)} are carried`;
  const [allowed, denied] = [patterns(settings.allowedFileTypes), patterns(settings.deniedFileTypes)];
  const isMeant = (pattern: string) => matches(pattern, file);
  if (denied.some(isMeant) || (allowed.length > 0 && !allowed.some(isMeant)))
    return 'files of this type are not carried';
  return undefined;
}

const patterns = (list: FieldValue | undefined): string[] =>
  typeof list !== 'string'
    ? []
    : list
        .split(',')
        .map((pattern) => pattern.trim().toLowerCase())
        .filter((pattern) => pattern !== '');

/** `image/*`, `application/pdf`, `.exe`; of a type the parameters behind it say nothing. */
function matches(pattern: string, { name, type }: FileFacts): boolean {
  const known = type.toLowerCase().replace(/;.*/s, '').trim();
  if (pattern.startsWith('.')) return name.toLowerCase().endsWith(pattern);
  return pattern.endsWith('/*') ? known.startsWith(pattern.slice(0, -1)) : known === pattern;
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** As a person reads it: 2.1 GB. */
export function sizeText(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** step;
  const digits = step === 0 || Number.isInteger(amount) ? 0 : 1;
  return `${amount.toFixed(digits)} ${UNITS[step]}`;
}
