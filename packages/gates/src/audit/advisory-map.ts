import { cleanText } from '../report/clean-text.ts';
import { isRecord, members, neededObject, number, object, refuse, text } from './entry.ts';
import type { JsonEntry } from './entry.ts';
import type { AuditSink } from './item.ts';
import { advisoryItems } from './npm-advisory.ts';
import { checkCounts } from './npm-counts.ts';

/** Whether a document is of the kind that npm 6 began and pnpm and Yarn 2 and 3 still write. */
export function isAdvisoryMap(document: unknown): boolean {
  return isRecord(document) && isRecord(document.advisories) && isRecord(document.metadata);
}

/**
 * Reads advisories by their number, with the counts beside them.
 * @returns the packages of the tree
 */
export function readAdvisoryMap(root: JsonEntry, sink: AuditSink): number {
  const error = object(root, 'error');
  if (error !== undefined) {
    const said = text(error, 'message') || text(error, 'summary') || 'no reason given';
    refuse(error, 'tool-failed', `the audit did not take place: ${cleanText(said, 200)}`);
  }
  const advisories = members(neededObject(root, 'advisories')).map(([, advisory]) => advisory);
  for (const item of advisories.flatMap(advisoryItems)) sink(item);
  const metadata = neededObject(root, 'metadata');
  checkCounts(
    neededObject(metadata, 'vulnerabilities'),
    advisories.map((advisory) => text(advisory, 'severity') ?? ''),
    sink,
  );
  return number(metadata, 'totalDependencies') ?? advisories.length;
}
