import type { Fault } from '../mapping.ts';

/** What is wrong at one place of a mapping, each with its path. */
export const Faults = ({ faults }: { readonly faults: readonly Fault[] }) => (
  <>
    {faults.map((fault) => (
      <p key={fault.pointer + fault.code} class="problem">
        {fault.message} <small>{fault.pointer}</small>
      </p>
    ))}
  </>
);
