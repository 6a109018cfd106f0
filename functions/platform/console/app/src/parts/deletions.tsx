import type { Fault, MappingDocument } from '../mapping.ts';
import { deletionsOf, withDeletion } from '../mapping-edits.ts';
import { sentence } from '../words.ts';
import { Faults } from './faults.tsx';
import { Options } from './options.tsx';

interface Props {
  readonly document: MappingDocument;
  /** Of which anything can be said. */
  readonly kinds: readonly string[];
  readonly faults: readonly Fault[];
  readonly isReadOnly: boolean;
  readonly onChange: (document: MappingDocument) => void;
}

/** What it means that somebody deletes a copy at the vendor. */
export function Deletions({ document, kinds, faults, isReadOnly, onChange }: Props) {
  return (
    <section aria-label="Deletions">
      <h2>Deletions</h2>
      <div class={`card rule ${faults.length > 0 ? 'faulty' : ''}`}>
        {kinds.map((kind) => (
          <label key={kind}>
            {sentence(kind)} deleted at the vendor{' '}
            <select
              aria-label={`A deleted ${kind}`}
              disabled={isReadOnly}
              value={document.deletions?.[kind] ?? 'tombstone'}
              onChange={(event) => onChange(withDeletion(document, kind, event.currentTarget.value))}
            >
              <Options of={Object.entries(deletionsOf(kind))} />
            </select>
          </label>
        ))}
        <Faults faults={faults} />
      </div>
    </section>
  );
}
