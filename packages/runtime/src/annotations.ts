import type { Annotation } from '@gatewright/contract';
import { cutCharacters } from './safe-text.ts';

/** GitHub keeps this many annotations of each level per step and silently drops the rest (platform limit). */
export const annotationsPerLevel = 10;
/** GitHub cuts the message of an annotation here. */
export const annotationCharacters = 4096;

type Level = Annotation['level'];

/** Spends the step's budget of annotations; what does not fit is counted in the last slot. */
export interface Annotations {
  add(annotation: Annotation): void;
  /** Spends the slots that were kept back; call once, at the end. */
  finish(last?: Annotation): void;
}

/**
 * @param emit - shows one annotation
 * @param fallBack - is given each annotation that had to wait, so that the log has it at its time
 */
export function createAnnotations(
  emit: (annotation: Annotation) => void,
  fallBack: (annotation: Annotation) => void,
): Annotations {
  const spent: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  const held: Record<Level, Annotation[]> = { error: [], warning: [], notice: [] };
  // One slot of each level says how many more there are; one of the errors is for the verdict.
  const streamed: Record<Level, number> = {
    error: annotationsPerLevel - 2,
    warning: annotationsPerLevel - 1,
    notice: annotationsPerLevel - 1,
  };
  const show = (annotation: Annotation): void => {
    emit({ ...annotation, message: cutCharacters(annotation.message, annotationCharacters) });
  };
  return {
    add(annotation) {
      const { level } = annotation;
      if (spent[level] < streamed[level]) {
        spent[level] += 1;
        show(annotation);
        return;
      }
      held[level].push(annotation);
      fallBack(annotation);
    },
    finish(last) {
      for (const level of ['error', 'warning', 'notice'] as const) {
        const [only] = held[level];
        const count = held[level].length;
        if (count === 1 && only) show(only);
        if (count > 1) {
          show({ level, message: `And ${count} more; all are in the log of this step.` });
        }
      }
      if (last) show(last);
    },
  };
}
