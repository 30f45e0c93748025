export { runCommand } from './run-command.ts';
export type { CommandResult, CommandSpec } from './run-command.ts';
