import { useState } from 'preact/hooks';
import type { Lost } from '../client.ts';
import { brief, sentence } from '../words.ts';
import { useDesk } from './desk.ts';

interface Props {
  readonly conflict: Pick<Lost, 'id' | 'lost' | 'isRestorable'>;
  readonly ticket: string;
}

/** The value that lost comes back in one action, by whoever may change tickets. */
export function Restore({ conflict, ticket }: Props) {
  const { client, may } = useDesk();
  const [said, setSaid] = useState('');
  const { id, lost, isRestorable } = conflict;
  if (!may('tickets:write') || !isRestorable) return null;
  const path = `/v1/tickets/${encodeURIComponent(ticket)}/conflicts/${encodeURIComponent(id)}/restore`;
  const restore = async () => {
    // The entry's own id: pressing twice restores once.
    await client
      .post(path, `restore-${ticket}-${id}`)
      .then(() => setSaid('Restored.'))
      .catch((error: Error) => setSaid(sentence(error.message)));
  };
  return (
    <>
      <button type="button" class="small" onClick={restore}>
        Restore {lost === null ? 'no value' : `“${brief(String(lost))}”`}
      </button>
      <output>{said}</output>
    </>
  );
}
