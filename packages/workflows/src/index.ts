export { checkWorkflow } from './check-workflow.ts';
export { workflowRules } from './finding.ts';
export type { WorkflowFinding, WorkflowRule } from './finding.ts';
export { actionsIn, checkPins, readPins } from './pins.ts';
export type { Pin, PinFinding } from './pins.ts';
export { renderWorkflow } from './render-workflow.ts';
export type { PinnedSelf, RenderOptions } from './render-workflow.ts';
export { workflowContract } from './workflow-contract.ts';
export type { WorkflowContract } from './workflow-contract.ts';
