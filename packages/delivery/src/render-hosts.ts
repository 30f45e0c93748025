import type { HostAccount } from './account.ts';
import { releaseName } from './model.ts';

const longestNote = 160;

/**
 * A GitHub Markdown table of hosts, one row each. Texts of hosts are made harmless: they come from remote machines.
 *
 * @param waveOf Adds a column with the number of the wave of a host; undefined where it is in none.
 */
export function renderHosts(
  hosts: readonly HostAccount[],
  waveOf?: (id: string) => number | undefined,
): string {
  const head = ['Host', ...(waveOf ? ['Wave'] : []), 'Outcome', 'Serves', 'Seconds', 'Note'];
  const rows = hosts.map((host) => [
    `${host.id}${host.name === '' ? '' : ` (${host.name})`}`,
    ...(waveOf ? [String(waveOf(host.id) ?? '')] : []),
    host.outcome,
    host.outcome === 'unknown' ? 'unknown' : releaseName(host.release),
    host.outcome === 'untouched' ? '' : String(host.seconds),
    [host.reasonCode ?? '', host.detail].filter((part) => part !== '').join(': '),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => row(cells)).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => markdownText(cell)).join(' | ')} |`;
}

/** Text that stays text in GitHub Markdown, on one line and cut. */
export function markdownText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const cut = line.length > longestNote ? `${line.slice(0, longestNote - 1)}…` : line;
  return cut
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]#|~]/g, String.raw`\$&`);
}
