import sax from 'sax';
import type { XmlElement, XmlHandler } from './reader.ts';
import { ReportError } from './report-error.ts';
import type { ReportPlace, ReportReason } from './report-error.ts';

/** Deeper than any tool nests; the limit keeps a hostile report from filling the memory with open tags. */
export const maxXmlDepth = 256;
/** Failure messages in attributes can be long; sax by itself gives up at 64 KiB. */
const maxTextUnits = 64 * 1024 * 1024;

/** Takes a document piece by piece; `end` gives the number of items. */
export interface Feed {
  write(text: string): void;
  end(): number;
}

/** Refuses the report at the place where the parser is, unless another is given. */
export type Refuse = (reasonCode: ReportReason, problem: string, place?: ReportPlace) => never;

/**
 * Parses strictly: one root, everything closed, no entities but the five of XML and character references. External
 * subsets are named by many tools and never fetched; an internal subset, which could define entities, is refused.
 *
 * @param choose - picks the handler by the root element
 */
export function feedXml(
  path: string,
  choose: (root: XmlElement, refuse: Refuse) => XmlHandler,
): Feed {
  // The type package does not know the limit.
  Object.assign(sax, { MAX_BUFFER_LENGTH: maxTextUnits });
  const parser = sax.parser(true);
  const refuse: Refuse = (reasonCode, problem, place) => {
    const here = { line: parser.line + 1, column: parser.column + 1 };
    throw new ReportError(reasonCode, path, problem, place ?? here);
  };
  const malformed = (problem: string): ReportError =>
    new ReportError('report-malformed', path, problem, { line: parser.line + 1 });
  let handler: XmlHandler | undefined;
  let depth = 0;
  // One by one: given all at once, V8 makes a dictionary of the parser, and parsing takes three
  // times as long. The parser of sax has no addEventListener.
  /* oxlint-disable unicorn/prefer-add-event-listener */
  parser.onerror = (error: Error) => refuse('report-malformed', xmlProblem(error));
  parser.onprocessinginstruction = ({ name, body }: { name: string; body: string }) => {
    const encoding = name === 'xml' ? /encoding\s*=\s*["']([^"']*)/.exec(body)?.[1] : undefined;
    if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
      refuse('report-encoding', `declares the encoding ${encoding}, but only UTF-8 is read`);
    }
  };
  parser.ondoctype = (doctype: string) => {
    if (doctype.includes('[')) refuse('report-malformed', 'a document type that defines entities');
  };
  parser.onopentag = (tag: sax.Tag | sax.QualifiedTag) => {
    // sax would read on: two reports in one file, of which only the first is the document.
    if (depth === 0 && handler !== undefined) refuse('report-malformed', 'a second root element');
    depth += 1;
    if (depth > maxXmlDepth) refuse('report-too-large', `nested deeper than ${maxXmlDepth}`);
    // Name spaces are off, so a tag has plain attributes; the check is for the compiler.
    if ('ns' in tag) return;
    handler ??= choose(tag, refuse);
    handler.open(tag);
  };
  parser.onclosetag = (name: string) => {
    depth -= 1;
    handler?.close(name);
  };
  parser.ontext = (text: string) => handler?.text?.(text);
  /* oxlint-enable unicorn/prefer-add-event-listener */
  parser.oncdata = (text: string) => {
    if (depth === 0) refuse('report-malformed', 'text outside of the root element');
    handler?.text?.(text);
  };
  parser.oncomment = (text: string) => handler?.comment?.(text);
  return {
    write: (text) => {
      try {
        parser.write(text);
      } catch (error) {
        // sax asks the attributes themselves whether it has seen a name before.
        const isName = error instanceof TypeError && error.message.includes('hasOwnProperty');
        throw isName ? malformed('an attribute called hasOwnProperty') : error;
      }
    },
    end: () => {
      if (depth > 0) refuse('report-malformed', `cut off: ${depth} elements are not closed`);
      parser.close();
      return handler?.end() ?? refuse('report-malformed', 'no element');
    },
  };
}

/** sax puts line, column and character on lines of their own. */
function xmlProblem(error: Error): string {
  return `not well-formed XML: ${error.message.split('\n')[0] ?? ''}`;
}
