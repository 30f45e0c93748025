import type { ReportContext } from '../report/reader.ts';
import { rootEntry } from './entry.ts';
import type { JsonEntry } from './entry.ts';

/** One line of newline-delimited JSON. @throws ReportError at the line, without its content */
export function lineEntry(line: string, report: ReportContext, number: number): JsonEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return report.fail('report-malformed', 'a line that is not JSON', { line: number });
  }
  // The place of what is refused below is the line: keys of one line say little.
  const fail: ReportContext['fail'] = (reasonCode, problem, place) =>
    report.fail(
      reasonCode,
      place?.key === undefined || place.key === '' ? problem : `${place.key}: ${problem}`,
      {
        line: number,
      },
    );
  return rootEntry(value, { ...report, fail });
}
