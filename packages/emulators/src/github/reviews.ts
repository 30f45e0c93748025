import { advance, eligibleReviewers, waitsForReview } from './runs.ts';
import { note } from './world.ts';
import type {
  DeploymentRecord,
  EnvironmentRecord,
  Gate,
  Review,
  RunRecord,
  World,
} from './world.ts';

export type ReviewOutcome =
  | { readonly kind: 'reviewed'; readonly deployments: readonly DeploymentRecord[] }
  | { readonly kind: 'refused'; readonly why: string };

/** Records one person's decision for some environments of a run, all or none. */
export function reviewRun(
  world: World,
  run: RunRecord,
  environmentIds: readonly number[],
  decision: Omit<Review, 'environments'>,
): ReviewOutcome {
  const gates = run.jobs
    .filter(waitsForReview)
    .map((job) => job.gate)
    .filter((gate) => gate !== undefined)
    .filter((gate) => environmentIds.includes(gate.environment.id));
  const environments = distinct(gates);
  if (environments.length < new Set(environmentIds).size || environments.length === 0) {
    return {
      kind: 'refused',
      why: 'no deployment of this run waits for review in this environment',
    };
  }
  for (const environment of environments) {
    const why = refusal(world, run, environment, decision.by);
    if (why !== undefined) return { kind: 'refused', why };
  }
  const review: Review = { ...decision, environments };
  for (const gate of gates) gate.review = review;
  run.reviews.push(review);
  note(world, `deployment_review ${decision.state}`, decision.by, {
    run: run.id,
    environments: environments.map((environment) => environment.name),
    comment: decision.comment,
  });
  advance(world);
  return { kind: 'reviewed', deployments: gates.map((gate) => gate.deployment) };
}

function distinct(gates: readonly Gate[]): readonly EnvironmentRecord[] {
  return [...new Map(gates.map((gate) => [gate.environment.id, gate.environment])).values()];
}

function refusal(
  world: World,
  run: RunRecord,
  environment: EnvironmentRecord,
  by: string,
): string | undefined {
  const login = by.toLowerCase();
  const eligible = eligibleReviewers(world, run, environment).map((name) => name.toLowerCase());
  if (eligible.includes(login)) return undefined;
  const isSelf = environment.preventSelfReview && run.request.actor.toLowerCase() === login;
  return isSelf
    ? `${by} started the run and ${environment.name} prevents self-review`
    : `${by} is not a required reviewer of ${environment.name}`;
}
