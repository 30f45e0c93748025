import { ConfigurationError } from '@gatewright/verdict';

import type { Host, Strategy, Wave } from './model.ts';
import { compareText } from './roster.ts';

/**
 * Divides the hosts into waves: ordered by host id, so that the same fleet always gives the same plan.
 *
 * @throws ConfigurationError `policy-invalid` when the wave size is neither a count of at least 1 nor `1%` to `100%`.
 */
export function planWaves(hosts: readonly Host[], strategy: Strategy): Wave[] {
  const ordered = hosts.toSorted((left, right) => compareText(left.id, right.id));
  return divide(ordered, waveSize(hosts.length, strategy));
}

/** The same waves from the last host to the first: what was changed last goes back first. */
export function planReverseWaves(hosts: readonly Host[], strategy: Strategy): Wave[] {
  const ordered = hosts.toSorted((left, right) => compareText(right.id, left.id));
  return divide(ordered, waveSize(hosts.length, strategy));
}

function divide(ordered: readonly Host[], size: number): Wave[] {
  const count = Math.ceil(ordered.length / size);
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    hosts: ordered.slice(index * size, (index + 1) * size),
  }));
}

/** The one place where a percentage becomes a number: rounded down, at least one host. */
function waveSize(hosts: number, strategy: Strategy): number {
  if (strategy.kind === 'all-at-once') return Math.max(1, hosts);
  const percent = percentOf(strategy.waveSize);
  const size =
    percent === undefined ? Number(strategy.waveSize) : Math.floor((hosts * percent) / 100);
  if (!Number.isInteger(size) || (percent === undefined && size < 1) || outside(percent)) {
    throw new ConfigurationError(
      'policy-invalid',
      `strategy.wave-size is ${JSON.stringify(strategy.waveSize)}; accepted: a count of at least 1, or "1%" to "100%"`,
    );
  }
  return Math.max(1, size);
}

function percentOf(size: number | string): number | undefined {
  const match = /^(\d{1,3})%$/.exec(String(size));
  return match === null ? undefined : Number(match[1]);
}

function outside(percent: number | undefined): boolean {
  return percent !== undefined && (percent < 1 || percent > 100);
}
