import type { ReportContext, XmlElement } from '../report/reader.ts';
import type { CoverageReportSink } from './coverage-report.ts';
import { countOf, lineNumber, wasHit } from './numbers.ts';
import type { Ratio } from './ratio.ts';
import { createSection } from './section.ts';
import type { FileLists } from './section.ts';

/** What stands in one `<class>`; for one after the other. */
export interface CoberturaClass {
  line(attributes: XmlElement['attributes']): void;
  beginMethod(): void;
  endMethod(): void;
  /** @returns what was read, and from how many lines */
  end(): { readonly lists: FileLists; readonly lines: number };
}

/**
 * The lines of a class stand once in it, and once more in its methods, where other lines may be among them (Istanbul
 * writes where the function begins). They count only if the class itself has none.
 */
export function createCoberturaClass(
  report: ReportContext,
  files: CoverageReportSink,
): CoberturaClass {
  const own = createSection();
  const inMethods = createSection();
  let ownLines = 0;
  let methodLines = 0;
  let method: { line?: number; covered: boolean } | undefined;
  return {
    beginMethod: () => {
      method = { covered: false };
    },
    endMethod: () => {
      if (method?.line !== undefined) {
        own.count('function', method.line, method.covered ? 1 : 0, 1);
      }
      method = undefined;
    },
    line: (attributes) => {
      const line = lineNumber(attributes['number']);
      const hit = wasHit(attributes['hits']);
      if (line === undefined || hit === undefined) {
        const { number, hits } = attributes;
        report.fail('report-malformed', `no line: number ${number}, hits ${hits}`);
      }
      if (method === undefined) {
        ownLines += 1;
      } else {
        methodLines += 1;
        method.line ??= line;
        method.covered ||= hit;
      }
      const section = method === undefined ? own : inMethods;
      section.line(line, hit);
      if (attributes['branch'] !== 'true') return;
      const text = attributes['condition-coverage'];
      if (text === undefined) {
        files.lacks('branch', `a branch of line ${line} has no condition-coverage`);
      } else {
        const { covered, total } = conditionOf(text, report);
        section.count('branch', line, covered, total);
      }
    },
    end: () => {
      const lines = ownLines + methodLines;
      const outer = own.take();
      const inner = inMethods.take();
      const listed = ownLines > 0 ? outer : inner;
      ownLines = 0;
      methodLines = 0;
      return {
        lists: (column) => (column === 'function' ? outer(column) : listed(column)),
        lines,
      };
    },
  };
}

/** `50% (1/2)`; the percentage is rounded and not used. */
function conditionOf(text: string, report: ReportContext): Ratio {
  const open = text.indexOf('(');
  const slash = text.indexOf('/', open);
  const covered = countOf(text.slice(open + 1, slash));
  const total = countOf(text.slice(slash + 1, text.indexOf(')', slash)));
  if (open < 0 || covered === undefined || total === undefined) {
    return report.fail('report-malformed', `no condition-coverage: ${text.slice(0, 80)}`);
  }
  if (covered > total) {
    report.fail('report-contradictory', `more conditions covered than there are: ${text}`);
  }
  return { covered, total };
}
