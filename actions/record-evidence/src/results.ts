import { resultDocument } from '@gatewright/contract';
import { createHash } from 'node:crypto';
import type { FoundFile, FoundResults } from '@gatewright/runtime';
import type { ReasonCode, Verdict } from '@gatewright/verdict';
import * as z from 'zod';

/** One step that left a usable result. */
export interface Step {
  readonly action: string;
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly explanation: string;
  readonly file: string;
  /** SHA-256 of the result file, hex. */
  readonly sha256: string;
  readonly details: StepDetails;
}

/** A result file that cannot be used; it makes the evidence incomplete. */
export interface BadFile {
  readonly file: string;
  readonly problem: string;
}

export interface ParsedResults {
  readonly steps: readonly Step[];
  readonly bad: readonly BadFile[];
}

const release = z.looseObject({ version: z.string(), digest: z.string() });

const host = z.looseObject({
  id: z.string(),
  name: z.string().default(''),
  outcome: z.string().default('unknown'),
  release: release.nullable(),
});

/** What this action looks at inside the results that say what hosts serve; the rest stays in the files. */
const deliveryDetails = z.looseObject({
  environment: z.string().optional(),
  release: release.nullish(),
  to: release.nullish(),
  hosts: z.array(host).optional(),
  startedAt: z.iso.datetime().optional(),
});
export type StepDetails = z.infer<typeof deliveryDetails>;

const otherDetails = z
  .looseObject({ environment: z.string().optional().catch(undefined) })
  .transform(({ environment }): StepDetails => ({ environment }));

function detailsOf(action: string) {
  return action === 'deploy-ssm' || action === 'rollback-ssm' ? deliveryDetails : otherDetails;
}

/** Takes every file for hostile. Two results of one action contradict each other, so neither counts. */
export function parseResults(found: FoundResults): ParsedResults {
  if (found.kind === 'absent') return { steps: [], bad: [] };
  if (found.kind === 'unreadable') return { steps: [], bad: [{ file: '.', problem: found.why }] };
  const parsed = found.files.map((file) => parseFile(file));
  const steps = parsed.flatMap((entry) => ('problem' in entry ? [] : [entry]));
  const twice = steps.filter(
    (step) => steps.filter(({ action }) => action === step.action).length > 1,
  );
  return {
    steps: steps.filter((step) => !twice.includes(step)),
    bad: [
      ...parsed.flatMap((entry) => ('problem' in entry ? [entry] : [])),
      ...twice.map(({ file, action }) => ({ file, problem: `another result of ${action} exists` })),
    ],
  };
}

function parseFile(file: FoundFile): Step | BadFile {
  if ('problem' in file) return { file: file.name, problem: file.problem };
  const bad = (problem: string): BadFile => ({ file: file.name, problem });
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.bytes));
  } catch {
    return bad('not JSON');
  }
  const document = resultDocument.safeParse(data);
  if (!document.success) return bad(`not a result: ${firstIssue(document.error)}`);
  const details = detailsOf(document.data.action).safeParse(data);
  if (!details.success) return bad(`unusable result: ${firstIssue(details.error)}`);
  const { action, verdict, reasonCode, explanation } = document.data;
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const base = { action, verdict, reasonCode, explanation, file: file.name, sha256 };
  return { ...base, details: details.data };
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.map(String).join('.') || 'the value'}: ${issue?.message ?? ''}`;
}
