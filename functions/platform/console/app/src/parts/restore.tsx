import { useState } from 'preact/hooks';
import type { Called, Lost } from '../field-story.ts';
import { sentence, valueText } from '../words.ts';
import { useDesk } from './desk.ts';

interface Props {
  readonly conflict: Pick<Lost, 'id' | 'lost' | 'isRestorable' | 'refusal'>;
  /** Where it is told of: a ticket, or the record itself. */
  readonly of: { readonly at: 'tickets' | 'records'; readonly id: string };
  readonly names?: Called | undefined;
}

/** The value that lost comes back in one action, by whoever may change tickets; or it is said why it cannot. */
export function Restore({ conflict, of, names }: Props) {
  const { client, may } = useDesk();
  const [said, setSaid] = useState('');
  const { id, lost, isRestorable, refusal } = conflict;
  if (!may('tickets:write')) return null;
  if (!isRestorable) return <span class="refusal">Cannot be restored: {refusal}.</span>;
  const path = `/v1/${of.at}/${encodeURIComponent(of.id)}/conflicts/${encodeURIComponent(id)}/restore`;
  const restore = async () => {
    // The entry's own id: pressing twice restores once.
    await client
      .post(path, `restore-${of.id}-${id}`)
      .then(() => setSaid('Restored.'))
      .catch((error: Error) => setSaid(sentence(error.message)));
  };
  return (
    <>
      <button type="button" class="small" onClick={restore}>
        Restore {lost === null ? 'no value' : valueText(lost, names)}
      </button>
      <output>{said}</output>
    </>
  );
}
