import { ConfigurationError } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';

/** Where in a report a problem is; what is not known is absent. Lines and columns count from 1, bytes from 0. */
export interface ReportPlace {
  readonly line?: number;
  readonly column?: number;
  readonly byte?: number;
  /** Dotted path of a JSON value, such as `runs[0].results`. */
  readonly key?: string;
}

/** Reason codes of a report that is no evidence. */
export type ReportReason = Extract<
  ReasonCode,
  | 'not-analysed'
  | 'report-contradictory'
  | 'report-empty'
  | 'report-encoding'
  | 'report-malformed'
  | 'report-missing'
  | 'report-stale'
  | 'report-too-large'
  | 'report-unrecognised'
  | 'tool-failed'
>;

/** A report cannot be used as evidence. The message begins with the place: `path:line:column: …`. */
export class ReportError extends ConfigurationError {
  constructor(reasonCode: ReportReason, path: string, problem: string, place: ReportPlace = {}) {
    super(reasonCode, `${describePlace(path, place)}: ${problem}`);
  }
}

function describePlace(path: string, { line, column, byte, key }: ReportPlace): string {
  if (line !== undefined)
    return column === undefined ? `${path}:${line}` : `${path}:${line}:${column}`;
  if (byte !== undefined) return `${path}: byte ${byte}`;
  return key === undefined || key === '' ? path : `${path}: ${key}`;
}
