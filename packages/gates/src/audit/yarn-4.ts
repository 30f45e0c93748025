import { cleanText } from '../report/clean-text.ts';
import type { LineReader } from '../report/reader.ts';
import { npmAdvisoryId, fixedVersions } from './npm-advisory.ts';
import { neededObject, neededText, text, texts } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import { unrated } from './item.ts';
import type { AuditSink } from './item.ts';
import { lineEntry } from './json-lines.ts';
import { packageUrl } from './package-url.ts';

/** What a line turned out to be. */
type YarnLine = 'advisory' | 'deprecation' | 'clean' | 'other';

/**
 * `yarn npm audit --json` of Yarn 4: a line for each advisory, `{"value": package, "children": {…}}`, and lines of the
 * same form for deprecated packages, which are no vulnerabilities. Every line has to be understood, and a report with
 * neither an advisory, a deprecation, nor the line that says there is none is an error: a change of this format once made
 * every project look clean (F7). Newer versions of Yarn 4 leave the report of a clean project empty: alone, that is no
 * evidence; whoever ran Yarn and saw it end well may take it for one. Items are the findings.
 */
export const yarn4: LineReader<AuditSink> = {
  format: 'yarn-4',
  title: 'Yarn 4 audit JSON lines',
  shape: 'lines',
  sniff: (lines) =>
    lines.some(
      (line) =>
        /^\{"value":"[^"]*","children":\{/.test(line) ||
        /^\{"type":"[a-z]+",.*"displayName":"(?:YN\d+)?"/.test(line),
    ),
  read: (sink, report) => {
    const counts: Record<YarnLine, number> = { advisory: 0, deprecation: 0, clean: 0, other: 0 };
    return {
      line: (line, number) => {
        if (line !== '') counts[readLine(lineEntry(line, report, number), sink)] += 1;
      },
      end: () => {
        if (counts.advisory + counts.deprecation + counts.clean === 0) {
          return report.fail('tool-failed', 'neither an advisory nor word that there is none');
        }
        if (counts.advisory > 0 && counts.clean > 0) {
          return report.fail('report-contradictory', 'advisories, and word that there is none');
        }
        return counts.advisory;
      },
    };
  },
};

/** Whether a line is one of Yarn's own, of the harmless kind. */
export function isYarnInfo(entry: JsonEntry): boolean {
  return entry.fields.type === 'info' && 'displayName' in entry.fields;
}

function readLine(entry: JsonEntry, sink: AuditSink): YarnLine {
  if ('type' in entry.fields) return readTyped(entry, sink);
  const name = cleanText(neededText(entry, 'value'), 200);
  const children = neededObject(entry, 'children');
  const { ID: id } = children.fields;
  const issue = cleanText(text(children, 'Issue') ?? name, 300);
  if (typeof id === 'string' && id.endsWith('(deprecation)')) {
    sink({ kind: 'note', message: `${name} is deprecated: ${issue}` });
    return 'deprecation';
  }
  const versions = texts(children, 'Tree Versions');
  const url = text(children, 'URL');
  const range = text(children, 'Vulnerable Versions') ?? '';
  for (const version of versions.length === 0 ? [''] : versions) {
    const cleaned = cleanText(version, 100);
    sink({
      kind: 'vulnerability',
      id: npmAdvisoryId(url, typeof id === 'number' ? id : undefined),
      aliases: [],
      package: {
        name,
        ...(cleaned === '' ? {} : { version: cleaned }),
        purl: packageUrl('npm', name, cleaned),
        fixedIn: fixedVersions(range),
        scope: 'unknown',
      },
      severity: { ...unrated, label: neededText(children, 'Severity') },
      message: issue,
    });
  }
  return 'advisory';
}

function readTyped(entry: JsonEntry, sink: AuditSink): YarnLine {
  const type = neededText(entry, 'type');
  const said = cleanText(text(entry, 'data') ?? '', 200);
  const { report } = entry.place;
  if (type === 'error') return report.fail('tool-failed', `Yarn stopped: ${said}`);
  if (type === 'warning') sink({ kind: 'note', message: `Yarn warns: ${said}` });
  else if (type !== 'info') return report.fail('report-malformed', 'a line of an unknown type');
  return type === 'info' && said === 'No audit suggestions' ? 'clean' : 'other';
}
