import type { ReportContext, XmlHandler, XmlReader } from '../report/reader.ts';
import type { CoverageSink } from './coverage.ts';
import type { FileNames } from './coverage-report.ts';
import { createCoberturaClass } from './cobertura-class.ts';
import { countOf } from './numbers.ts';

/** Cobertura XML (coverage-04.dtd), as written by coverage.py, Istanbul, gcovr, coverlet and others. */
export const coberturaReader: XmlReader<CoverageSink> = {
  format: 'cobertura',
  title: 'Cobertura XML',
  shape: 'xml',
  sniff: ({ name, attributes }) =>
    name === 'coverage' &&
    ['line-rate', 'branch-rate', 'lines-valid'].some((key) => attributes[key] !== undefined),
  read: readCobertura,
};

function readCobertura(sink: CoverageSink, report: ReportContext): XmlHandler {
  const files = sink.begin(report, 'part');
  const current = createCoberturaClass(report, files);
  const sources: string[] = [];
  let source: string | undefined;
  let fileName: string | undefined;
  let claimed = 0;
  let listed = 0;
  return {
    open: ({ name, attributes }) => {
      switch (name) {
        case 'line':
          if (fileName !== undefined) current.line(attributes);
          break;
        case 'class':
          fileName = attributes['filename'];
          if (fileName === undefined || fileName === '') {
            report.fail('report-malformed', 'a class without filename');
          }
          break;
        case 'method':
          current.beginMethod();
          break;
        case 'source':
          source = '';
          break;
        case 'coverage':
          claimed = countOf(attributes['lines-valid']) ?? 0;
          break;
        default:
      }
    },
    text: (text) => {
      if (source !== undefined) source += text;
    },
    close: (name) => {
      if (name === 'class' && fileName !== undefined) {
        const { lists, lines } = current.end();
        listed += lines;
        files.add(namesOf(fileName, sources), lists);
        fileName = undefined;
      } else if (name === 'method') {
        current.endMethod();
      } else if (name === 'source') {
        if (source !== undefined && source.trim() !== '') sources.push(source.trim());
        source = undefined;
      }
    },
    end: () => {
      if (claimed > 0 && listed === 0) {
        report.fail('report-contradictory', `lines-valid is ${claimed}, but no line is listed`);
      }
      return files.end();
    },
  };
}

/** File names are relative to one of the sources; which one is not said. */
function namesOf(fileName: string, sources: readonly string[]): FileNames {
  if (/^(?:[A-Za-z]:)?[\\/]|^file:/.test(fileName)) return { paths: [fileName] };
  if (sources.length === 0) return { paths: [fileName] };
  return { paths: sources.map((source) => joined(source, fileName)), guesses: [fileName] };
}

function joined(source: string, fileName: string): string {
  return /[\\/]$/.test(source) ? source + fileName : `${source}/${fileName}`;
}
