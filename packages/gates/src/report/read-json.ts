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
    const message = error instanceof Error ? error.message : '';
    const position = / at position (\d+)/.exec(message)?.[1];
    const offset = position === undefined ? text.length : Number(position);
    const problem =
      offset >= text.trimEnd().length ? 'the JSON is cut off' : 'not well-formed JSON';
    throw new ReportError('report-malformed', path, problem, placeOf(text, offset));
  }
}

function placeOf(text: string, offset: number): ReportPlace {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
