import type { LineHandler, LineReader, ReportContext } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import { createLcovRecord } from './lcov-record.ts';
import type { LcovRecord } from './lcov-record.ts';
import { maxLine } from './numbers.ts';

/** More digits could overflow 32 bits. */
const maxDigits = 9;

/** LCOV tracefiles of version 1 and 2 (geninfo(1)), as written by geninfo, Istanbul, node:test, coverage.py, gcovr, llvm-cov. */
export const lcovReader: LineReader<CoverageSink> = {
  format: 'lcov',
  title: 'LCOV',
  shape: 'lines',
  sniff: (lines) => {
    const first = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
    return first.startsWith('TN:') || first.startsWith('SF:');
  },
  read: readLcov,
};

function readLcov(sink: CoverageSink, report: ReportContext): LineHandler {
  const files = sink.begin(report, 'again');
  const record = createLcovRecord(report);
  let path: string | undefined;
  const other = (line: string): void => {
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith('SF:') || line.startsWith('TN:')) {
      if (path !== undefined) {
        report.fail('report-malformed', `the record of ${path} has no end_of_record`);
      }
      if (line.startsWith('TN:')) record.named(line.slice(3));
      else if (line.length === 3) report.fail('report-malformed', 'SF without a path');
      else path = line.slice(3);
      return;
    }
    const kind = kindOf(line);
    if (path === undefined) {
      report.fail('report-malformed', `outside of a record: ${kind}`);
    } else if (line === 'end_of_record') {
      files.add({ paths: [path] }, record.end());
      path = undefined;
    } else if (!record.item(kind, line.slice(kind.length + 1))) {
      report.fail('report-malformed', `no item of LCOV: ${kind.slice(0, 40)}`);
    }
  };
  return {
    line: (line) => {
      // 'DA:', by far the most frequent
      if (
        path !== undefined &&
        line.charCodeAt(0) === 68 &&
        line.charCodeAt(1) === 65 &&
        line.charCodeAt(2) === 58
      ) {
        if (!readPlainLine(record, line)) record.item('DA', line.slice(3));
      } else {
        other(line);
      }
    },
    end: () => {
      if (path !== undefined) {
        report.fail('report-malformed', `cut off: the record of ${path} has no end_of_record`);
      }
      const count = files.end();
      return count > 0 ? count : report.fail('report-empty', 'no record');
    },
  };
}

/**
 * `DA:<line>,<digits>`: without any new text and with small whole numbers only, because there are millions of them.
 *
 * @returns false for anything else, which may still be a valid item
 */
function readPlainLine(record: LcovRecord, text: string): boolean {
  const { length } = text;
  let at = 3;
  let line = 0;
  let digit = 0;
  // A digit is its value when the bits of '0' are taken off, and every other character is more than 9.
  while (at < length && (digit = text.charCodeAt(at) ^ 48) <= 9) {
    line = (line * 10 + digit) | 0;
    at += 1;
  }
  const isNumber = at <= 3 + maxDigits && line >= 1 && line <= maxLine;
  // A comma, and something behind it
  if (!isNumber || text.charCodeAt(at) !== 44 || at + 1 === length) return false;
  let digits = 0;
  for (at += 1; at < length; at += 1) {
    digit = text.charCodeAt(at) ^ 48;
    if (digit > 9) return false;
    digits |= digit;
  }
  record.counted(line, digits !== 0);
  return true;
}

function kindOf(line: string): string {
  const colon = line.indexOf(':');
  return colon < 0 ? line : line.slice(0, colon);
}
