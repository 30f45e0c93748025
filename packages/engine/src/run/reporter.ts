import type { AnnotationLevel } from '../commands/workflow-commands.ts';
import type { JobState } from './state.ts';
import type { Annotation } from './result.ts';

/** GitHub keeps ten annotations of each level per step, each cut at 4,096 characters (ExecutionContext.cs). */
const annotationsPerLevel = 10;
const longestMessage = 4096;

/** Where everything goes that a step says. Masks are applied here, and nowhere later. */
export interface Reporter {
  log(line: string): void;
  annotate(
    level: AnnotationLevel,
    message: string,
    properties?: Readonly<Record<string, string>>,
  ): void;
  summary(markdown: string): void;
}

/** The steps inside a composite action share the reporter, and so the quota, of the step that uses it. */
export function createReporter(job: JobState, step: string, number: number): Reporter {
  const { run, masks } = job;
  const place = () => ({ job: job.name, step: masks.mask(step), number });
  const counts = new Map<AnnotationLevel, number>();
  const log = (text: string): void => {
    // Masked before it is cut: a secret may have several lines.
    for (const line of masks.mask(text).split('\n')) run.emit({ kind: 'log', ...place(), line });
  };
  return {
    log,
    annotate(level, message, properties = {}) {
      log(`##[${level}]${message}`);
      const count = counts.get(level) ?? 0;
      if (count >= annotationsPerLevel) return;
      counts.set(level, count + 1);
      const annotation = annotationOf(level, masks.mask(message), properties);
      job.annotations.push(annotation);
      const { number: _number, ...where } = place();
      run.emit({ kind: 'annotation', ...where, annotation });
    },
    summary(markdown) {
      const masked = markdown
        .split('\n')
        .map((line) => masks.mask(line))
        .join('\n');
      job.summaries.push(masked);
      run.emit({ kind: 'summary', ...place(), markdown: masked });
    },
  };
}

function annotationOf(
  level: AnnotationLevel,
  message: string,
  { title, file, line }: Readonly<Record<string, string>>,
): Annotation {
  const number = Number(line);
  return {
    level,
    message: message.slice(0, longestMessage),
    ...(title === undefined ? {} : { title }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined || !Number.isInteger(number) ? {} : { line: number }),
  };
}
