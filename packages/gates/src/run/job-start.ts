import { stat } from 'node:fs/promises';

/**
 * When the job began, in milliseconds since the epoch: the runner writes the event's file then, and with the clock that
 * also dates the reports. Undefined when there is no such file.
 */
export async function jobStart(
  env: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const path = env['GITHUB_EVENT_PATH'];
  if (!path) return undefined;
  return (await stat(path).catch(() => undefined))?.mtimeMs;
}
