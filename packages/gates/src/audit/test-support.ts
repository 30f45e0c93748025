import type { Finding, GateEvidence } from '@gatewright/verdict';
import type { ApplyWaivers } from '../judgement.ts';
import type { AuditPolicy } from '../policy.ts';
import { ReportError } from '../report/report-error.ts';
import { readReport } from '../report/read-report.ts';
import { isProblem } from './item.ts';
import type { AuditItem, AuditProblem, SeenAuditItem, SeenAuditProblem } from './item.ts';
import { auditReaders } from './readers.ts';

/** What reading a report came to. */
export interface Read {
  readonly items: readonly AuditItem[];
  readonly evidence?: GateEvidence;
  readonly error?: ReportError;
}

/** Reads a text, or a document as JSON, as the gate does. */
export async function read(content: unknown, declared?: string): Promise<Read> {
  const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
  const items: AuditItem[] = [];
  try {
    const evidence = await readReport({
      source: { path: 'report.json', open: () => piecesOf(text) },
      readers: auditReaders,
      foreign: [],
      sink: (item) => items.push(item),
      roots: { root: '/tree', base: '/tree' },
      ...(declared === undefined ? {} : { declared }),
    });
    return { items, evidence };
  } catch (error) {
    if (error instanceof ReportError) return { items, error };
    throw error;
  }
}

/** Lines as newline-delimited JSON. */
export function jsonLines(...values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** The problems among items. */
export function problemsOf({ items }: Read): AuditProblem[] {
  return items.filter((item) => isProblem(item));
}

/** The messages of remarks of a kind. */
export function remarksOf({ items }: Read, kind: 'note' | 'not-analysed'): string[] {
  return items.flatMap((item) => (item.kind === kind ? [item.message] : []));
}

/** Items as the judge gets them. */
export function seen(items: readonly AuditItem[], seenIn = 'report.json'): SeenAuditItem[] {
  return items.map((item) => ({ ...item, seenIn }));
}

/** A vulnerability of a package with defaults. */
export function vulnerability(
  over: Partial<AuditProblem> & { readonly seenIn?: string } = {},
): SeenAuditProblem {
  return {
    kind: 'vulnerability',
    id: 'CVE-2026-1111',
    aliases: [],
    package: {
      name: 'left-pad',
      version: '1.0.0',
      purl: 'pkg:npm/left-pad@1.0.0',
      fixedIn: ['1.0.1'],
      scope: 'runtime',
    },
    severity: { label: 'high', vectors: [], scores: [] },
    message: 'pads on the wrong side',
    seenIn: 'a.json',
    ...over,
  };
}

export const policy: AuditPolicy = {
  failOnSeverity: 'high',
  unknownSeverity: 'fail',
  newOnly: false,
  fixableOnly: false,
  developmentFailOn: 'high',
  minimumReports: 1,
};

/** No waiver holds. */
export const nothingWaived: ApplyWaivers = (findings) => ({ open: findings, waived: [] });

/** Waives findings by id or alias, as a waiver without a scope does. */
export function waiving(...ids: readonly string[]): ApplyWaivers {
  return (findings) => ({
    open: findings.filter((finding) => named(finding, ids) === undefined),
    waived: findings.flatMap((finding) => {
      const id = named(finding, ids);
      if (id === undefined) return [];
      return [{ finding, waiver: { id, reason: 'tested', owner: 'team', expires: '2026-12-31' } }];
    }),
  });
}

function named({ id, aliases }: Finding, ids: readonly string[]): string | undefined {
  return [id, ...aliases].find((name) => ids.includes(name));
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
