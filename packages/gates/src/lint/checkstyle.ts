import { cleanText } from '../report/clean-text.ts';
import type { ReportContext, XmlElement, XmlHandler, XmlReader } from '../report/reader.ts';
import { createCounter, createPaths, positive, saysNotAnalysed } from './entry.ts';
import type { LintItem, LintSink } from './lint-item.ts';

/**
 * Checkstyle XML, which many linters write. An `exception` inside a file is a check that crashed on it. A name that is
 * empty and a line 0 stand for a finding without a place.
 */
export const checkstyleReader: XmlReader<LintSink> = {
  format: 'checkstyle',
  title: 'Checkstyle XML',
  shape: 'xml',
  sniff: ({ name }) => name === 'checkstyle',
  read: (sink, report) => handlerOf(sink, report),
};

const severities = new Map<string, Pick<LintItem, 'kind' | 'level'>>([
  ['error', { kind: 'lint', level: 'error' }],
  ['warning', { kind: 'lint', level: 'warning' }],
  ['info', { kind: 'lint', level: 'note' }],
  ['ignore', { kind: 'suppressed', level: 'note' }],
]);

const parents = new Map<string, string | undefined>([
  ['checkstyle', undefined],
  ['file', 'checkstyle'],
  ['error', 'file'],
  ['exception', 'file'],
]);

function handlerOf(sink: LintSink, report: ReportContext): XmlHandler {
  const counter = createCounter(sink);
  const pathOf = createPaths(report.roots);
  const open: string[] = [];
  let path: string | undefined;
  let exception = '';
  return {
    open: (element) => {
      const { name, attributes } = element;
      if (!parents.has(name) || parents.get(name) !== open.at(-1)) {
        report.fail('report-malformed', `<${cleanText(name, 50)}> does not belong here`);
      }
      open.push(name);
      if (name === 'file') path = pathOf(attributes.name ?? '');
      if (name === 'error') counter.emit(itemOf(element, path, report));
      if (name === 'exception') exception = '';
    },
    text: (text) => {
      // A stack trace is long; its beginning says what happened.
      if (open.at(-1) === 'exception' && exception.length < 5000) exception += text;
    },
    close: (name) => {
      open.pop();
      if (name !== 'exception') return;
      counter.emit({
        kind: 'not-analysed',
        ruleId: 'exception',
        level: 'error',
        message: cleanText(exception) || 'a check crashed',
        path,
        tool: 'checkstyle',
      });
    },
    end: () => counter.count(),
  };
}

function itemOf(
  { attributes }: XmlElement,
  path: string | undefined,
  report: ReportContext,
): LintItem {
  const { severity = 'error', source = '', message = '', line, column } = attributes;
  const known =
    severities.get(severity) ??
    report.fail(
      'report-malformed',
      `the severity ${cleanText(severity, 50)} is none of ${[...severities.keys()].join(', ')}`,
    );
  for (const number of [line, column]) {
    if (number !== undefined && !/^-?\d*$/.test(number)) {
      report.fail('report-malformed', `${cleanText(number, 50)} is no line or column`);
    }
  }
  const ruleId = cleanText(source, 200) || 'checkstyle';
  // ESLint has no rule for a syntax error.
  const isUnanalysed =
    saysNotAnalysed(ruleId) || (source === '' && message.startsWith('Parsing error:'));
  return {
    kind: isUnanalysed ? 'not-analysed' : known.kind,
    ruleId,
    level: known.level,
    message: cleanText(message),
    path,
    line: positive(line),
    column: positive(line) === undefined ? undefined : positive(column),
    tool: 'checkstyle',
  };
}
