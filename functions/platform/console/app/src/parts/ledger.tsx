import type { Accounting } from '../client.ts';
import { useNow } from '../polling.ts';
import { count, lately } from '../words.ts';

const COLUMNS = [
  { name: 'applied', meaning: 'changed a record' },
  { name: 'merged', meaning: 'changed nothing that was not known' },
  { name: 'echo', meaning: 'the hub’s own writes coming back' },
  { name: 'filtered', meaning: 'of no interest' },
  { name: 'parked', meaning: 'set aside, waiting for somebody' },
  { name: 'open', meaning: 'still under way' },
] as const;

/** The hub's promise, as an account: everything it accepted is in exactly one column. */
export function Ledger({ accounting }: { readonly accounting: Accounting }) {
  const { accepted, isBalanced, since } = accounting;
  const now = useNow();
  const ended = COLUMNS.reduce((sum, { name }) => sum + accounting[name], 0);
  const shown = COLUMNS.filter(({ name }) => accounting[name] > 0);
  return (
    <section class="ledger" aria-label="Accounting">
      <p class="total">
        <strong>{count(accepted)}</strong> accepted in the last {lately(since, now)}
        <span class={isBalanced ? 'balance' : 'balance off'}>
          {isBalanced ? '✓ all accounted for' : `✕ ${count(accepted - ended)} unaccounted for`}
        </span>
      </p>
      <div class="split" aria-hidden="true">
        {shown.map(({ name }) => (
          <i key={name} class={name} style={{ flexGrow: accounting[name] }} />
        ))}
      </div>
      <ul>
        {COLUMNS.map(({ name, meaning }) => (
          <li key={name} class={accounting[name] === 0 ? 'none' : undefined} title={meaning}>
            <i class={`swatch ${name}`} aria-hidden="true" />
            {count(accounting[name])} {name}
          </li>
        ))}
      </ul>
    </section>
  );
}
