import type { GateEvidence } from '@gatewright/verdict';
import * as z from 'zod';
import type { Reader } from './reader.ts';
import { readReport } from './read-report.ts';
import type { ReadRequest } from './read-report.ts';

/** Items of the small formats below, which stand for all that a gate may have. */
export type Names = (name: string) => void;

/** `<names><name is="…">text</name></names>`, nested in any depth. */
export const xmlNames: Reader<Names> = {
  format: 'xml-names',
  title: 'XML names',
  shape: 'xml',
  sniff: (root) => root.name === 'names',
  read: (sink) => {
    let items = 0;
    let text = '';
    return {
      open: ({ name, attributes }) => {
        text = '';
        if (name !== 'name') return;
        items += 1;
        sink(attributes['is'] ?? '');
      },
      text: (more) => {
        text += more;
      },
      close: () => {
        if (text.trim() !== '') sink(text.trim());
        text = '';
      },
      end: () => items,
    };
  },
};

const namesDocument = z.object({ names: z.array(z.string()) });

/** `{ "names": […] }`. */
export const jsonNames: Reader<Names> = {
  format: 'json-names',
  title: 'JSON names',
  shape: 'json',
  sniff: (document) => typeof document === 'object' && document !== null && 'names' in document,
  read: (document, sink, report) => {
    const { data } = namesDocument.safeParse(document);
    if (data === undefined) return report.fail('report-malformed', 'not a list', { key: 'names' });
    for (const name of data.names) sink(name);
    return data.names.length;
  },
};

/** `name: …` on each line. */
export const lineNames: Reader<Names> = {
  format: 'line-names',
  title: 'line names',
  shape: 'lines',
  sniff: (lines) => lines.some((line) => line.startsWith('name: ')),
  read: (sink, report) => {
    let items = 0;
    return {
      line: (line) => {
        if (!line.startsWith('name: ')) report.fail('report-malformed', 'not a name');
        items += 1;
        sink(line.slice('name: '.length));
      },
      end: () => items,
    };
  },
};

const encoder = new TextEncoder();

/** Bytes in pieces of so many. */
export function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

export interface ReadNames {
  readonly names: readonly string[];
  readonly evidence: GateEvidence;
}

/** Reads a report of one of the formats above. */
export async function readNames(
  content: string | Uint8Array,
  more: Partial<Omit<ReadRequest<Names>, 'sink' | 'source'>> & { readonly size?: number } = {},
): Promise<ReadNames> {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const names: string[] = [];
  const { size = 65_536, ...request } = more;
  const evidence = await readReport<Names>({
    readers: [xmlNames, jsonNames, lineNames],
    foreign: [],
    roots: { root: '/work-tree', base: '/work-tree' },
    ...request,
    source: {
      path: 'names.report',
      async *open() {
        await Promise.resolve();
        yield* cut(bytes, size);
      },
    },
    sink: (name) => names.push(name),
  });
  return { names, evidence };
}

/** How reading ends: with its reason code and message, or `read`. */
export async function problemOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return 'read';
  } catch (error) {
    if (!(error instanceof Error && 'reasonCode' in error)) throw error;
    return `${String(error.reasonCode)}: ${error.message}`;
  }
}
