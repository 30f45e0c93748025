import { open } from 'node:fs/promises';
import { ConfigurationError, gateResult } from '@gatewright/verdict';
import type { GateName, GateResult } from '@gatewright/verdict';
import { errorCode } from './error-code.ts';

const mostBytes = 256 * 1024 * 1024;

/**
 * Reads the result file of the same gate for another commit.
 *
 * @param file - absolute
 * @param shown - how the file is called in messages
 * @throws ConfigurationError `base-unusable` when it cannot be compared with.
 */
export async function readBase(file: string, shown: string, gate: GateName): Promise<GateResult> {
  const refuse = (why: string, cause?: unknown): never => {
    throw new ConfigurationError('base-unusable', `${shown} cannot be compared with: ${why}.`, {
      checked: [`base result ${shown}`],
      remedy: `Give the result file of the ${gate} gate for the base commit, or none.`,
      cause,
    });
  };
  const text = await readText(file).catch((error: unknown) => {
    const why = errorCode(error) ?? 'not UTF-8 text';
    return refuse(`it could not be read (${why})`, error);
  });
  if (text === undefined) return refuse(`it is larger than ${mostBytes} bytes`);
  const read = gateResult.safeParse(parsed(text));
  if (!read.success) {
    const [issue] = read.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    return refuse(`it is not the result of a gate (${key === '' ? 'no JSON object' : key})`);
  }
  const base = read.data;
  if (base.gate !== gate) return refuse(`it is the result of the ${base.gate} gate`);
  if (base.verdict !== 'pass' && base.verdict !== 'fail') {
    return refuse(`its verdict is ${base.verdict}, so it knows nothing about the base`);
  }
  if (base.findingsOmitted > 0) {
    return refuse(`${base.findingsOmitted} of its findings are not listed`);
  }
  return base;
}

async function readText(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > mostBytes) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
  } finally {
    await file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
