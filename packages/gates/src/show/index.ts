export type { GateAccount } from './account.ts';
export { gateAnnotations } from './annotations.ts';
export { ansiPaint, plainSummary, unpainted } from './plain-summary.ts';
export type { Paint, Tone } from './plain-summary.ts';
export { mostSarifResults, toSarif } from './sarif.ts';
export type { SarifLog } from './sarif.ts';
export { gateSummary, summaryBudget } from './summary.ts';
