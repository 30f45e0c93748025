import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ReportInput } from './collected.ts';

/**
 * Copies reports into one directory, so that what was judged can be kept together, wherever the tools wrote it.
 * @returns what could not be copied, one sentence each: it changes no verdict
 */
export async function keepReports(
  inputs: readonly ReportInput[],
  directory: string,
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const copies = inputs.map(async ({ path, file }, index) => {
    const number = String(index + 1).padStart(2, '0');
    try {
      await copyFile(file, join(directory, `${number}-${basename(file)}`));
      return [];
    } catch (error) {
      return [`${path} could not be kept: ${error instanceof Error ? error.message : ''}`];
    }
  });
  return (await Promise.all(copies)).flat();
}
