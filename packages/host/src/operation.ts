import { ConfigurationError } from '@gatewright/verdict';

import type { ParameterName } from './parameters.ts';
import { documentParameters } from './parameters.ts';

/** What every operation carries. */
interface Common {
  readonly app: string;
  /** The run that asks; together with `stepId` it names this very request: a host does it once. */
  readonly runId: string;
  readonly stepId: string;
  /** The fencing token of the lock. */
  readonly generation: number;
  /** How many releases stay on the host. */
  readonly keep: number;
  /** The program's own deadline, the way back included, in seconds. */
  readonly timeoutSeconds: number;
  /** When the agent kills the program, in seconds; must be more than `timeoutSeconds`. */
  readonly executionTimeoutSeconds: number;
}

interface Named {
  readonly version: string;
  /** SHA-256 of the archive in hex. */
  readonly digest: string;
  /** `s3://bucket/key`, an http(s) URL, or empty when the release must be on the host. */
  readonly source: string;
  /** Size of the archive, if known. */
  readonly bytes?: number | undefined;
}

/**
 * What a host can be asked.
 *
 * - `preflight` looks whether the host can take the release, and could go back; changes nothing.
 * - `apply` puts the release in place, and goes back by itself when that fails.
 * - `status` tells from the journal and the symlink what is in place; runs nothing. With empty version and digest it
 *   tells of the last operation, whatever that was about.
 * - `revert` returns to the named release; with empty version and digest, to none.
 */
export type HostOperation =
  | ({ readonly kind: 'preflight' } & Common & Named)
  | ({ readonly kind: 'apply' } & Common & Named)
  | ({ readonly kind: 'status' } & Common & Named)
  | ({ readonly kind: 'revert' } & Common & Named);

/**
 * The parameters of SendCommand for one operation.
 *
 * @throws ConfigurationError `input-invalid` when a value does not have the form that the document lets through; all of
 * them are named.
 */
export function hostParameters(operation: HostOperation): Record<string, string[]> {
  const values: Record<ParameterName, string> = {
    Operation: operation.kind,
    App: operation.app,
    Version: operation.version,
    Digest: operation.digest,
    Source: operation.source,
    Bytes: operation.bytes === undefined ? '' : String(operation.bytes),
    RunId: operation.runId,
    StepId: operation.stepId,
    Generation: String(operation.generation),
    Keep: String(operation.keep),
    TimeoutSeconds: String(operation.timeoutSeconds),
    ExecutionTimeout: String(operation.executionTimeoutSeconds),
  };
  const problems = Object.entries(documentParameters)
    .map(([name, { allowedPattern }]) => ({ name, allowedPattern, value: valueOf(values, name) }))
    .filter(({ allowedPattern, value }) => !new RegExp(allowedPattern).test(value))
    .map(({ name, allowedPattern, value }) => {
      // The query of a presigned URL is a credential.
      const shown = name === 'Source' ? value.replace(/\?.*/s, '?…') : value;
      return `${name}: got ${JSON.stringify(shown)}; accepted ${allowedPattern}`;
    });
  if ((operation.version === '') !== (operation.digest === '')) {
    problems.push('Version, Digest: one of them is empty');
  }
  if (operation.version === '' && operation.kind === 'apply') problems.push('Version: is empty');
  if (operation.executionTimeoutSeconds <= operation.timeoutSeconds) {
    problems.push('ExecutionTimeout: must be more than TimeoutSeconds');
  }
  if (problems.length > 0) {
    throw new ConfigurationError(
      'input-invalid',
      `The host cannot be asked this: ${problems.join('; ')}`,
      { checked: problems, remedy: 'Correct the named values.' },
    );
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

function valueOf(values: Readonly<Record<string, string>>, name: string): string {
  return values[name] ?? '';
}
