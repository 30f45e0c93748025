import { cleanText } from '../report/clean-text.ts';
import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive, saysNotAnalysed } from './entry.ts';
import type { LintSink } from './lint-item.ts';
import { firstLine, plainLine } from './plain-line.ts';

const itemLine = /^(.+?):(\d+):(\d+): ([A-Z]{1,3}\d{1,4}) (.*)$/;
const statisticsLine = /^(\d+)\s+([A-Z]{1,3}\d{1,4}) /;
const countLine = /^\d+$/;
const caretLine = /^\s*\^$/;

/**
 * flake8's default text, also with `--show-source`, `--statistics` and `--count`, whose figures must agree. flake8 knows
 * no levels and fails for every finding, so each is an error.
 */
export const flake8Reader: LineReader<LintSink> = {
  format: 'flake8',
  title: 'flake8 text',
  shape: 'lines',
  sniff: (lines) => itemLine.test(firstLine(lines) ?? ''),
  read: (sink, report) => handlerOf(sink, report),
};

function handlerOf(sink: LintSink, report: ReportContext): LineHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  let byRule = new Map<string, number>();
  // Source can be of several lines, and look like anything; a caret ends it.
  let sourceFrom: number | undefined;

  const refuseSource = (): void => {
    if (sourceFrom === undefined) return;
    report.fail('report-malformed', 'no line that flake8 writes', { line: sourceFrom });
  };
  const agree = (stated: string, counted: number): void => {
    if (Number(stated) === counted) return;
    report.fail('report-contradictory', `says ${stated}, but the lines above make ${counted}`);
  };

  return {
    line: (raw, number) => {
      const line = plainLine(raw);
      const [, file, row, column, ruleId, message] = itemLine.exec(line) ?? [];
      if (file !== undefined && ruleId !== undefined) {
        refuseSource();
        byRule.set(ruleId, (byRule.get(ruleId) ?? 0) + 1);
        counter.emit({
          kind: saysNotAnalysed(ruleId) ? 'not-analysed' : 'lint',
          ruleId,
          level: 'error',
          message: cleanText(message ?? ''),
          path: pathOf(file),
          line: positive(row),
          column: positive(column),
          tool: 'flake8',
        });
        return;
      }
      if (sourceFrom !== undefined) {
        if (caretLine.test(line)) sourceFrom = undefined;
        return;
      }
      const [, stated, rule] = statisticsLine.exec(line) ?? [];
      if (stated !== undefined && rule !== undefined) {
        agree(stated, byRule.get(rule) ?? 0);
      } else if (countLine.test(line)) {
        agree(
          line,
          [...byRule.values()].reduce((sum, count) => sum + count, 0),
        );
        byRule = new Map();
      } else if (line !== '') {
        sourceFrom = number;
      }
    },
    end: () => {
      refuseSource();
      return counter.count();
    },
  };
}
