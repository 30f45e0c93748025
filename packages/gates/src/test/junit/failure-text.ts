import { cleanText } from '../../report/clean-text.ts';

/** What is kept of the text of a failure; the rest, which can be megabytes, goes by. UTF-16 units. */
const headUnits = 2000;
const tailUnits = 400;

/** The text of the first failure of a case. */
export interface FailureText {
  /** The `message` attribute. */
  message: string;
  /** The `type` attribute: the class of an exception, or in nextest all that is said. */
  type: string;
  head: string;
  /** pytest writes the place last. */
  tail: string;
}

export function noFailureText(): FailureText {
  return { message: '', type: '', head: '', tail: '' };
}

export function addFailureText(failure: FailureText, text: string): void {
  if (failure.head.length < headUnits) {
    failure.head += text.slice(0, headUnits - failure.head.length);
  }
  failure.tail = (failure.tail + text.slice(-tailUnits)).slice(-tailUnits);
}

/** One line that says what failed; undefined when the report does not say it. */
export function failureMessage({ message, type, head }: FailureText): string | undefined {
  // gotestsum gives every failure this message; what happened is in the text.
  const text = message.trim() === '' || message === 'Failed' ? head : message;
  const line = cleanText(text);
  if (line !== '') return line;
  const rest = cleanText(message === '' ? type : message);
  return rest === '' ? undefined : rest;
}

const pytestPlace = /(?:^|\n)(?<path>[^\s:][^:\n]*\.py):(?<line>\d{1,9}): [\w.]+\s*$/;

/** Where a failure of pytest happened: the last line of its text. */
export function failurePlace({ tail }: FailureText): { path: string; line: number } | undefined {
  const { path, line } = pytestPlace.exec(tail)?.groups ?? {};
  return path === undefined || line === undefined ? undefined : { path, line: Number(line) };
}
