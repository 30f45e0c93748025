// Budgets measured beforehand on the recommended build; ratios are to an empty Node 24 script in the same run.
const gates = { bytes: 750_000, badInput: 2.8, fullLoad: 3.0 };
const github = { bytes: 900_000, badInput: 3.0, fullLoad: 3.3 };
const ssm = { bytes: 1_600_000, badInput: 3.0, fullLoad: 4.3 };

// Reads the policy, and holds the readers of all its formats.
const reports = { ...gates, fullLoad: 3.8 };

export const budgets = {
  'audit-gate': reports,
  'deploy-ssm': ssm,
  'lint-gate': reports,
  'package-release': { ...gates, bytes: 850_000 },
  // Reads the policy and the manifest and plans the waves, beside what protect-environment does.
  'plan-delivery': { ...github, fullLoad: 3.6 },
  'protect-environment': github,
  'record-evidence': gates,
  // Nothing of its can be missing before it asks GitHub, so its full load has a call in it.
  'record-gates': { ...github, fullLoad: 4.4 },
  'require-gates': github,
  'rollback-ssm': ssm,
  'smoke-test': { ...gates, bytes: 800_000 },
  'test-gate': reports,
};

/** A gate over a report: times a bare pass over the same file, and times the memory when the report is ten times as long. */
export const gateBudgets = { ratio: 2, growth: 1.3 };
