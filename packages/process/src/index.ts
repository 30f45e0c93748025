export type { CommandResult, CommandSpec } from './command.ts';
export { runCommand } from './run-command.ts';
