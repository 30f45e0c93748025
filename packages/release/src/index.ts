export { runCli } from './cli.ts';
export type { Commands } from './commands.ts';
export { candidate, plan, prove, release, verify } from './tool.ts';
export type { Prepared, Tool } from './tool.ts';
