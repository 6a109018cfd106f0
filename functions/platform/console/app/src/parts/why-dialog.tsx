import { useEffect, useRef, useState } from 'preact/hooks';
import type { FieldStory } from '../field-story.ts';
import { clockTime, day, sentence, stepText } from '../words.ts';
import { useDesk } from './desk.ts';
import { Restore } from './restore.tsx';

/** One field of one record; `name` tells it from the others that are asked about with it. */
export interface Asked {
  readonly record: string;
  readonly field: string;
  readonly name?: string;
}

interface Props {
  /** What a person sees and asks about: a value, or a thing with several. */
  readonly what: string;
  readonly asked: readonly Asked[];
  readonly nameOf: (connection: string) => string;
}

function Chain({ story, nameOf }: Pick<Props, 'nameOf'> & { readonly story: FieldStory }) {
  const { record, steps, names } = story;
  return (
    <ol class="chain">
      {steps.map((step) => (
        <li key={`${step.type} ${step.at} ${step.type === 'lost' ? step.id : ''}`} class={step.type}>
          <time dateTime={step.at}>
            {day(step.at)}, {clockTime(step.at)}
          </time>
          <p>
            {sentence(stepText(step, nameOf, names))}
            {step.type === 'lost' && (
              <Restore conflict={step} of={{ at: 'records', id: record }} names={names} />
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}

function WhyDialog({ what, asked, nameOf, onClose }: Props & { readonly onClose: () => void }) {
  const { client } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const [stories, setStories] = useState<readonly FieldStory[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    dialog.current?.showModal();
    const paths = asked.map(
      ({ record, field }) => `/v1/records/${encodeURIComponent(record)}/why/${encodeURIComponent(field)}`,
    );
    Promise.all(paths.map((path) => client.get<FieldStory>(path)))
      .then(setStories)
      .catch((error: Error) => setProblem(sentence(error.message)));
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="why-title" onClose={onClose}>
      <h2 id="why-title">Why this {what}?</h2>
      <div class="chains">
        {stories.map((story, index) => (
          <section key={`${story.record} ${story.field}`}>
            {asked[index]?.name !== undefined && <h3>{asked[index].name}</h3>}
            <Chain story={story} nameOf={nameOf} />
          </section>
        ))}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

/** Asks for the chain of changes behind what is shown beside it. */
export function Why(of: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="why" aria-label={`Why this ${of.what}?`} onClick={() => setOpen(true)}>
        Why?
      </button>
      {isOpen && <WhyDialog {...of} onClose={() => setOpen(false)} />}
    </>
  );
}
