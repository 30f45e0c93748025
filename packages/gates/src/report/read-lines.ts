import type { LineHandler } from './reader.ts';
import { ReportError } from './report-error.ts';
import type { Feed, Refuse } from './read-xml.ts';

/** A longer line is no line of a report; it must not be gathered without end. */
const maxLineUnits = 16 * 1024 * 1024;

/**
 * Splits into lines at `\n` or `\r\n`. Every tool ends its last line: one that is not ended was cut off.
 * @param begin - makes the handler
 */
export function feedLines(path: string, begin: (refuse: Refuse) => LineHandler): Feed {
  let number = 0;
  let rest = '';
  const handler = begin((reasonCode, problem, place) => {
    throw new ReportError(reasonCode, path, problem, place ?? { line: number });
  });
  return {
    write: (text) => {
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const piece = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
        const line = rest === '' ? piece : joined(rest, piece);
        rest = '';
        number += 1;
        handler.line(line, number);
        start = end + 1;
      }
      rest += text.slice(start);
      if (rest.length > maxLineUnits) {
        throw new ReportError('report-too-large', path, 'a line without end', { line: number + 1 });
      }
    },
    end: () => {
      if (rest !== '') {
        throw new ReportError('report-malformed', path, 'cut off: the last line has no end', {
          line: number + 1,
        });
      }
      return handler.end();
    },
  };
}

/** The carriage return may be the last character of one piece, and the line feed the first of the next. */
function joined(rest: string, piece: string): string {
  return piece === '' && rest.endsWith('\r') ? rest.slice(0, -1) : rest + piece;
}
