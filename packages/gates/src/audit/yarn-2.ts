import type { LineReader } from '../report/reader.ts';
import { isAdvisoryMap, readAdvisoryMap } from './advisory-map.ts';
import type { AuditSink } from './item.ts';
import { lineEntry } from './json-lines.ts';
import { isYarnInfo } from './yarn-4.ts';

/**
 * `yarn npm audit --json` of Yarn 2 and 3: the registry's answer as one object in one line, which some versions follow
 * with a typed line. Items are the packages of the tree.
 */
export const yarn2: LineReader<AuditSink> = {
  format: 'yarn-2',
  title: 'Yarn 2 or 3 audit JSON',
  shape: 'lines',
  // The line can be longer than what is seen of it.
  sniff: ([first]) => /^\{"(?:actions":\[|advisories":\{)/.test(first ?? ''),
  read: (sink, report) => {
    let items: number | undefined;
    return {
      line: (line, number) => {
        if (line === '') return;
        const entry = lineEntry(line, report, number);
        if (items !== undefined && isYarnInfo(entry)) return;
        if (items !== undefined || !isAdvisoryMap(entry.fields)) {
          report.fail('report-malformed', 'expected one object with advisories', { line: number });
        }
        items = readAdvisoryMap(entry, sink);
      },
      end: () => items ?? report.fail('report-malformed', 'no object with advisories'),
    };
  },
};
