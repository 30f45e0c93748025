export { complaints, generatedFiles } from './generate.ts';
export { staleFiles } from './generated-files.ts';
export type { GeneratedFile } from './generated-files.ts';
export { actionNames, loadContract, loadContracts, workflowNames } from './project.ts';
