/** As `GET /v1/backfills/{backfill}` tells it. */
export interface Backfill {
  readonly id: string;
  readonly state: 'planned' | 'exporting' | 'importing' | 'copying' | 'done' | 'cancelled' | 'failed';
  readonly records: number;
  readonly total?: number;
  readonly perSecond: number;
  readonly secondsLeft?: number;
  readonly parked: number;
  readonly open: number;
  readonly trouble?: { readonly reason: string; readonly attempts: number };
  readonly failure?: { readonly reason: string };
}

const WIDTH = 30;
const FULL = '█';
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** One line that says all there is to say. */
export function progressLine(job: Backfill): string {
  const { state, records, total, perSecond, secondsLeft } = job;
  const share =
    total === undefined || total === 0 ? (state === 'done' ? 1 : 0) : Math.min(1, records / total);
  const parts = [
    `${bar(share)} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${count(records)}${total === undefined ? '' : ` of ${count(total)}`} records`,
    ...(perSecond > 0 ? [`${count(Math.round(perSecond))}/s`] : []),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
    ...(job.parked > 0 ? [`${count(job.parked)} parked`] : []),
    ...(job.open > 0 ? [`${count(job.open)} still open`] : []),
    ...(state === 'importing' || state === 'copying' ? [] : [state]),
    ...(job.trouble === undefined ? [] : [`waiting: ${job.trouble.reason}`]),
    ...(job.failure === undefined ? [] : [job.failure.reason]),
  ];
  return parts.join('  ');
}

function bar(share: number): string {
  const eighths = Math.floor(share * WIDTH * 8);
  const filled = FULL.repeat(Math.floor(eighths / 8)) + PARTS[eighths % 8];
  return `[${filled.padEnd(WIDTH)}]`;
}

const count = (value: number): string => value.toLocaleString('en');

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const hasEnded = ({ state }: Backfill): boolean => ['done', 'cancelled', 'failed'].includes(state);
