import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldStory, Step } from '../client.ts';
import { clockTime, day, sentence, stepText } from '../words.ts';
import { useDesk } from './desk.ts';
import { Restore } from './restore.tsx';

interface Props {
  readonly ticket: string;
  readonly field: string;
  readonly nameOf: (connection: string) => string;
}

function Chain({ steps, ticket, nameOf }: Omit<Props, 'field'> & { readonly steps: readonly Step[] }) {
  return (
    <ol class="chain">
      {steps.map((step) => (
        <li key={`${step.type} ${step.at} ${step.type === 'lost' ? step.id : ''}`} class={step.type}>
          <time dateTime={step.at}>
            {day(step.at)}, {clockTime(step.at)}
          </time>
          <p>
            {sentence(stepText(step, nameOf))}
            {step.type === 'lost' && <Restore conflict={step} ticket={ticket} />}
          </p>
        </li>
      ))}
    </ol>
  );
}

function WhyDialog({ onClose, ...of }: Props & { readonly onClose: () => void }) {
  const { ticket, field, nameOf } = of;
  const { client } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const [story, setStory] = useState<FieldStory>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    dialog.current?.showModal();
    client
      .get<FieldStory>(`/v1/tickets/${encodeURIComponent(ticket)}/why/${encodeURIComponent(field)}`)
      .then(setStory)
      .catch((error: Error) => setProblem(sentence(error.message)));
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="why-title" onClose={onClose}>
      <h2 id="why-title">Why this {field}?</h2>
      {story !== undefined && <Chain steps={story.steps} ticket={ticket} nameOf={nameOf} />}
      {problem !== undefined && <p role="alert">{problem}</p>}
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

/** Asks for the chain of changes behind a field's value. */
export function Why(of: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="why" aria-label={`Why this ${of.field}?`} onClick={() => setOpen(true)}>
        Why?
      </button>
      {isOpen && <WhyDialog {...of} onClose={() => setOpen(false)} />}
    </>
  );
}
