import type { ReportPlace, ReportReason } from './report-error.ts';
import type { TreeRoots } from './tree-path.ts';

/** What a reader may know about the report it reads, and how it refuses it. */
export interface ReportContext {
  /** Path of the report as users know it. */
  readonly path: string;
  readonly roots: TreeRoots;
  /** Refuses the report as evidence. The place of streamed formats is filled in when none is given. */
  fail(reasonCode: ReportReason, problem: string, place?: ReportPlace): never;
}

/** The first open tag of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Follows an XML document in its order. Nesting is checked by the parser: each `close` belongs to the last open tag. */
export interface XmlHandler {
  open(element: XmlElement): void;
  /** Text and CDATA inside an element, possibly in pieces. */
  text?(text: string): void;
  /** node:test writes its totals into comments. */
  comment?(text: string): void;
  close(name: string): void;
  /** After the last tag. @returns how many items the report holds */
  end(): number;
}

/** Follows a text line by line. */
export interface LineHandler {
  /** @param line - without its line end. @param number - counts from 1 */
  line(line: string, number: number): void;
  /** After the last line, which was complete. @returns how many items the report holds */
  end(): number;
}

interface ReaderNames {
  /** Identifier, as in `evidence[].format`. */
  readonly format: string;
  /** As users call it, with the tool: `ESLint JSON`. */
  readonly title: string;
}

/** Reads a JSON document that was parsed whole. */
export interface JsonReader<Sink> extends ReaderNames {
  readonly shape: 'json';
  /** Cheap, by the keys of the top level; never throws. */
  sniff(document: unknown): boolean;
  /** @returns how many items the report holds */
  read(document: unknown, sink: Sink, report: ReportContext): number;
}

/** Reads XML as a stream. */
export interface XmlReader<Sink> extends ReaderNames {
  readonly shape: 'xml';
  /** By the root element. */
  sniff(root: XmlElement): boolean;
  /** @param sink - takes each item as soon as it is read */
  read(sink: Sink, report: ReportContext): XmlHandler;
}

/** Reads lines as a stream: line formats and newline-delimited JSON. */
export interface LineReader<Sink> extends ReaderNames {
  readonly shape: 'lines';
  /** By the first lines: at most 50, none empty at the end. */
  sniff(lines: readonly string[]): boolean;
  read(sink: Sink, report: ReportContext): LineHandler;
}

/**
 * Knows one report format: how to recognise it by its content, and how to turn it into items. A reader is strict: what it
 * does not understand it refuses with {@link ReportContext.fail}, and an item that it gave out before does not count.
 */
export type Reader<Sink> = JsonReader<Sink> | XmlReader<Sink> | LineReader<Sink>;
