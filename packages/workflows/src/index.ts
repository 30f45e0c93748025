export { checkWorkflow } from './check-workflow.ts';
export { workflowRules } from './finding.ts';
export type { WorkflowFinding, WorkflowRule } from './finding.ts';
export { renderWorkflow } from './render-workflow.ts';
export type { PinnedSelf, RenderOptions } from './render-workflow.ts';
