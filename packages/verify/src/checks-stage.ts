import type { ChecksEnd } from './conclude-report.ts';
import { check, checkStart, conclude, describeRelease, releaseTold, settled } from './decide.ts';
import type { CheckState } from './decide.ts';
import type { CheckObservation } from './judge-answer.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { CheckReport, Target, TargetReport, VerifyCheck } from './model.ts';
import { observeRelease } from './read-release.ts';
import type { Session } from './session.ts';

/** Shared by all targets: one failed check settles the verdict, so the others end with the round they are in. */
export interface ChecksStage {
  hasFailed: boolean;
}

interface Track {
  readonly check: VerifyCheck;
  state: CheckState;
}

type RoundEnd = 'go-on' | 'all-settled' | 'out-of-time' | { readonly strayed: string };

/** Runs every check of the suite against one target until each is settled or the time is over. */
export async function checkTarget(
  target: Target,
  session: Session,
  stage: ChecksStage,
): Promise<ChecksEnd> {
  const tracks: Track[] = session.suite.checks.map((one) => ({ check: one, state: checkStart }));
  let end: RoundEnd;
  let hasTime = true;
  do {
    end = await round(target, session, stage, tracks);
    if (end !== 'go-on' || stage.hasFailed) break;
    hasTime = await session.pause();
  } while (hasTime);
  const isTimeUp = end === 'out-of-time' || !hasTime;
  const strayed = typeof end === 'object' ? end.strayed : null;
  // Whoever told its release has answered.
  const answered =
    target.identity !== 'absent' || tracks.some(({ state }) => state.good + state.wrong > 0);
  const checks = tracks.map(({ check: { name }, state }): CheckReport => {
    const early = settled(state, session.suite);
    // A check that was stopped because something else decided has not been judged to its end.
    const late = isTimeUp ? conclude(state, session.suite, { answered }) : 'inconclusive';
    const { attempts, failures, latencyMs } = state;
    return { name, verdict: early ?? late, attempts, failures, latencyMs };
  });
  const observedRelease = strayed ?? (target.identity === 'absent' ? null : session.release);
  const { name } = target;
  const converged = target.identity !== 'absent';
  return { target: { name, converged, observedRelease, checks } satisfies TargetReport, strayed };
}

/** The release first, then all checks that are still open: an answer counts only if the right release gave it. */
async function round(
  target: Target,
  session: Session,
  stage: ChecksStage,
  tracks: readonly Track[],
): Promise<RoundEnd> {
  const open = tracks.filter(({ state }) => settled(state, session.suite) === undefined);
  const served = target.identity === 'absent' ? 'not told' : await askRelease(target, session);
  if (served === undefined) return 'out-of-time';
  if (typeof served === 'object' && 'strayed' in served) return served;
  if (served === 'expected') for (const track of open) track.state = releaseTold(track.state);
  const results = await Promise.all(
    open.map(async (track) => {
      if (typeof served === 'object') return settle(track, served, target, session, stage);
      const { path, method, expect } = track.check;
      const result = await session.ask(target, { path, method });
      if (result === undefined) return false;
      return settle(track, judgeAnswer(result, expect), target, session, stage);
    }),
  );
  if (results.includes(false)) return 'out-of-time';
  const isDone = open.every(({ state }) => settled(state, session.suite) !== undefined);
  return isDone ? 'all-settled' : 'go-on';
}

type Served =
  'expected' | { readonly strayed: string } | Extract<CheckObservation, { kind: 'unseen' }>;

async function askRelease(target: Target, session: Session): Promise<Served | undefined> {
  const { release, suite } = session;
  const result = await session.ask(target, { path: suite.release.path, method: 'GET' });
  if (result === undefined) return undefined;
  // Cut off by the deadline, which says nothing about the target.
  if (result.kind === 'no-answer' && session.isOver()) return undefined;
  const observation = observeRelease(result, suite.release, release);
  if (observation.kind === 'expected') return 'expected';
  if (observation.kind === 'other') return { strayed: observation.release };
  return { kind: 'unseen', detail: describeRelease(observation, release) };
}

function settle(
  track: Track,
  observation: CheckObservation,
  target: Target,
  session: Session,
  stage: ChecksStage,
): true {
  track.state = check(track.state, observation);
  const verdict = settled(track.state, session.suite);
  if (verdict === undefined) return true;
  if (verdict === 'fail') stage.hasFailed = true;
  const failure = verdict === 'fail' ? track.state.failures.at(-1) : undefined;
  session.observe({
    kind: 'check-settled',
    target: target.name,
    check: track.check.name,
    verdict,
    ...(failure === undefined ? {} : { failure }),
  });
  return true;
}
