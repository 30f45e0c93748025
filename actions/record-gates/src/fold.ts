import type { Needs } from '@gatewright/contract';
import { gateName } from '@gatewright/verdict';
import type { GateName, GateRecord, GateVerdict, ReasonCode } from '@gatewright/verdict';
import type { GateFile } from './gate-files.ts';

/** What the fold looks at. */
export interface Facts {
  /** Commit of this run. */
  readonly commit: string;
  readonly needs: Needs;
  readonly files: ReadonlyMap<GateName, GateFile>;
}

/** How one gate ended, as far as it is proven. */
export interface GateEnd {
  readonly gate: GateName;
  readonly verdict: GateVerdict;
  readonly explanation: string;
}

/** What the three gates come to. */
export interface Fold {
  readonly verdict: 'pass' | 'fail' | 'error';
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  readonly ends: readonly GateEnd[];
  readonly gates: GateRecord['gates'];
}

/**
 * A pass needs every proof at once: each gate's job succeeded, said pass, and left exactly one result, which says pass of
 * this very commit. A gate that certainly failed outweighs one that could not tell.
 */
export function foldGates(facts: Facts): Fold {
  const ends = gateName.options.map((gate) => endOf(gate, facts));
  const gates = Object.fromEntries(
    [...facts.files].flatMap(([gate, file]) =>
      file.kind === 'usable' ? [[gate, entryOf(file)]] : [],
    ),
  );
  const said = (verdict: GateVerdict) =>
    ends
      .filter((end) => end.verdict === verdict)
      .map(({ gate, explanation }) => `${gate}: ${explanation}`);
  const open = ends.filter(({ verdict }) => verdict !== 'pass');
  if (open.length === 0) {
    const explanation = 'Lint, test and audit passed for this commit.';
    return { verdict: 'pass', reasonCode: 'gates-passed', explanation, ends, gates };
  }
  const failed = said('fail');
  return failed.length > 0
    ? { verdict: 'fail', reasonCode: 'gates-failed', explanation: failed.join(' '), ends, gates }
    : {
        verdict: 'error',
        reasonCode: 'gates-incomplete',
        explanation: [...said('error'), ...said('skipped')].join(' '),
        ends,
        gates,
      };
}

function endOf(gate: GateName, { commit, needs, files }: Facts): GateEnd {
  const error = (explanation: string): GateEnd => ({ gate, verdict: 'error', explanation });
  if (needs.kind === 'unreadable') return error(`${needs.why}.`);
  const job = needs.jobs.get(gate);
  if (job === undefined) return error('the job is not among the needed ones.');
  const file = files.get(gate);
  if (file?.kind !== 'usable') {
    return error(`the job (${job.result}) ${file?.problem ?? 'left no result'}.`);
  }
  const { verdict, explanation, commit: judged } = file.result;
  if (judged !== commit)
    return error(`the result is of the commit ${judged ?? 'unknown'}, not of ${commit}.`);
  if (job.outputs['verdict'] !== verdict) {
    return error(`the job says ${job.outputs['verdict'] ?? 'nothing'}, its result ${verdict}.`);
  }
  if (verdict === 'pass' && job.result !== 'success')
    return error(`passed, but the job ended with ${job.result}.`);
  return { gate, verdict, explanation };
}

function entryOf({ sha256, result }: Extract<GateFile, { kind: 'usable' }>) {
  const { verdict, reasonCode, explanation, counts, evidence, policy } = result;
  return { verdict, reasonCode, explanation, counts, evidence, policy, sha256 };
}
