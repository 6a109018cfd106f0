import type { Scene } from './scene.ts';
import { takeUp } from './take-up.ts';

/** The conflict is no more: nobody is asked about this field. */
export function withdrawQuestion({ link, tree }: Pick<Scene, 'link' | 'tree'>, field: string): void {
  const question = link.asked?.[field];
  // Stryker disable next-line ConditionalExpression: for the compiler alone, where nothing is asked there is no question
  if (link.asked === undefined || question === undefined) return;
  takeUp(tree, question.id);
  delete link.asked[field];
  if (Object.keys(link.asked).length === 0) delete link.asked;
}

/** The copy is the record's no more. */
export function withdrawQuestions({ link, tree }: Pick<Scene, 'link' | 'tree'>): void {
  for (const field of Object.keys(link.asked ?? {})) withdrawQuestion({ link, tree }, field);
}
