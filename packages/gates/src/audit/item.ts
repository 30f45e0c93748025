import type { FindingPackage } from '@gatewright/verdict';

/** Major version of the CVSS standard; a newer one is preferred. */
export type CvssMajor = '4' | '3' | '2';

/** A base score that a report gives without its vector. */
export interface ReportedScore {
  readonly value: number;
  /** Absent when the report does not say by which version it was made. */
  readonly version?: CvssMajor;
}

/** All that a report says of how severe something is, before anything is made of it. */
export interface SeverityEvidence {
  /** The tool's own word, such as `HIGH`. */
  readonly label?: string;
  /** The word of the GitHub advisory database. */
  readonly ghsa?: string;
  /** CVSS vectors of any version, as they stand in the report. */
  readonly vectors: readonly string[];
  readonly scores: readonly ReportedScore[];
}

/** Of what a report does not rate. */
export const unrated: SeverityEvidence = { vectors: [], scores: [] };

/** A vulnerability, secret, misconfiguration or licence that a report names. */
export interface AuditProblem {
  readonly kind: 'vulnerability' | 'secret' | 'misconfiguration' | 'licence';
  /** Advisory, rule or licence by its own name. */
  readonly id: string;
  /** Other names of the same advisory; see `aliasesOf`. */
  readonly aliases: readonly string[];
  readonly package?: FindingPackage;
  readonly severity: SeverityEvidence;
  /** The report says that it is being exploited. */
  readonly knownExploited?: boolean;
  /** One line, cleaned. Never a secret. */
  readonly message: string;
  /** In the tree of the repository. */
  readonly path?: string;
  readonly line?: number;
  /** SHA-256 (hex) of what tells this secret from others; the secret itself never leaves its reader. */
  readonly mark?: string;
}

/** What a report says besides: a part that was not looked at, which is an error, or a fact to show. */
export interface AuditRemark {
  readonly kind: 'not-analysed' | 'note';
  readonly message: string;
}

/** What an audit reader gives out. */
export type AuditItem = AuditProblem | AuditRemark;

/** Takes the items of one report. */
export type AuditSink = (item: AuditItem) => void;

/** An item with the path of the report that has it. */
export type SeenAuditItem = AuditItem & { readonly seenIn: string };

/** A problem with the path of the report that has it. */
export type SeenAuditProblem = AuditProblem & { readonly seenIn: string };

/** Whether an item is a problem rather than a remark. */
export function isProblem<T extends AuditItem>(item: T): item is T & AuditProblem {
  return item.kind !== 'note' && item.kind !== 'not-analysed';
}
