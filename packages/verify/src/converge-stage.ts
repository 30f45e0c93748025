import type { ConvergeEnd } from './conclude-report.ts';
import { converge, convergeStart } from './decide.ts';
import type { Target } from './model.ts';
import { observeRelease } from './read-release.ts';
import type { Session } from './session.ts';

/** Asks one target for its release until it told the expected one often enough in a row, or the time is over. */
export async function convergeTarget(target: Target, session: Session): Promise<ConvergeEnd> {
  const { release, suite, observe } = session;
  let state = convergeStart;
  do {
    const result = await session.ask(target, { path: suite.release.path, method: 'GET' });
    if (result === undefined) break;
    const before = state.last;
    state = converge(state, observeRelease(result, suite.release, release), release);
    if (state.last !== before) observe({ kind: 'observed', target: target.name, what: state.last });
    if (state.streak >= suite.consecutiveSuccesses) {
      observe({ kind: 'converged', target: target.name, release });
      return { name: target.name, converged: true, state };
    }
  } while (await session.pause());
  return { name: target.name, converged: false, state };
}
