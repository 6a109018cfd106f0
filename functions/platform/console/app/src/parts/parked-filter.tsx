import type { Names } from '../client.ts';
import { CAUSE_NAMES, FAULT_NAMES } from '../words.ts';
import { Options } from './options.tsx';

/** As the API names them; what is empty is not asked for. */
export interface Filter {
  readonly connection: string;
  readonly cause: string;
  readonly fault: string;
  readonly text: string;
}
export const NO_FILTER: Filter = { connection: '', cause: '', fault: '', text: '' };

export function named(filter: Filter): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value.trim() !== ''));
}

interface Props {
  readonly filter: Filter;
  readonly names: Names;
  readonly onChange: (filter: Filter) => void;
}

export function ParkedFilter({ filter, names, onChange }: Props) {
  const choice = (name: keyof Filter, label: string, options: Iterable<readonly [string, string]>) => (
    <label>
      {label}
      <select
        value={filter[name]}
        onChange={({ currentTarget }) => onChange({ ...filter, [name]: currentTarget.value })}
      >
        <option value="">All</option>
        <Options of={options} />
      </select>
    </label>
  );
  return (
    <search class="filter">
      {choice('connection', 'Connection', names)}
      {choice('cause', 'Cause', Object.entries(CAUSE_NAMES))}
      {choice('fault', 'Whose fault', Object.entries(FAULT_NAMES))}
      <label>
        Reason
        <input
          type="search"
          maxLength={200}
          value={filter.text}
          onInput={({ currentTarget }) => onChange({ ...filter, text: currentTarget.value })}
        />
      </label>
    </search>
  );
}
