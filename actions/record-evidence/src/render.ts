import { codeSpan } from '@gatewright/contract';
import type { Evidence } from './evidence.ts';

/** The evidence as one table for the job summary; the runtime puts the verdict before it. */
export function renderEvidence(evidence: Evidence): string {
  const rows = [
    ...Object.entries(evidence.jobs).map(([name, result]) => ['job', name, result, '']),
    ...evidence.steps.map(({ action, verdict, reasonCode, sha256 }) => [
      'step',
      action,
      `${verdict} (${reasonCode})`,
      sha256.slice(0, 16),
    ]),
    ...evidence.unusableFiles.map(({ file, problem }) => ['file', file, problem, '']),
    ...evidence.hosts.map(({ id, name, outcome, release }) => [
      'host',
      name === '' ? id : `${id} (${name})`,
      `${outcome}, serves ${release?.version ?? 'nothing'}`,
      release?.digest.slice(0, 16) ?? '',
    ]),
  ];
  const title = `### Evidence: ${codeSpan(evidence.release)} to ${codeSpan(evidence.environment)}`;
  const unknowns = evidence.unknowns.map((text) => `- ${text}`);
  return [
    title,
    '',
    '| what | name | said | SHA-256 |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map((cell) => codeSpan(cell)).join(' | ')} |`),
    '',
    ...(evidence.rolledBack
      ? ['The touched hosts were taken back, and that was verified.', '']
      : []),
    ...(unknowns.length > 0 ? ['**Not known:**', '', ...unknowns, ''] : []),
  ].join('\n');
}
