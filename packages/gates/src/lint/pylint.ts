import { cleanText } from '../report/clean-text.ts';
import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive } from './entry.ts';
import type { LintItem, LintSink } from './lint-item.ts';
import { firstLine, plainLine } from './plain-line.ts';

const moduleLine = /^\*{5,} Module /;
const itemLine = /^(.+?):(\d+):(\d+): ([CEFIRW]\d{4}): (.*)$/;
const symbolAtEnd = /^(?:(.*) )?\(([a-z][a-z0-9-]*)\)$/;
const ruler = /^-+$/;
const ratingLine = /^Your code has been rated at -?\d+\.\d+\/10(?: \(.*\))?$/;

/**
 * pylint's default text. It ends with the rating unless the score is switched off, which cannot be seen from the rest.
 * A message can have several lines (`duplicate-code`); the symbol, which is the rule, stands at its end.
 */
export const pylintReader: LineReader<LintSink> = {
  format: 'pylint',
  title: 'pylint text',
  shape: 'lines',
  sniff: (lines) => {
    const first = firstLine(lines);
    if (first === undefined) return false;
    return (
      moduleLine.test(first) ||
      itemLine.test(first) ||
      (ruler.test(first) && lines.some((line) => ratingLine.test(plainLine(line))))
    );
  },
  read: (sink, report) => handlerOf(sink, report),
};

interface OpenMessage {
  readonly number: number;
  readonly code: string;
  readonly text: string;
  readonly item: Pick<LintItem, 'path' | 'line' | 'column'>;
}

function handlerOf(sink: LintSink, report: ReportContext): LineHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  let open: OpenMessage | undefined;
  let isRated = false;

  const continueMessage = (message: OpenMessage, line: string): void => {
    const [, text = '', symbol] = symbolAtEnd.exec(line) ?? [];
    // The quoted code of duplicates can end like a symbol.
    const isEnd = symbol !== undefined && (message.code !== 'R0801' || symbol === 'duplicate-code');
    const whole = `${message.text} ${isEnd ? text : line}`;
    open = isEnd ? undefined : { ...message, text: whole.slice(0, 5000) };
    if (!isEnd) return;
    counter.emit({
      kind: kindOf(message.code),
      ruleId: symbol,
      level: levelOf(message.code),
      message: cleanText(whole),
      ...message.item,
      tool: 'pylint',
    });
  };

  return {
    line: (raw, number) => {
      const line = plainLine(raw);
      if (open !== undefined) return continueMessage(open, line);
      if (line.trim() === '' || ruler.test(line)) return;
      if (isRated) report.fail('report-malformed', 'goes on after the rating');
      const [, file, row, column, code, text] = itemLine.exec(line) ?? [];
      if (file !== undefined && code !== undefined && text !== undefined) {
        // pylint counts columns from 0.
        const item = { path: pathOf(file), line: positive(row), column: Number(column) + 1 };
        continueMessage({ number, code, text: '', item }, text);
      } else if (ratingLine.test(line)) {
        isRated = true;
      } else if (!moduleLine.test(line)) {
        report.fail('report-malformed', 'no line that pylint writes without --reports');
      }
    },
    end: () => {
      if (open !== undefined) {
        report.fail('report-malformed', 'cut off: the message has no symbol at its end', {
          line: open.number,
        });
      }
      return counter.count();
    },
  };
}

function kindOf(code: string): LintItem['kind'] {
  if (code === 'E0001' || code.startsWith('F')) return 'not-analysed';
  // suppressed-message, which has to be switched on.
  return code === 'I0020' ? 'suppressed' : 'lint';
}

function levelOf(code: string): LintItem['level'] {
  if (code.startsWith('E') || code.startsWith('F')) return 'error';
  return code.startsWith('W') ? 'warning' : 'note';
}
