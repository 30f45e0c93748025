import type { Annotation } from '@gatewright/contract';
import type { GateAccount } from './stand-in.ts';

/** How the gate is shown. */
export function presentGate(_account: GateAccount): {
  summary: string;
  annotations: readonly Annotation[];
} {
  return { summary: '', annotations: [] };
}

/** The findings as SARIF 2.1.0. */
export function gateSarif(_account: GateAccount): string {
  return '{}\n';
}
