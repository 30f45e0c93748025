import type { ToolPlan, ToolStep } from './project.ts';

/** The plan, one line a fact, as it is shown before anything runs. */
export function describePlan(plan: ToolPlan): string[] {
  return [
    ...plan.steps.map(describeStep),
    ...plan.notes,
    ...plan.gaps.map((gap) => `Cannot run: ${gap}.`),
    ...(plan.undetected.length > 0 ? [`Not set up for: ${plan.undetected.join(', ')}.`] : []),
  ];
}

function describeStep({ tool, version, decidedBy, argv }: ToolStep): string {
  const which = version === undefined ? tool : `${tool} ${version}`;
  return `${which}, because of ${decidedBy}: ${JSON.stringify(argv)}`;
}
