import type { GateAccount } from './account.ts';
import { thousands } from './figures.ts';
import { bullets, code, folded, table, words } from './markdown.ts';
import { describeWaiver, scopeOf, waiverRows } from './waiver-rows.ts';

/** More rows than this are folded: people want to see the end of the page. */
const mostOpen = 12;

/** The waivers that hold, and those that do not or are about to stop. */
export function waiversSection(account: GateAccount, most: number): string {
  const rows = waiverRows(account).map((row) => [
    words(describeWaiver(row)),
    code(row.waiver.id),
    words(scopeOf(row.waiver)),
    words(row.waiver.owner),
    words(row.waiver.expires),
    words(row.waiver.ticket ?? ''),
    words(row.waiver.reason),
  ]);
  const head = ['', 'waiver', 'scope', 'owner', 'last day', 'ticket', 'reason'];
  return listSection({ title: 'Waivers', head, rows }, most);
}

/** Facts that are no breach. */
export function notesSection({ notes }: GateAccount, most: number): string {
  const shown = notes.slice(0, most).map((note) => words(note, 500));
  const hidden = notes.length - shown.length;
  const entries = [...shown, ...(hidden > 0 ? [`and ${thousands(hidden)} more`] : [])];
  return entries.length === 0 ? '' : `### Notes\n\n${bullets(entries)}`;
}

/** Each report that was read, with what identifies its bytes. */
export function evidenceSection({ result }: GateAccount, most: number): string {
  const rows = result.evidence.map((one) => [
    code(one.path),
    words(one.format),
    thousands(one.items),
    thousands(one.bytes),
    `\`${one.sha256.slice(0, 12)}\``,
  ]);
  const head = ['report', 'format', 'items', 'bytes', 'SHA-256'];
  return listSection({ title: 'What was read', head, rows }, most);
}

interface List {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function listSection({ title, head, rows }: List, most: number): string {
  if (rows.length === 0) return '';
  const shown = rows.slice(0, most);
  const hidden = rows.length - shown.length;
  const body = [
    ...(shown.length === 0 ? [] : [table(head, shown)]),
    ...(hidden === 0 ? [] : [`and ${thousands(hidden)} more in the result file`]),
  ].join('\n\n');
  return shown.length > mostOpen
    ? folded(`${title}: ${thousands(rows.length)}`, body)
    : `### ${title}\n\n${body}`;
}

/** Which policy was applied, and to what. */
export function policyLine({ result }: GateAccount): string {
  const { source, digest } = result.policy;
  const commit = result.commit === undefined ? '' : ` Commit: ${code(result.commit)}.`;
  return `Policy: ${code(source)}, with waivers \`${digest.slice(0, 12)}\`.${commit}`;
}
