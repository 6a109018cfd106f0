import { useEffect, useRef, useState } from 'preact/hooks';
import type { Parked } from '../client.ts';
import { sentence } from '../words.ts';
import { useDesk } from './desk.ts';

interface Props {
  readonly parked: Parked;
  readonly connectionName: string;
  readonly onDone: (said: string | undefined) => void;
}

function Preview({ parked }: Pick<Props, 'parked'>) {
  if (parked.wouldWrite === undefined) {
    return <p class="cause">What it will write is decided after reading the vendor’s present state.</p>;
  }
  return (
    <dl class="preview">
      {Object.entries(parked.wouldWrite).map(([field, { from, to }]) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            <del>{from === null ? 'empty' : String(from)}</del>
            <ins>{to === null ? 'empty' : String(to)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Shows what a replay would write before it does. */
export function ReplayDialog({ parked, connectionName, onDone }: Props) {
  const { client } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const replay = async () => {
    setBusy(true);
    try {
      await client.post(`/v1/parked/${encodeURIComponent(parked.id)}/replay`);
      onDone('Replaying. It leaves this list once it is through.');
    } catch (error) {
      setProblem(sentence((error as Error).message));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="replay-title" onClose={() => onDone(undefined)}>
      <h2 id="replay-title">Replay to {connectionName}?</h2>
      <p class="cause">It was set aside because: {parked.reason}</p>
      <h3>This would be written</h3>
      <Preview parked={parked} />
      {problem !== undefined && <p role="alert">{problem}</p>}
      <div class="actions">
        <button type="button" class="primary" disabled={isBusy} onClick={replay}>
          Replay now
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Leave it parked
        </button>
      </div>
    </dialog>
  );
}
