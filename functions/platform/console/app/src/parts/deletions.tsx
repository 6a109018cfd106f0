import type { Fault, MappingDocument } from '../mapping.ts';
import { DELETIONS, withDeletion } from '../mapping-edits.ts';
import { sentence } from '../words.ts';
import { Faults } from './faults.tsx';

interface Props {
  readonly document: MappingDocument;
  readonly faults: readonly Fault[];
  readonly isReadOnly: boolean;
  readonly onChange: (document: MappingDocument) => void;
}

/** What it means that somebody deletes a copy at the vendor. */
export function Deletions({ document, faults, isReadOnly, onChange }: Props) {
  return (
    <section aria-label="Deletions">
      <h2>Deletions</h2>
      <div class={`card rule ${faults.length > 0 ? 'faulty' : ''}`}>
        {Object.entries(DELETIONS).map(([kind, choices]) => (
          <label key={kind}>
            {sentence(kind)} deleted at the vendor{' '}
            <select
              aria-label={`A deleted ${kind}`}
              disabled={isReadOnly}
              value={document.deletions?.[kind] ?? Object.keys(choices)[0]}
              onChange={(event) => onChange(withDeletion(document, kind, event.currentTarget.value))}
            >
              {Object.entries(choices).map(([what, words]) => (
                <option key={what} value={what}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        ))}
        <Faults faults={faults} />
      </div>
    </section>
  );
}
