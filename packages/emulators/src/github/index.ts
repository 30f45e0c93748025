export { startGitHub } from './emulator.ts';
export { steppedGitHubClock, systemGitHubClock } from './clock.ts';
export type { GitHubClock } from './clock.ts';
export type {
  GitHubBranchPolicy,
  GitHubCommit,
  GitHubConclusion,
  GitHubEmulator,
  GitHubEnvironment,
  GitHubFault,
  GitHubJobRequest,
  GitHubJobSession,
  GitHubJournalEntry,
  GitHubOptions,
  GitHubPending,
  GitHubProtection,
  GitHubReadiness,
  GitHubRepository,
  GitHubReview,
  GitHubReviewers,
  GitHubRunRequest,
  GitHubTeam,
  GitHubTokenRequest,
  GitHubUser,
} from './types.ts';
