import { cleanText } from '../report/clean-text.ts';
import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive } from './entry.ts';
import type { LintItem, LintSink } from './lint-item.ts';
import { firstLine, plainLine } from './plain-line.ts';

const itemLine = /^(.+?)\((\d+),(\d+)\): (error|warning|message|suggestion) (TS\d+): (.*)$/;
const prettyLine = /^(.+?):(\d+):(\d+) - (error|warning|message|suggestion) (TS\d+): (.*)$/;
const globalLine = /^()()()(error|warning|message) (TS\d+): (.*)$/;
const foundLine = /^Found (\d+) errors?(?:\.| in )/;
const indented = /^\s+\S/;
// What `--pretty` adds: the source with its line numbers, the marks below it, and the table of files at the end.
const excerptLine = /^(?: *\d+(?: |$)|Errors {2}Files$)/;

// Only the parser and the scanner report these, and after one tsc does not look at types.
const syntaxErrors = new Set(
  (
    '1002 1003 1005 1009 1010 1109 1110 1126 1127 1128 1129 1130 1131 1132 1134 1135 1136 1137 1138 1139 1140 1144 ' +
    '1145 1146 1160 1161'
  )
    .split(' ')
    .map((number) => `TS${number}`),
);

/** TS5… is about options; with one of these wrong the types may not have been looked at either. */
function isUnanalysed(ruleId: string): boolean {
  return syntaxErrors.has(ruleId) || /^TS5\d{3}$/.test(ruleId);
}

/**
 * The TypeScript compiler's text, plain or `--pretty`. An error without a file is about the project (no inputs, an unknown
 * option), so the code was not looked at as it should be.
 */
export const tscReader: LineReader<LintSink> = {
  format: 'tsc',
  title: 'tsc text',
  shape: 'lines',
  sniff: (lines) => matchItem(firstLine(lines) ?? '') !== undefined,
  read: (sink, report) => handlerOf(sink, report),
};

function matchItem(line: string): RegExpExecArray | undefined {
  return itemLine.exec(line) ?? prettyLine.exec(line) ?? globalLine.exec(line) ?? undefined;
}

function handlerOf(sink: LintSink, report: ReportContext): LineHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  let errors = 0;
  let isPretty = false;
  // The message goes on in indented lines.
  let open: { readonly item: LintItem; readonly text: string } | undefined;
  let isInMessage = false;

  const flush = (): void => {
    if (open !== undefined) counter.emit({ ...open.item, message: cleanText(open.text) });
    open = undefined;
    isInMessage = false;
  };

  const begin = (match: RegExpExecArray, line: string): void => {
    flush();
    const [, file = '', row, column, word = '', ruleId = '', text = ''] = match;
    isPretty ||= prettyLine.test(line);
    if (word === 'error') errors += 1;
    const item: LintItem = {
      kind: file === '' || isUnanalysed(ruleId) ? 'not-analysed' : 'lint',
      ruleId,
      level: levelOf(word),
      message: '',
      path: pathOf(file),
      line: positive(row),
      column: positive(column),
      tool: 'tsc',
    };
    open = { item, text };
    isInMessage = true;
  };

  return {
    line: (raw) => {
      const line = plainLine(raw);
      const match = matchItem(line);
      if (match !== undefined) return begin(match, line);
      const [, stated] = foundLine.exec(line) ?? [];
      if (line.trim() === '') {
        isInMessage = false;
      } else if (stated !== undefined) {
        flush();
        if (Number(stated) === errors) return;
        report.fail('report-contradictory', `says ${stated} errors, but the lines make ${errors}`);
      } else if (open !== undefined && isInMessage && indented.test(line)) {
        open = { ...open, text: `${open.text} ${line}`.slice(0, 5000) };
      } else if (!isPretty || !(indented.test(line) || excerptLine.test(line))) {
        report.fail('report-malformed', 'no line that tsc writes');
      }
    },
    end: () => {
      flush();
      return counter.count();
    },
  };
}

function levelOf(word: string): LintItem['level'] {
  if (word === 'error') return 'error';
  return word === 'warning' ? 'warning' : 'note';
}
