import { cleanText } from '../report/clean-text.ts';
import type { JsonReader } from '../report/reader.ts';
import { createCounter, createPaths, positive, saysNotAnalysed } from './entry.ts';
import { isJsonObject, narrowFor } from './json-value.ts';
import type { JsonObject, Narrow } from './json-value.ts';
import type { LintItem, LintSink } from './lint-item.ts';

const severities = ['fatal', 'error', 'warning', 'info', 'help'] as const;

/**
 * `ruff check --output-format json`: a list of findings, empty when there are none. A syntax error has no code in old
 * versions; the severity is new. Rows in a
 * notebook count from the start of the cell, so they are told in the message.
 */
export const ruffJsonReader: JsonReader<LintSink> = {
  format: 'ruff-json',
  title: 'ruff JSON',
  shape: 'json',
  sniff: (document) => {
    if (!Array.isArray(document)) return false;
    const first: unknown = document[0];
    return (
      document.length === 0 ||
      (isJsonObject(first) && 'filename' in first && 'code' in first && 'location' in first)
    );
  },
  read: (document, sink, report) => {
    const json = narrowFor(report);
    const counter = createCounter(sink);
    const pathOf = createPaths(report.roots);
    for (const [index, value] of json.list(document, '').entries()) {
      counter.emit(itemOf(json.object(value, `[${index}]`), `[${index}]`, json, pathOf));
    }
    return counter.count();
  },
};

function itemOf(
  entry: JsonObject,
  key: string,
  json: Narrow,
  pathOf: (raw: string) => string | undefined,
): LintItem {
  const code = json.optionalText(entry.code, key, 'code') ?? '';
  const severity = json.optionalWord(entry.severity, severities, key, 'severity') ?? 'error';
  const location = json.object(entry.location, key, 'location');
  const cell = positive(json.optionalNumber(entry.cell, key, 'cell'));
  const message = json.text(entry.message, key, 'message');
  const [line, column] = [positive(location.row), positive(location.column)];
  const notAnalysed = code === '' || severity === 'fatal' || saysNotAnalysed(code);
  return {
    kind: notAnalysed ? 'not-analysed' : 'lint',
    ruleId: cleanText(code, 200) || 'invalid-syntax',
    level: levels[severity],
    message: cleanText(
      cell === undefined ? message : `cell ${cell}, line ${line ?? '?'}: ${message}`,
    ),
    path: pathOf(json.text(entry.filename, key, 'filename')),
    line,
    column,
    tool: 'ruff',
    fingerprint: cell === undefined ? undefined : message,
  };
}

const levels = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  info: 'note',
  help: 'note',
} as const;
