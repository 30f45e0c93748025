import { ReportError } from './report-error.ts';
import type { ReportPlace } from './report-error.ts';

/** JSON is parsed whole; above this the process could not hold it. UTF-16 units. */
export const maxJsonUnits = 400 * 1024 * 1024;

/**
 * @throws {@link ReportError} `report-malformed`, with line and column.
 */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const offset = offsetOf(error) ?? (isUnexpectedToken(error) ? firstRefused(text) : text.length);
    const problem =
      offset >= text.trimEnd().length ? 'the JSON is cut off' : 'not well-formed JSON';
    throw new ReportError('report-malformed', path, problem, placeOf(text, offset));
  }
}

function offsetOf(error: unknown): number | undefined {
  const message = error instanceof Error ? error.message : '';
  const position = / at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

/**
 * Offset of the first character that cannot stand where it is. V8 does not tell it of an unexpected token; but every start
 * of the text that has the token fails for it, and no shorter one.
 */
function firstRefused(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(start: string): boolean {
  try {
    JSON.parse(start);
    return false;
  } catch (error) {
    return isUnexpectedToken(error);
  }
}

function isUnexpectedToken(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Unexpected token ');
}

function placeOf(text: string, offset: number): ReportPlace {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
