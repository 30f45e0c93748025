import type { Annotation, AnnotationPlace, Logger } from '@gatewright/contract';
import type { Annotations } from './annotations.ts';
import type { Masks } from './masks.ts';
import type { RunnerPort } from './runner-port.ts';
import { cutMiddle, inertLine, logLines, plainText, singleLine } from './safe-text.ts';

/** Of one untrusted text; SSM itself keeps 24,000 characters of a host's output. */
export const untrustedBytes = 32 * 1024;

/** What the logger stands on. */
export interface LoggerParts {
  readonly runner: RunnerPort;
  readonly masks: Masks;
  readonly annotations: Annotations;
}

/** Writes a message to the log, line by line and inert. */
export function writeMessage(parts: Omit<LoggerParts, 'annotations'>, message: string): void {
  for (const line of logLines(parts.masks.redact(plainText(message)))) parts.runner.writeLine(line);
}

/** Shows an annotation with its text made safe; the file and title are escaped by the runner's library. */
export function showAnnotation(
  parts: Omit<LoggerParts, 'annotations'>,
  annotation: Annotation,
): void {
  const { level, message, ...place } = annotation;
  parts.runner.annotate(level, parts.masks.redact(plainText(message)), place);
}

/** The logger that an action gets. */
export function createLogger(parts: LoggerParts): Logger {
  const { runner, masks, annotations } = parts;
  const annotate = (level: Annotation['level'], message: string, place?: AnnotationPlace): void =>
    annotations.add({ ...place, level, message });
  return {
    info: (message) => writeMessage(parts, message),
    debug: (message) => runner.debug(masks.redact(plainText(message))),
    warning: (message, place) => annotate('warning', message, place),
    error: (message, place) => annotate('error', message, place),
    async group(title, body) {
      runner.startGroup(masks.redact(singleLine(title)));
      try {
        return await body();
      } finally {
        runner.endGroup();
      }
    },
    untrusted(title, text) {
      writeMessage(parts, title);
      // Redacted before it is cut: half a secret would not be recognised.
      const shown = cutMiddle(masks.redact(plainText(text)), untrustedBytes);
      const token = runner.randomToken();
      runner.writeLine(`::stop-commands::${token}`);
      for (const line of shown.split('\n')) runner.writeLine(inertLine(`  | ${line}`));
      runner.writeLine(`::${token}::`);
    },
  };
}
