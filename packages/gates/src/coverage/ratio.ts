/** Covered things of all things. Whole numbers, so that nothing is rounded where something is decided. */
export interface Ratio {
  readonly covered: number;
  readonly total: number;
}

/** Percent as a text with two decimals, rounded down: 61.54 % is never shown as 62. For display only. */
export function percentText({ covered, total }: Ratio): string {
  const hundredths = (BigInt(covered) * 10_000n) / BigInt(total);
  const text = hundredths.toString().padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

/** How many more must be covered to reach a minimum in percent; 0 when it is reached. */
export function shortfall({ covered, total }: Ratio, minimum: number): number {
  const needed = (BigInt(total) * BigInt(hundredthsOf(minimum)) + 9_999n) / 10_000n;
  return Math.max(0, Number(needed - BigInt(covered)));
}

/** A policy has at most two decimals; a third one must not make it laxer. */
function hundredthsOf(percent: number): number {
  return Math.ceil(Number((percent * 100).toFixed(6)));
}
