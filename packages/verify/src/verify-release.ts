import { ConfigurationError } from '@gatewright/verdict';
import { checkTarget } from './checks-stage.ts';
import type { Conclusion } from './conclude-report.ts';
import { concludeChecks, concludeConvergence } from './conclude-report.ts';
import { convergeTarget } from './converge-stage.ts';
import type { TargetReport, VerifyReport, VerifySuite } from './model.ts';
import { jsonPathProblem } from './read-json.ts';
import type { Session, VerifyRequest } from './session.ts';
import { openSession } from './session.ts';

/**
 * Proves that every target serves exactly this release, then that it passes the suite. Both stages share one deadline;
 * every request has its own connection. Nothing that could not be seen is ever a pass: no targets, no checks, and a target
 * of which nothing ever answered are `error`. A check without answer on a target that goes on telling the expected release
 * is the fault of the application: `fail`, at the deadline.
 *
 * An abort of the signal ends it soon, with verdict `error` and reason `cancelled`.
 *
 * @throws ConfigurationError `config-invalid` when the suite holds a JSONPath that is none.
 */
export async function verifyRelease(request: VerifyRequest): Promise<VerifyReport> {
  const problems = suiteProblems(request.suite);
  if (problems.length > 0) {
    throw new ConfigurationError('config-invalid', problems.join('\n'), {
      remedy: 'Correct the JSONPath in gatewright.yml; the grammar is RFC 9535.',
    });
  }
  const session = openSession(request);
  const { conclusion, targets } = await verify(session);
  const seconds = Math.round(request.clock.now() - session.startedAt) / 1000;
  const end = request.signal.aborted ? cancelled : conclusion;
  return { ...end, release: request.release, targets, probes: session.probes(), seconds };
}

/** Every JSONPath of the suite that does not parse, told with its place; to be asked before anything is delivered. */
export function suiteProblems(suite: VerifySuite): string[] {
  const { release } = suite;
  const paths = [
    ...(release.kind === 'json-path'
      ? [{ where: 'verify.release.json-path', path: release.jsonPath }]
      : []),
    ...suite.checks.flatMap((check) =>
      check.expect.json.map(({ path }) => ({ where: `verify check ${check.name}, json`, path })),
    ),
  ];
  return paths.flatMap(({ where, path }) => {
    const problem = jsonPathProblem(path);
    return problem === undefined ? [] : [`${where}: ${path}: ${problem}`];
  });
}

const cancelled: Conclusion = {
  verdict: 'error',
  reasonCode: 'cancelled',
  explanation: 'The verification was cancelled before it could decide.',
};

interface Ended {
  readonly conclusion: Conclusion;
  readonly targets: readonly TargetReport[];
}

async function verify(session: Session): Promise<Ended> {
  const { targets, suite, release, observe } = session;
  const nothing = nothingToVerify(targets.length, suite.checks.length);
  if (nothing !== undefined) return { conclusion: nothing, targets: [] };

  const telling = targets.filter(({ identity }) => identity !== 'absent');
  observe({ kind: 'stage', stage: 'converge', targets: telling.length });
  const converged = await Promise.all(telling.map((target) => convergeTarget(target, session)));
  const conclusion = concludeConvergence(converged, release);
  if (conclusion !== undefined) {
    const reports = converged.map((end): TargetReport => {
      const { observedRelease } = end.state;
      return { name: end.name, converged: end.converged, observedRelease, checks: [] };
    });
    return { conclusion, targets: reports };
  }

  observe({ kind: 'stage', stage: 'checks', targets: targets.length });
  const stage = { hasFailed: false };
  const checked = await Promise.all(targets.map((target) => checkTarget(target, session, stage)));
  return {
    conclusion: concludeChecks(checked, release),
    targets: checked.map(({ target }) => target),
  };
}

function nothingToVerify(targets: number, checks: number): Conclusion | undefined {
  if (targets > 0 && checks > 0) return undefined;
  const explanation =
    targets === 0
      ? 'There is no target to verify, so nothing was proved.'
      : 'The suite holds no check, so nothing was proved.';
  return { verdict: 'error', reasonCode: 'smoke-no-data', explanation };
}
