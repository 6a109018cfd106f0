import { useRef, useState } from 'preact/hooks';
import { type Chosen, putByBrowser, sendFile } from '../upload.ts';
import { sentence } from '../words.ts';
import { useDesk } from './desk.ts';

type Visibility = Chosen['visibility'];

/** A file for the team, or, said on purpose, for the customer. */
export function SendFile({ ticket, onSent }: { readonly ticket: string; readonly onSent: () => void }) {
  const { client, may } = useDesk();
  const chooser = useRef<HTMLInputElement>(null);
  const [visibility, setVisibility] = useState<Visibility>('internal');
  const [chosen, setChosen] = useState<Pick<Chosen, 'file' | 'key'>>();
  const [share, setShare] = useState<number>();
  const [said, setSaid] = useState('');
  if (!may('tickets:write')) return null;
  const choose = (file: File | undefined) => {
    setSaid('');
    setChosen(file && { file, key: crypto.randomUUID() });
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (chosen === undefined) return;
    setSaid('');
    setShare(0);
    await sendFile(client, putByBrowser, { ...chosen, ticket, visibility }, setShare).then(
      ({ name }) => {
        setSaid(`${name} is on its way.`);
        setChosen(undefined);
        // What one file was meant for says nothing of the next.
        setVisibility('internal');
        if (chooser.current) chooser.current.value = '';
        onSent();
      },
      (error: Error) => setSaid(sentence(error.message)),
    );
    setShare(undefined);
  };
  const isBusy = share !== undefined;
  return (
    <form class="send-file" aria-label="Send a file" onSubmit={send}>
      <label>
        Attach a file
        <input
          ref={chooser}
          type="file"
          disabled={isBusy}
          onChange={({ currentTarget }) => choose(currentTarget.files?.[0])}
        />
      </label>
      <label>
        Who may see it
        <select
          value={visibility}
          disabled={isBusy}
          onChange={({ currentTarget }) => {
            setVisibility(currentTarget.value as Visibility);
            setChosen(chosen && { ...chosen, key: crypto.randomUUID() });
          }}
        >
          <option value="internal">Only the team</option>
          <option value="public">The customer too</option>
        </select>
      </label>
      <div class="actions">
        <button type="submit" class="primary" disabled={chosen === undefined || isBusy}>
          Send file
        </button>
        {isBusy && (
          <progress value={share} aria-label="Sent so far">
            {Math.round(share * 100)} %
          </progress>
        )}
        <output>{said}</output>
      </div>
    </form>
  );
}
