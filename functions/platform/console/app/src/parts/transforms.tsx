import type { Rule, Transform } from '../mapping.ts';
import { TRANSFORMS, transformOf } from '../mapping-edits.ts';
import { Options } from './options.tsx';

interface Props {
  readonly rule: Rule;
  readonly isReadOnly: boolean;
  readonly onChange: (transforms: readonly Transform[] | undefined) => void;
}

/** What happens to a value on its way out, in this order; on its way in, in reverse. */
export function Transforms({ rule: { field, transforms = [] }, isReadOnly, onChange }: Props) {
  const labelled = (what: string, index: number) => `${what} of step ${index + 1} of ${field}`;
  const replace = (index: number, next: readonly Transform[]) => {
    const all = [...transforms.slice(0, index), ...next, ...transforms.slice(index + 1)];
    onChange(all.length === 0 ? undefined : all);
  };
  return (
    <div class="transforms">
      {transforms.map((transform, index) => (
        <div class="step" key={index}>
          <select
            disabled={isReadOnly}
            aria-label={`Step ${index + 1} of ${field}`}
            value={transform.use}
            onChange={(event) => replace(index, [transformOf(event.currentTarget.value)])}
          >
            <Options of={Object.entries(TRANSFORMS)} />
          </select>
          {transform.use === 'truncate' && (
            <input
              type="number"
              min={1}
              readOnly={isReadOnly}
              aria-label={labelled('Length', index)}
              value={transform.length}
              onInput={(event) =>
                replace(index, [{ ...transform, length: Number(event.currentTarget.value) }])
              }
            />
          )}
          {transform.use === 'expression' &&
            (['in', 'out'] as const).map((way) => (
              <input
                key={way}
                class="code"
                readOnly={isReadOnly}
                aria-label={labelled(way === 'in' ? 'Way in' : 'Way out', index)}
                placeholder={way === 'in' ? 'way in' : 'way out'}
                value={transform[way] ?? ''}
                onInput={(event) => replace(index, [withWay(transform, way, event.currentTarget.value)])}
              />
            ))}
          {!isReadOnly && (
            <button type="button" class="quiet" onClick={() => replace(index, [])}>
              Drop
              <span class="hidden">
                {' '}
                step {index + 1} of {field}
              </span>
            </button>
          )}
        </div>
      ))}
      {!isReadOnly && transforms.length < 5 && (
        <button type="button" class="quiet" onClick={() => onChange([...transforms, transformOf('trim')])}>
          Add a step<span class="hidden"> to {field}</span>
        </button>
      )}
    </div>
  );
}

/** A way without an expression passes the value on. */
function withWay(transform: Transform, way: 'in' | 'out', text: string): Transform {
  const { [way]: _, ...rest } = transform;
  return text.trim() === '' ? rest : { ...rest, [way]: text };
}
