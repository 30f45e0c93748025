import type { GateEvidence } from '@gatewright/verdict';
import { feedLines } from './read-lines.ts';
import { maxJsonUnits, parseJson } from './read-json.ts';
import { feedXml } from './read-xml.ts';
import type { Feed, Refuse } from './read-xml.ts';
import type { JsonReader, LineReader, Reader, ReportContext, XmlReader } from './reader.ts';
import { ReportError } from './report-error.ts';
import { openText } from './source.ts';
import type { ReportSource } from './source.ts';
import type { TreeRoots } from './tree-path.ts';

/** One report, and what is to become of it. */
export interface ReadRequest<Sink> {
  readonly source: ReportSource;
  /** Formats of the gate, in the order in which they are tried. */
  readonly readers: readonly Reader<Sink>[];
  /** Formats of other gates, so that a mix-up can be called by its name. */
  readonly foreign: readonly Reader<never>[];
  /** Takes the items. When reading fails, it may hold some already: throw it away. */
  readonly sink: Sink;
  readonly roots: TreeRoots;
  /** The format that the user says it is. */
  readonly declared?: string;
}

/** The head of a report, by which line formats are recognised. UTF-16 units. */
const headUnits = 64 * 1024;
const headLines = 50;

/**
 * Recognises a report by its content, and reads it strictly to its end.
 * @throws {@link ReportError} when it cannot be evidence, with the place.
 */
export async function readReport<Sink>(request: ReadRequest<Sink>): Promise<GateEvidence> {
  const { source } = request;
  const text = openText(source);
  const iterator = text.pieces[Symbol.asyncIterator]();
  const { head, ended } = await readHead(iterator);
  const { feed, format } = begin(request, head, ended);
  feed.write(head);
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    feed.write(next.value);
  }
  const items = feed.end();
  return { path: source.path, format: format(), items, ...text.sum() };
}

interface Begun {
  readonly feed: Feed;
  /** Known for certain when everything was read. */
  readonly format: () => string;
}

async function readHead(pieces: AsyncIterator<string>): Promise<{ head: string; ended: boolean }> {
  let head = '';
  while (head.length < headUnits) {
    const next = await pieces.next();
    if (next.done === true) return { head, ended: true };
    head += next.value;
  }
  return { head, ended: false };
}

function begin<Sink>(request: ReadRequest<Sink>, head: string, ended: boolean): Begun {
  const first = head.trimStart()[0];
  if (first === '<') return beginXml(request);
  const lines = head.split('\n', headLines + 1);
  // The last piece of the head is a whole line only if the report ends there.
  if (!ended && lines.length > 1) lines.pop();
  const sample = lines.slice(0, headLines).map((line) => line.replace(/\r$/, ''));
  while (sample.at(-1) === '') sample.pop();
  const sniff = <S>(reader: Reader<S>): reader is LineReader<S> =>
    reader.shape === 'lines' && reader.sniff(sample);
  const reader = pick(request.readers.filter(sniff), request.declared);
  if (reader !== undefined) {
    checkDeclared(request, reader);
    const context = (refuse: Refuse): ReportContext => contextOf(request, refuse);
    const { path } = request.source;
    return {
      feed: feedLines(path, (refuse) => reader.read(request.sink, context(refuse))),
      format: () => reader.format,
    };
  }
  if (first === '{' || first === '[') return beginJson(request);
  throw unrecognised(request, request.foreign.find(sniff)?.title);
}

function beginXml<Sink>(request: ReadRequest<Sink>): Begun {
  let chosen: XmlReader<Sink> | undefined;
  const feed = feedXml(request.source.path, (root, refuse) => {
    const sniff = <S>(reader: Reader<S>): reader is XmlReader<S> =>
      reader.shape === 'xml' && reader.sniff(root);
    chosen = pick(request.readers.filter(sniff), request.declared);
    if (chosen === undefined) {
      throw unrecognised(request, request.foreign.find(sniff)?.title ?? `XML <${root.name}>`);
    }
    checkDeclared(request, chosen);
    return chosen.read(request.sink, contextOf(request, refuse));
  });
  return { feed, format: () => chosen?.format ?? '' };
}

function beginJson<Sink>(request: ReadRequest<Sink>): Begun {
  const { path } = request.source;
  const pieces: string[] = [];
  let units = 0;
  let chosen: JsonReader<Sink> | undefined;
  const feed: Feed = {
    write: (piece) => {
      units += piece.length;
      if (units > maxJsonUnits) {
        throw new ReportError('report-too-large', path, `JSON above ${maxJsonUnits} characters`);
      }
      pieces.push(piece);
    },
    end: () => {
      // The pieces are let go before the parser needs as much room again.
      const document = parseJson(path, pieces.splice(0).join(''));
      if (request.declared === undefined) refuseEmpty(path, document);
      const sniff = <S>(reader: Reader<S>): reader is JsonReader<S> =>
        reader.shape === 'json' && reader.sniff(document);
      chosen = pick(request.readers.filter(sniff), request.declared);
      if (chosen === undefined) {
        throw unrecognised(request, request.foreign.find(sniff)?.title ?? 'JSON of another tool');
      }
      checkDeclared(request, chosen);
      const refuse: Refuse = (reasonCode, problem, place) => {
        throw new ReportError(reasonCode, path, problem, place);
      };
      return chosen.read(document, request.sink, contextOf(request, refuse));
    },
  };
  return { feed, format: () => chosen?.format ?? '' };
}

/** Many tools write this when they find nothing, and others when they were not given anything to look at. */
function refuseEmpty(path: string, document: unknown): void {
  const isEmpty =
    typeof document === 'object' && document !== null && Object.keys(document).length === 0;
  if (!isEmpty) return;
  throw new ReportError(
    'report-unrecognised',
    path,
    'an empty JSON value does not say which tool wrote it; declare the format, or let the tool write one that names it, such as SARIF',
  );
}

/** Content can fit several formats, such as an empty list; then the declared one is meant, else the first. */
function pick<R extends Reader<never>>(
  candidates: readonly R[],
  declared: string | undefined,
): R | undefined {
  return candidates.find(({ format }) => format === declared) ?? candidates[0];
}

function contextOf<Sink>({ source, roots }: ReadRequest<Sink>, fail: Refuse): ReportContext {
  return { path: source.path, roots, fail };
}

function checkDeclared<Sink>(request: ReadRequest<Sink>, reader: Reader<Sink>): void {
  const { declared, source } = request;
  if (declared === undefined || declared === reader.format) return;
  throw new ReportError(
    'report-unrecognised',
    source.path,
    `declared as ${declared}, but it looks like ${reader.title} (${reader.format})`,
  );
}

function unrecognised<Sink>(request: ReadRequest<Sink>, like: string | undefined): ReportError {
  const looks = like === undefined ? 'no known format' : `it looks like ${like}`;
  const accepted = request.readers.map(({ title }) => title).join(', ');
  return new ReportError(
    'report-unrecognised',
    request.source.path,
    `not a report of this gate: ${looks}; accepted: ${accepted}`,
  );
}
