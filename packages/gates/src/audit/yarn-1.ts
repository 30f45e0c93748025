import { cleanText } from '../report/clean-text.ts';
import type { LineReader } from '../report/reader.ts';
import { neededObject, neededText, number, object, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditProblem, AuditSink } from './item.ts';
import { lineEntry } from './json-lines.ts';
import { advisoryItems } from './npm-advisory.ts';
import { checkCounts } from './npm-counts.ts';

/** What was read when the summary comes. */
interface Progress {
  readonly labels: string[];
  readonly seen: Set<string>;
  summary: JsonEntry | undefined;
}

/**
 * `yarn audit --json` of Yarn 1: typed lines, an advisory once for each path that leads to it, and a summary at the end.
 * Without the summary the registry gave no answer: Yarn writes the reason to the other stream. Items are the packages of
 * the tree.
 */
export const yarn1: LineReader<AuditSink> = {
  format: 'yarn-1',
  title: 'Yarn 1 audit JSON lines',
  shape: 'lines',
  sniff: (lines) => {
    const typed = lines.filter((line) => line.startsWith('{"type":"'));
    return (
      typed.some((line) => line.startsWith('{"type":"audit')) ||
      (typed.length > 0 && typed.length === lines.length && !typed[0]?.includes('"displayName"'))
    );
  },
  read: (sink, report) => {
    const progress: Progress = { labels: [], seen: new Set(), summary: undefined };
    return {
      line: (line, at) => {
        if (line !== '') readLine(lineEntry(line, report, at), progress, sink);
      },
      end: () => {
        const { labels, summary } = progress;
        if (summary === undefined) {
          return report.fail('tool-failed', 'no summary: the audit did not take place');
        }
        checkCounts(neededObject(summary, 'vulnerabilities'), labels, sink);
        return number(summary, 'totalDependencies') ?? progress.seen.size;
      },
    };
  },
};

function readLine(entry: JsonEntry, progress: Progress, sink: AuditSink): void {
  const type = neededText(entry, 'type');
  const report = entry.place.report;
  switch (type) {
    case 'auditAdvisory': {
      readAdvisory(neededObject(entry, 'data'), progress, sink);
      return;
    }
    case 'auditSummary': {
      if (progress.summary !== undefined) {
        report.fail('report-malformed', 'a second summary: two reports in one file');
      }
      progress.summary = neededObject(entry, 'data');
      return;
    }
    case 'error': {
      const said = cleanText(text(entry, 'data') ?? '', 200);
      return report.fail('tool-failed', `Yarn stopped: ${said}`);
    }
    case 'warning': {
      sink({ kind: 'note', message: `Yarn warns: ${cleanText(text(entry, 'data') ?? '', 200)}` });
      return;
    }
    case 'info':
    case 'auditAction': {
      return;
    }
    default: {
      return report.fail('report-malformed', `a line of type ${cleanText(type, 50)}`);
    }
  }
}

function readAdvisory(data: JsonEntry, { labels, seen }: Progress, sink: AuditSink): void {
  const advisory = neededObject(data, 'advisory');
  labels.push(text(advisory, 'severity') ?? '');
  for (const item of advisoryItems(advisory)) {
    const { version, scope } = item.package ?? {};
    const known = withResolution(item, object(data, 'resolution'));
    const key = JSON.stringify([item.id, item.package?.name, version, scope, known.package?.scope]);
    if (!seen.has(key)) sink(known);
    seen.add(key);
  }
}

/** Whether a path is one of development is said beside the advisory, where it is not said within. */
function withResolution(item: AuditProblem, resolution: JsonEntry | undefined): AuditProblem {
  const development = resolution?.fields.dev;
  if (item.package?.scope !== 'unknown' || typeof development !== 'boolean') return item;
  return {
    ...item,
    package: { ...item.package, scope: development ? 'development' : 'runtime' },
  };
}
