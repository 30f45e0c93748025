import { posix } from 'node:path';
import type { CoverageMetric } from '../policy.ts';
import type { ReportContext, XmlElement, XmlHandler, XmlReader } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import type { FileNames } from './coverage-report.ts';
import { countOf, lineNumber } from './numbers.ts';
import type { Ratio } from './ratio.ts';
import { countLines, createSection, wholeFile } from './section.ts';

/** JaCoCo XML (report.dtd 1.1), as written by JaCoCo, Kover and gcovr. */
export const jacocoReader: XmlReader<CoverageSink> = {
  format: 'jacoco',
  title: 'JaCoCo XML',
  shape: 'xml',
  sniff: ({ name, attributes }) => name === 'report' && attributes['name'] !== undefined,
  read: readJacoco,
};

/** Where build tools keep sources; the report has packages only. */
const sourceFolders = [
  'src/main/java',
  'src/main/kotlin',
  'src/main/scala',
  'src/main/groovy',
  'src/commonMain/kotlin',
  'src',
];

interface SourceFile {
  readonly name: string;
  /** Counters by their type. */
  readonly counters: Map<string, Ratio>;
  /** Lines have counts of instructions; gcovr leaves them out. */
  counted: boolean;
}

function readJacoco(sink: CoverageSink, report: ReportContext): XmlHandler {
  const files = sink.begin(report, 'part');
  const section = createSection();
  const groups: string[] = [];
  let packageName = '';
  let file: SourceFile | undefined;

  const endFile = ({ name, counters, counted }: SourceFile): void => {
    const lineSum = counters.get('LINE');
    const methods = counters.get('METHOD');
    if (!counted && lineSum !== undefined) countWhole('line', lineSum);
    if (methods !== undefined) countWhole('function', methods);
    const lists = section.take();
    const { covered, total } = countLines(lists('lines'));
    if (counted && lineSum && (lineSum.total !== total || lineSum.covered !== covered)) {
      const said = `${lineSum.covered} of ${lineSum.total} lines`;
      report.fail(
        'report-contradictory',
        `${name}: ${said}, but ${covered} of ${total} are listed`,
      );
    }
    files.add(namesOf(report.path, groups, packageName, name), lists);
  };
  const countWhole = (metric: CoverageMetric, { covered, total }: Ratio): void => {
    section.count(metric, wholeFile, covered, total);
  };
  const readLine = (attributes: XmlElement['attributes'], to: SourceFile): void => {
    const line = lineNumber(attributes['nr']);
    const { ci, mi } = attributes;
    const covered = countOf(attributes['cb'] ?? '0');
    const missed = countOf(attributes['mb'] ?? '0');
    const instructions = countOf(ci ?? '0');
    if (
      line === undefined ||
      covered === undefined ||
      missed === undefined ||
      instructions === undefined ||
      countOf(mi ?? '0') === undefined
    ) {
      report.fail('report-malformed', `no line: nr ${attributes['nr']}`);
    }
    if (ci === undefined && mi === undefined) to.counted = false;
    else section.line(line, instructions > 0);
    section.count('branch', line, covered, covered + missed);
  };
  return {
    open: ({ name, attributes }) => {
      if (name === 'line' && file !== undefined) {
        readLine(attributes, file);
      } else if (name === 'counter' && file !== undefined) {
        file.counters.set(attributes['type'] ?? '', counterOf(attributes, report));
      } else if (name === 'sourcefile') {
        file = { name: attributes['name'] ?? '', counters: new Map(), counted: true };
        if (file.name === '') report.fail('report-malformed', 'a source file without a name');
      } else if (name === 'package') {
        packageName = attributes['name'] ?? '';
      } else if (name === 'group') {
        groups.push(attributes['name'] ?? '');
      }
    },
    close: (name) => {
      if (name === 'group') groups.pop();
      if (name !== 'sourcefile' || file === undefined) return;
      endFile(file);
      file = undefined;
    },
    end: () => files.end(),
  };
}

function counterOf(attributes: XmlElement['attributes'], report: ReportContext): Ratio {
  const missed = countOf(attributes['missed']);
  const covered = countOf(attributes['covered']);
  if (missed === undefined || covered === undefined) {
    report.fail('report-malformed', `no counter: ${attributes['type']}`);
  }
  return { covered, total: missed + covered };
}

/** A module is a group of the report, or the directory in whose `target` or `build` the report stands. */
function namesOf(
  reportPath: string,
  groups: readonly string[],
  packageName: string,
  fileName: string,
): FileNames {
  const file = posix.join(packageName, fileName);
  const modules = new Set([groups.join('/'), groups.at(-1) ?? '']);
  const folders = posix.dirname(reportPath.replaceAll('\\', '/')).split('/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    modules.add(folders.slice(0, depth).join('/'));
  }
  const guesses = [...modules].flatMap((module) =>
    [...sourceFolders, ''].map((folder) => posix.join(module, folder, file)),
  );
  return { paths: [posix.join(groups.join('/'), file)], guesses };
}
