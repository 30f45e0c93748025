import * as z from 'zod';
import { paged, GitHubProblem, runOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import { renderDeployment, renderPending, renderReview } from './render-deployments.ts';
import { renderJob, renderRun } from './render-runs.ts';
import { reviewRun } from './reviews.ts';
import { eligibleReviewers } from './runs.ts';
import type { Gate, RunRecord } from './world.ts';

const review = z.object({
  environment_ids: z.array(z.number()),
  state: z.enum(['approved', 'rejected']),
  comment: z.string(),
});

function waitingGates(run: RunRecord): Gate[] {
  const gates = run.jobs
    .filter((job) => job.status === 'waiting')
    .map((job) => job.gate)
    .filter((gate) => gate !== undefined);
  return [...new Map(gates.map((gate) => [gate.environment.id, gate])).values()];
}

const listPending: Handler = (call) => {
  const run = runOf(call);
  const login = call.principal?.kind === 'user' ? call.principal.login.toLowerCase() : undefined;
  const mayApprove = (gate: Gate) =>
    login !== undefined &&
    eligibleReviewers(call.world, run, gate.environment).some(
      (eligible) => eligible.toLowerCase() === login,
    );
  return {
    status: 200,
    body: waitingGates(run).map((gate) =>
      renderPending(call.world, run.repository, gate, mayApprove(gate)),
    ),
  };
};

const reviewPending: Handler = (call: Call) => {
  const run = runOf(call);
  // Only people approve: GitHub does not open this operation to apps, and GITHUB_TOKEN is one.
  if (call.principal?.kind !== 'user') {
    throw new GitHubProblem(403, 'Resource not accessible by integration');
  }
  const request = review.parse(call.body);
  const outcome = reviewRun(call.world, run, request.environment_ids, {
    state: request.state,
    by: call.principal.login,
    comment: request.comment,
  });
  if (outcome.kind === 'refused') {
    throw new GitHubProblem(422, `There was a problem approving one of the gates: ${outcome.why}`);
  }
  return {
    status: 200,
    body: outcome.deployments.map((deployment) =>
      renderDeployment(call.world, run.repository, deployment),
    ),
  };
};

/** Runs, their jobs, and who lets them go on. */
export const runHandlers: Readonly<Record<string, Handler>> = {
  'actions/get-workflow-run': (call) => ({
    status: 200,
    body: renderRun(call.world, runOf(call)),
  }),
  'actions/list-jobs-for-workflow-run': (call) => {
    const { jobs } = runOf(call);
    const { page, headers } = paged(call, jobs);
    return {
      status: 200,
      headers,
      body: { total_count: jobs.length, jobs: page.map((job) => renderJob(call.world, job)) },
    };
  },
  'actions/get-pending-deployments-for-run': listPending,
  'actions/review-pending-deployments-for-run': reviewPending,
  'actions/get-reviews-for-run': (call) => {
    const run = runOf(call);
    return {
      status: 200,
      body: run.reviews.map((one) => renderReview(call.world, run.repository, one)),
    };
  },
};
