import { cleanText } from '../report/clean-text.ts';
import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive } from './entry.ts';
import type { LintItem, LintSink } from './lint-item.ts';
import { firstLine, plainLine } from './plain-line.ts';

const itemLine = /^(.+?):(?:(\d+):(?:(\d+):(?:\d+:\d+:)?)?)? (error|note): (.*)$/;
const codeAtEnd = /^(.*?) {2}\[([a-z][a-z0-9-]*)\]$/;
const pythonLine = /^(?:.+?\.(?:pyi?|ipynb)|<string>):(?:\d+:)* (?:error|note): /;
const foundLine =
  /^Found (\d+) errors? in (\d+) files? \((?:checked \d+ source files?|(errors prevented.*))\)$/;
const successLine = /^Success: no issues found in (\d+) source files?$/;
const excerptLine = /^\s{4}/;
const caretLine = /^\s+\^[~^]*\s*$/;

/**
 * mypy's text, plain or `--pretty`, with its summary, which must agree with the lines; without a summary it was cut off.
 * Notes at the place of an error explain it, others are findings of their own.
 */
export const mypyReader: LineReader<LintSink> = {
  format: 'mypy',
  title: 'mypy text',
  shape: 'lines',
  sniff: (lines) => {
    const first = firstLine(lines) ?? '';
    return pythonLine.test(first) || foundLine.test(first) || successLine.test(first);
  },
  read: (sink, report) => handlerOf(sink, report),
};

function handlerOf(sink: LintSink, report: ReportContext): LineHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  const summary = createSummary(report);
  let open: { readonly item: LintItem; readonly text: string } | undefined;
  let errorAt = '';
  // Long messages go on in further lines, but only in a pretty report, which is known by its carets.
  let continuedAt: number | undefined;
  let isPretty = false;
  let isEnded = false;

  const flush = (): void => {
    if (open === undefined) return;
    const [, message = open.text, code] = codeAtEnd.exec(open.text) ?? [];
    counter.emit({
      ...open.item,
      kind: code === 'syntax' ? 'not-analysed' : 'lint',
      ruleId: code ?? open.item.ruleId,
      message: cleanText(message),
    });
    open = undefined;
  };

  const begin = (match: RegExpExecArray, line: string): void => {
    flush();
    const [, file = '', row, , word, text = ''] = match;
    summary.add(line);
    const place = `${file}:${row ?? ''}`;
    if (word === 'error') errorAt = place;
    // A note without a line says in which function the next error is.
    else if (row === undefined || place === errorAt) return;
    open = { item: itemOf(match, pathOf(file)), text };
  };

  const goOn = (line: string, number: number): void => {
    isPretty ||= caretLine.test(line);
    continuedAt ??= number;
    if (open === undefined || excerptLine.test(line)) return;
    open = { ...open, text: `${open.text} ${line}`.slice(0, 5000) };
  };

  return {
    line: (raw, number) => {
      const line = plainLine(raw);
      if (line.trim() === '') return;
      if (isEnded) report.fail('report-malformed', 'goes on after the summary');
      const match = itemLine.exec(line);
      if (match !== null) return begin(match, line);
      if (!foundLine.test(line) && !successLine.test(line)) return goOn(line, number);
      flush();
      isEnded = true;
      const stopped = summary.check(line);
      if (stopped !== undefined) counter.emit(stopped);
    },
    end: () => {
      if (continuedAt !== undefined && !isPretty) {
        report.fail('report-malformed', 'no line that mypy writes', { line: continuedAt });
      }
      if (!isEnded) {
        report.fail('report-malformed', 'cut off, or made with --no-error-summary: no summary');
      }
      return counter.count();
    },
  };
}

/** Its message and rule are known when all its lines are. */
function itemOf([, , row, column, word]: RegExpExecArray, path: string | undefined): LintItem {
  const isError = word === 'error';
  return {
    kind: 'lint',
    ruleId: isError ? 'mypy' : 'note',
    level: isError ? 'error' : 'note',
    message: '',
    path,
    line: positive(row),
    column: positive(column),
    tool: 'mypy',
  };
}

interface Summary {
  add(line: string): void;
  /** @returns what was not analysed, when mypy says that it stopped */
  check(line: string): LintItem | undefined;
}

/** mypy makes its figures from the text of its lines (`count_stats`), so they are made in the same way here. */
function createSummary(report: ReportContext): Summary {
  let errors = 0;
  const files = new Set<string>();
  return {
    add: (line) => {
      if (!line.includes(': error:')) return;
      errors += 1;
      files.add(line.split(':', 1)[0] ?? '');
    },
    check: (line) => {
      const [, stated = '0', statedFiles = '0', prevented] = foundLine.exec(line) ?? [];
      if (prevented !== undefined) {
        // What stops mypy it writes to the other stream, so the lines need not be here.
        const message = cleanText(prevented);
        return { kind: 'not-analysed', ruleId: 'mypy', level: 'error', message, tool: 'mypy' };
      }
      if (successLine.exec(line)?.[1] === '0') {
        report.fail('not-analysed', 'mypy has checked no file');
      }
      if (Number(stated) !== errors || Number(statedFiles) !== files.size) {
        const actual = `${errors} errors in ${files.size} files`;
        report.fail('report-contradictory', `says "${line}", but the lines make ${actual}`);
      }
      return undefined;
    },
  };
}
