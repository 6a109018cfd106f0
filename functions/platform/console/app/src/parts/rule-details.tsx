import { useState } from 'preact/hooks';
import { type Rule, type RuleChange, valuesFrom, wordsOf } from '../mapping.ts';
import { detailsIn, scalarFrom } from '../mapping-edits.ts';
import { Transforms } from './transforms.tsx';

interface Props {
  readonly rule: Rule;
  /** Of the hub's field, where it is the organization's own. */
  readonly type: string | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (change: RuleChange) => void;
}

/** Taken over when it is left: half a line is no pair of words yet. */
function Words({ rule, isReadOnly, onChange }: Omit<Props, 'type'>) {
  const [typed, setTyped] = useState<string>();
  return (
    <textarea
      aria-label={`Words of ${rule.field}`}
      rows={Math.max(2, rule.values?.length ?? 0)}
      readOnly={isReadOnly}
      value={typed ?? wordsOf(rule)}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed !== undefined) onChange({ values: valuesFrom(typed) });
        setTyped(undefined);
      }}
    />
  );
}

/** What most pairs do without: words of their own, a default, steps on the way. */
export function RuleDetails({ rule, type, isReadOnly, onChange }: Props) {
  const { field, default: standard, required, policy } = rule;
  return (
    <details class="details">
      <summary>
        More<span class="hidden"> about {field}</span>
        {detailsIn(rule) !== '' && <span class="dim">: {detailsIn(rule)}</span>}
      </summary>
      <div class="labelled">
        <span>
          Words, as <code>hub = vendor | another</code>
        </span>
        <Words rule={rule} isReadOnly={isReadOnly} onChange={onChange} />
      </div>
      <label>
        Written where the hub has nothing
        <input
          aria-label={`Default of ${field}`}
          readOnly={isReadOnly}
          value={standard === undefined || standard === null ? '' : String(standard)}
          onInput={(event) => onChange({ default: scalarFrom(event.currentTarget.value.trim(), type) })}
        />
      </label>
      {policy?.use === 'set' && (
        <label>
          Between members stands
          <input
            aria-label={`Separator of ${field}`}
            readOnly={isReadOnly}
            maxLength={8}
            value={String(policy.separator ?? ';')}
            onInput={(event) => onChange({ policy: { use: 'set', separator: event.currentTarget.value } })}
          />
        </label>
      )}
      <label class="tick">
        <input
          type="checkbox"
          disabled={isReadOnly}
          aria-label={`${field} is required`}
          checked={required === true}
          onChange={(event) => onChange({ required: event.currentTarget.checked ? true : undefined })}
        />
        Neither side empties the other
      </label>
      <Transforms rule={rule} isReadOnly={isReadOnly} onChange={(next) => onChange({ transforms: next })} />
    </details>
  );
}
