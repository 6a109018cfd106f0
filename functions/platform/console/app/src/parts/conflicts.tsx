import { BODY_POLICY_WORDS, type Fault, type MappingDocument, policyKey } from '../mapping.ts';
import { withBodyPolicy } from '../mapping-edits.ts';
import { Faults } from './faults.tsx';
import { Options } from './options.tsx';

interface Props {
  readonly document: MappingDocument;
  readonly faults: readonly Fault[];
  readonly isReadOnly: boolean;
  readonly onChange: (document: MappingDocument) => void;
}

/** What stands where both sides edit a comment, which no pair of fields has. */
export function Conflicts({ document, faults, isReadOnly, onChange }: Props) {
  return (
    <section aria-label="Comments">
      <h2>Comments</h2>
      <div class={`card rule ${faults.length > 0 ? 'faulty' : ''}`}>
        <label>
          A text edited on both sides{' '}
          <select
            aria-label="Conflicts of a comment’s text"
            disabled={isReadOnly}
            value={policyKey({ policy: document.conflicts?.comment?.body })}
            onChange={(event) => onChange(withBodyPolicy(document, event.currentTarget.value))}
          >
            <Options of={BODY_POLICY_WORDS} />
          </select>
        </label>
        <Faults faults={faults} />
      </div>
    </section>
  );
}
