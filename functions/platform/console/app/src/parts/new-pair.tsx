import { useState } from 'preact/hooks';
import type { MappingDocument, Suggestion } from '../mapping.ts';
import { type NewPair, offered, offers, ownPair } from '../mapping-edits.ts';
import { sentence } from '../words.ts';

interface Props {
  readonly kind: string;
  readonly document: MappingDocument;
  /** Asks the vendor what it has. */
  readonly ask: () => Promise<Suggestion>;
  readonly onAdd: (pair: NewPair) => void;
}

const OWN = 'a field of our own';
const NAME = /^[a-z][A-Za-z0-9_]{0,39}$/;

/** One more pair: one that was suggested, or a field of the organization's own beside any of the vendor's. */
export function NewPairForm({ kind, document, ask, onAdd }: Props) {
  const [suggestion, setSuggestion] = useState<Suggestion>();
  const [choice, setChoice] = useState('');
  const [name, setName] = useState('');
  const [vendorField, setVendorField] = useState('');
  const [said, setSaid] = useState('');
  if (suggestion === undefined) {
    const open = () => ask().then(setSuggestion, (cause: Error) => setSaid(sentence(cause.message)));
    return (
      <p class="actions">
        <button type="button" onClick={open}>
          Add a pair<span class="hidden"> to {kind}</span>
        </button>
        <output>{said}</output>
      </p>
    );
  }
  const described = suggestion.fields[kind] ?? [];
  const suggested = offers(suggestion, document, kind);
  const close = () => {
    setSuggestion(undefined);
    setChoice('');
    setName('');
    setVendorField('');
    setSaid('');
  };
  const add = () => {
    const rule = suggested.find(({ field }) => field === choice);
    if (rule !== undefined) {
      onAdd(offered(suggestion, rule));
      return close();
    }
    if (choice !== OWN) return setSaid('Choose a field of the hub.');
    if (!NAME.test(name)) return setSaid('A name is letters, digits and _, and begins with a small letter.');
    const pair = ownPair(suggestion, kind, { name, vendorField });
    if (pair === undefined) return setSaid(`The vendor has no field ${vendorField || 'without a name'}.`);
    onAdd(pair);
    close();
  };
  return (
    <form
      class="new-pair card"
      aria-label={`New pair of ${kind}`}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <label>
        Field of the hub
        <select value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
          <option value="">choose</option>
          {suggested.map((rule) => (
            <option key={rule.field} value={rule.field}>
              {rule.field} and {rule.vendorField}
            </option>
          ))}
          <option value={OWN}>{OWN}</option>
        </select>
      </label>
      {choice === OWN && (
        <>
          <label>
            Its name
            <input value={name} onInput={(event) => setName(event.currentTarget.value.trim())} />
          </label>
          <label>
            Field of the vendor
            <input
              list={`${kind}-vendor-fields`}
              value={vendorField}
              onInput={(event) => setVendorField(event.currentTarget.value.trim())}
            />
          </label>
          <datalist id={`${kind}-vendor-fields`}>
            {described.map((field) => (
              <option key={field.name} value={field.name}>
                {field.label}
              </option>
            ))}
          </datalist>
        </>
      )}
      <div class="actions">
        <button type="submit" class="primary">
          Add
        </button>
        <button type="button" class="quiet" onClick={close}>
          Cancel
        </button>
        <output>{said}</output>
      </div>
    </form>
  );
}
