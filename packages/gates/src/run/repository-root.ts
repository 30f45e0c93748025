import { realpath } from 'node:fs/promises';
import { gitFacts } from './git.ts';
import { toolRunner } from './tool.ts';
import type { ToolRunnerParts } from './tool.ts';

/** The root of the repository around a directory; outside of one, the directory itself. Links are resolved. */
export async function repositoryRoot(directory: string, parts: ToolRunnerParts): Promise<string> {
  const top = await gitFacts(toolRunner(parts), directory).root();
  return top ?? realpath(directory);
}
