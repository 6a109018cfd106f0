import { type Fault, POLICIES, POLICY_WORDS, policyKey, type Rule, type RuleChange } from '../mapping.ts';
import { Faults } from './faults.tsx';
import { Options } from './options.tsx';
import { RuleDetails } from './rule-details.tsx';

interface Props {
  readonly rule: Rule;
  readonly name: string;
  /** Of the hub's field, where it is the organization's own. */
  readonly type: string | undefined;
  readonly faults: readonly Fault[];
  readonly isReadOnly: boolean;
  readonly onChange: (change: RuleChange) => void;
}

const DIRECTIONS = { both: '⇄ both ways', out: '→ to the vendor', in: '← from the vendor' } as const;

/** One pair of fields, with whatever is at fault in it. */
export function RuleRow({ rule, name, type, faults, isReadOnly, onChange }: Props) {
  const { field, vendorField, direction, first } = rule;
  const labelled = (what: string) => `${what} of ${field}`;
  return (
    <li class={`card rule ${faults.length > 0 ? 'faulty' : ''}`} aria-label={name}>
      <div class="pair">
        <strong>{field}</strong>
        <select
          aria-label={labelled('Direction')}
          disabled={isReadOnly}
          value={direction}
          onChange={(event) => onChange({ direction: event.currentTarget.value as Rule['direction'] })}
        >
          <Options of={Object.entries(DIRECTIONS)} />
        </select>
        <input
          aria-label={labelled('Vendor field')}
          readOnly={isReadOnly}
          value={vendorField}
          onInput={(event) => onChange({ vendorField: event.currentTarget.value.trim() })}
        />
        {!isReadOnly && (
          <button type="button" class="quiet" onClick={() => onChange('removed')}>
            Remove<span class="hidden"> {field}</span>
          </button>
        )}
      </div>
      <div class="more">
        {first !== undefined && (
          <label>
            Starts from{' '}
            <select
              disabled={isReadOnly}
              aria-label={labelled('First direction')}
              value={first}
              onChange={(event) => onChange({ first: event.currentTarget.value as 'hub' | 'vendor' })}
            >
              <option value="vendor">the vendor’s value</option>
              <option value="hub">the hub’s value</option>
            </select>
          </label>
        )}
        <label>
          On a conflict{' '}
          <select
            disabled={isReadOnly}
            aria-label={labelled('Conflicts')}
            value={policyKey(rule)}
            onChange={(event) => onChange({ policy: POLICIES[event.currentTarget.value]?.policy })}
          >
            <Options of={POLICY_WORDS} />
          </select>
        </label>
        <RuleDetails rule={rule} type={type} isReadOnly={isReadOnly} onChange={onChange} />
      </div>
      <Faults faults={faults} />
    </li>
  );
}
