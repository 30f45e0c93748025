import * as z from 'zod';

import { awsErrorName } from './errors.ts';
import { allPages, parseAnswer } from './pages.ts';
import type { SsmApi } from './ssm-api.ts';

/** One numbered parameter below a path. `number` is NaN for a name that is not a number. */
export interface NumberedParameter {
  readonly name: string;
  readonly number: number;
  readonly value: string;
}

const parameter = z.object({ Name: z.string(), Value: z.string() });
const onePage = z.object({ Parameters: z.array(parameter).nullish() });
const oneParameter = z.object({ Parameter: parameter });

/** Largest value of a standard parameter; beyond it, and up to `advancedBytes`, it must be an advanced one. */
const standardBytes = 4096;
export const advancedBytes = 8192;

/** Six digits, so that the names sort as their numbers do. */
export function numberedName(path: string, number: number): string {
  return `${path}/${String(number).padStart(6, '0')}`;
}

/** Reads all parameters directly below a path, lowest number first. */
export async function readNumbered(api: SsmApi, path: string): Promise<NumberedParameter[]> {
  const pages = await allPages((token) =>
    api.getParametersByPath({ Path: path, MaxResults: 10, ...token }),
  );
  return pages
    .flatMap((page) => parseAnswer(onePage, page, 'GetParametersByPath').Parameters ?? [])
    .map(({ Name, Value }) => {
      const last = Name.slice(Name.lastIndexOf('/') + 1);
      return {
        name: Name,
        number: /^\d{6,9}$/.test(last) ? Number(last) : Number.NaN,
        value: Value,
      };
    })
    .toSorted((left, right) => left.number - right.number);
}

/** Reads one parameter; undefined when it does not exist. */
export async function readParameter(api: SsmApi, name: string): Promise<string | undefined> {
  try {
    const answer = await api.getParameter({ Name: name });
    return parseAnswer(oneParameter, answer, 'GetParameter').Parameter.Value;
  } catch (error) {
    if (awsErrorName(error) === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/**
 * Creates a parameter, or tells that its name is taken. A reply that got lost is recognised: if the name is taken by
 * exactly our value, which is unique, the parameter is ours.
 */
export async function createParameter(
  api: SsmApi,
  name: string,
  value: string,
): Promise<'created' | 'taken'> {
  try {
    await api.putParameter({ Name: name, Value: value, Type: 'String', ...tier(value) });
    return 'created';
  } catch (error) {
    if (awsErrorName(error) !== 'ParameterAlreadyExists') throw error;
    return (await readParameter(api, name)) === value ? 'created' : 'taken';
  }
}

/** Overwrites a parameter that is ours. */
export async function overwriteParameter(api: SsmApi, name: string, value: string): Promise<void> {
  await api.putParameter({ Name: name, Value: value, Type: 'String', Overwrite: true });
}

function tier(value: string): { Tier?: 'Advanced' } {
  return Buffer.byteLength(value) > standardBytes ? { Tier: 'Advanced' } : {};
}

/**
 * JSON that Parameter Store takes: it refuses values with double braces, which can only stand inside of JSON strings,
 * where the second brace has another spelling.
 */
export function parameterJson(data: unknown): string {
  return JSON.stringify(data).replaceAll('{{', String.raw`{\u007b`);
}
