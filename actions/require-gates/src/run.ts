import { environmentPolicy } from '@gatewright/config';
import type { Policy } from '@gatewright/config';
import { codeSpan } from '@gatewright/contract';
import type { ActionOutcome, InputsOf, RunContext } from '@gatewright/contract';
import type { GitHub } from '@gatewright/github';
import { gateName } from '@gatewright/verdict';
import type { contract } from './contract.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import type { RecordReading } from './read-record.ts';

type Contract = typeof contract;

/** What the action does to the world. */
export interface Deps {
  readonly run: RunContext;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly readPolicy: (path: string) => Promise<Policy>;
  readonly readRecord: (path: string) => Promise<RecordReading>;
  readonly github: Pick<GitHub, 'treeOf'>;
}

/** Compares the gate record with the delivery, and lets it go on only if everything agrees. */
export async function run(
  inputs: InputsOf<Contract>,
  deps: Deps,
): Promise<ActionOutcome<Contract>> {
  const policy = await deps.readPolicy(inputs.policyPath);
  if (!environmentPolicy(policy, inputs.environment).gatesRequired)
    return notRequired(inputs.environment);
  const { repository, sha: commit, runId } = deps.run;
  const reading = await deps.readRecord(inputs.recordPath);
  const decision = decide({
    reading,
    expectedDigest: inputs.recordDigest,
    repository,
    commit,
    tree: await deps.github.treeOf(commit),
    runId,
    now: deps.now(),
    maximumAgeMinutes: policy.gates.maximumAgeMinutes,
  });
  const accepted = decision.verdict === 'pass' && reading.kind === 'read' ? reading.digest : '';
  return {
    ...decision,
    outputs: { recordDigest: accepted },
    record: { environment: inputs.environment, commit, reading },
    summary: render(decision, reading),
    checked: [`commit ${commit} of ${repository}`, `record ${inputs.recordPath}: ${reading.kind}`],
    remedy:
      'Call the workflow gates in the same run, and pass its output record-digest on to deploy.',
  };
}

function notRequired(environment: string): ActionOutcome<Contract> {
  return {
    verdict: 'skipped',
    reasonCode: 'gates-not-required',
    explanation: `The policy lets ${environment} be delivered to without gates.`,
    outputs: { recordDigest: '' },
    record: { environment },
    summary: '',
  };
}

function render(decision: Decision, reading: RecordReading): string {
  if (reading.kind !== 'read') return '';
  const { record, digest } = reading;
  const rows = gateName.options.map((gate) => {
    const { verdict = 'missing', explanation = '' } = record.gates[gate] ?? {};
    return `| ${gate} | ${verdict} | ${codeSpan(explanation)} |`;
  });
  return [
    decision.verdict === 'pass' ? '### Gates of this commit' : '### Gates, not accepted',
    '',
    '| gate | verdict | why |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `Commit ${codeSpan(record.commit)}, made ${codeSpan(record.at)}, record ${codeSpan(digest)}.`,
    '',
  ].join('\n');
}
