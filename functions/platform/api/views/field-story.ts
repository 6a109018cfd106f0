import type { FieldStep, FieldStory } from '../../../../shared/ports/index.ts';
import { isoTime } from './time.ts';

function stepBody(step: FieldStep) {
  const { atMs, ...rest } = step;
  const at = isoTime(atMs);
  if (rest.type !== 'lost') return { ...rest, at };
  const { lostAtMs, record: _record, kind: _kind, field: _field, ...lost } = rest;
  return { ...lost, at, lostAt: isoTime(lostAtMs) };
}

export const fieldStoryBody = ({ steps, ...story }: FieldStory) => ({ ...story, steps: steps.map(stepBody) });
