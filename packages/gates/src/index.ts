export type { GatesPolicy } from './policy.ts';
export { gateOutcome } from './run/gate-outcome.ts';
export { gatePlace, writeSarif } from './run/in-action.ts';
export { gateSarif } from './run/present.ts';
export { judgeProject } from './run/judge-project.ts';
export type { GateInputs, GatePlace, GateRules } from './run/judge-project.ts';
export type { RunCommand } from './run/tool.ts';
