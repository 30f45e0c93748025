import { cleanText } from '../report/clean-text.ts';
import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import { createCounter, createPaths, positive } from './entry.ts';
import type { LintItem, LintSink } from './lint-item.ts';
import { firstLine, plainLine } from './plain-line.ts';

const level = '(fatal error|error|warning|note|remark)';
const itemLine = new RegExp(String.raw`^(.+?):(\d+)(?::(\d+))?:\s+${level}: (.*)$`);
/** What a compiler says of itself. Only known names: `warning: …` alone could come from anything. */
const programLine = new RegExp(
  String.raw`^()()()(?:\S*?(?:cc1(?:plus|obj)?|lto1|g?cc|[gc]\+\+|clang(?:\+\+)?|collect2|cpp)(?:-\d+)?): ${level}: (.*)$`,
);
const ruleAtEnd = /^(.*) \[([A-Za-z-][^[\]\s]*)\]$/;
const generatedLine = /^(?:(\d+) warnings?)?(?: and )?(?:(\d+) errors?)? generated\.$/;
const stoppedLine = /^(?:compilation terminated due to |fatal error: )/;

/** Lines that explain an item and are none themselves. Each pattern is linear in the length of a line. */
const contextLines: readonly RegExp[] = [
  // Where the file was included from, and in which function the next item is.
  /^In (?:file included|module imported) from .*[,:]$/,
  /^\s+(?:inlined )?from .*[,:]$/,
  /^(?=.*[,:]$).+?: (?:In|At) /,
  // Templates: `t.cc:5:26:   required from here`.
  /^.+?:\d+:(?:\d+:)?\s{2,}\S/,
  // Excerpt of the source with its line number, marks below it, and paths of the static analyser.
  /^\s*(?:(?:\d+|\+\+\+|\.\.\.)\s*)?\|/,
  /^(?=[^~^]*[~^])[\s~^|]+$/,
  /^\s.*?: events? \d/,
  /^compilation terminated\.$/,
];
const caretLine = /^[\s~]*\^[\s~^]*$/;

/**
 * The style of GCC, which clang, shellcheck and many others write too. A note belongs to the item before it, unless it
 * names a rule of its own. A fatal error, or one that a program says of itself, ended the compilation.
 */
export const gccReader: LineReader<LintSink> = {
  format: 'gcc',
  title: 'GCC style text',
  shape: 'lines',
  sniff: (lines) => {
    const first = firstLine(lines);
    if (first === undefined) return false;
    const isContext = contextLines.some((pattern) => pattern.test(first));
    return isContext
      ? lines.some((line) => itemLine.test(plainLine(line)))
      : itemLine.test(first) || programLine.test(first);
  },
  read: (sink, report) => handlerOf(sink, report),
};

/** More notes, such as the candidates of an overloaded function, do not make an item clearer. */
const maxNotes = 3;

function handlerOf(sink: LintSink, report: ReportContext): LineHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  const counts = { error: 0, warning: 0 };
  let open: { readonly item: LintItem; readonly texts: readonly string[] } | undefined;
  // Old compilers show the source without a gutter: any text, with a caret in the next line.
  let sourceAt: number | undefined;
  let isStopped = false;

  const flush = (): void => {
    if (open !== undefined) {
      counter.emit({ ...open.item, message: cleanText(open.texts.join('; note: ')) });
    }
    open = undefined;
  };
  const refuseSource = (): void => {
    if (sourceAt === undefined) return;
    report.fail('report-malformed', 'no line of GCC style', { line: sourceAt });
  };

  const take = (match: RegExpExecArray): void => {
    const item = itemOf(match, pathOf);
    const [, , , , word, text = ''] = match;
    const { ruleId } = item;
    if (word === 'note' && open !== undefined && ruleId === 'note') {
      if (open.texts.length <= maxNotes) open = { ...open, texts: [...open.texts, text] };
      return;
    }
    flush();
    if (match[1] !== '' && item.level !== 'note') counts[item.level] += 1;
    open = { item, texts: [item.message] };
  };

  const stop = (line: string): void => {
    flush();
    isStopped = true;
    counter.emit({
      kind: 'not-analysed',
      ruleId: 'fatal-error',
      level: 'error',
      message: cleanText(line),
      tool: 'gcc',
    });
  };

  return {
    line: (raw, number) => {
      const line = plainLine(raw);
      const match = itemLine.exec(line) ?? programLine.exec(line);
      if (match !== null) {
        refuseSource();
        return take(match);
      }
      if (sourceAt !== undefined) {
        if (!caretLine.test(line)) refuseSource();
        sourceAt = undefined;
        return;
      }
      if (line.trim() === '' || contextLines.some((pattern) => pattern.test(line))) return;
      const generated = generatedLine.exec(line);
      if (generated !== null) {
        // After too many errors the figures are of what clang had seen, and the verdict is clear.
        if (!isStopped) checkGenerated(generated, counts, report);
      } else if (stoppedLine.test(line)) stop(line);
      else sourceAt = number;
    },
    end: () => {
      refuseSource();
      flush();
      return counter.count();
    },
  };
}

function itemOf(match: RegExpExecArray, pathOf: (raw: string) => string | undefined): LintItem {
  const [, file = '', row, column, word = '', text = ''] = match;
  const [, message = text, rule] = ruleAtEnd.exec(text) ?? [];
  const isFatal = word === 'fatal error' || (file === '' && word === 'error');
  return {
    kind: isFatal ? 'not-analysed' : 'lint',
    ruleId: cleanText(ruleName(rule) ?? word.replace(' ', '-'), 200),
    level: word === 'warning' ? 'warning' : word.endsWith('error') ? 'error' : 'note',
    message,
    path: pathOf(file),
    line: positive(row),
    column: positive(column),
    tool: 'gcc',
  };
}

/** The same rule whether or not it was made an error: `-Werror=unused` and `-Werror,-Wunused` are `-Wunused`. */
function ruleName(rule: string | undefined): string | undefined {
  return rule
    ?.split(',')
    .find((name) => name !== '-Werror')
    ?.replace(/^-Werror=/, '-W');
}

/** clang sums up one compilation; a log can hold several, so the figures are of what came since the last sum. */
function checkGenerated(
  [, warnings = '0', errors = '0']: RegExpExecArray,
  counts: { error: number; warning: number },
  report: ReportContext,
): void {
  const stated = `${warnings} warnings and ${errors} errors`;
  const actual = `${counts.warning} warnings and ${counts.error} errors`;
  if (stated !== actual) {
    report.fail('report-contradictory', `says ${stated}, but the lines above make ${actual}`);
  }
  counts.warning = 0;
  counts.error = 0;
}
