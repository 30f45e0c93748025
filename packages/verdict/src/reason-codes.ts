/**
 * Every reason code, with one sentence that says what it means. The codes are public API: callers match on them, and
 * each has an anchor of the same name in `docs/07-TROUBLESHOOTING.md`.
 */
export const reasonCodes = {
  'access-denied': 'AWS or GitHub refused a call that the action needs.',
  'artifact-conflict': 'An artifact with other bytes already stands under this name.',
  'artifact-missing': 'The artifact of the release is not where it should be.',
  'build-failed': 'The build command of the application failed or ran out of time.',
  cancelled: 'The run was cancelled; what was under way has been settled.',
  'config-invalid': 'gatewright.yml does not follow its schema.',
  'config-missing': 'gatewright.yml was not found.',
  'converge-timed-out': 'Not every host served the expected release before the deadline.',
  'deadline-exceeded': 'The work did not end before its deadline.',
  delivered: 'Every host serves the release and the smoke checks passed.',
  'digest-mismatch': 'The bytes of the artifact do not have the SHA-256 that was approved.',
  'document-hash-mismatch': 'The SSM document is not the pinned one.',
  'document-missing': 'The SSM document does not exist in this account and region.',
  'environment-missing': 'The GitHub environment does not exist.',
  'environment-protected': 'The live environment is at least as strict as the policy declares.',
  'environment-undeclared': 'The policy does not declare this environment.',
  'environment-unreadable': 'The protection of the environment could not be read.',
  'environment-weak': 'The live environment is less strict than the policy declares.',
  'evidence-incomplete': 'A step of the delivery left no usable result.',
  'health-never-answered': 'The health hook did not succeed before its deadline.',
  'hook-failed': 'A hook of the release ended with a non-zero exit code.',
  'hook-output-flooded': 'A hook wrote more output than its limit and was stopped.',
  'hook-timed-out': 'A hook did not end before its deadline and was stopped.',
  'host-busy': 'Another operation holds the lock of a host.',
  'host-offline': 'The SSM agent of a host is not reachable.',
  'host-ready': 'A host can take a release and could go back from it.',
  'host-state-unknown': 'What a host serves could not be established.',
  'host-unfit': 'A host lacks something that the host program needs.',
  'input-invalid': 'An input of the action does not parse.',
  'internal-error': 'The action has a defect.',
  'lock-held': 'Another delivery holds the lock of this environment.',
  'lock-lost': 'The lock was taken over by another delivery.',
  'no-host-matches': 'No managed instance matches the target.',
  'no-way-back': 'A host cannot return to a verified release.',
  'node24-missing': 'No Node 24 binary was found to run actions with.',
  planned: 'The delivery is planned and ready for approval.',
  'package-refused': 'What gatewright.yml includes cannot be packed.',
  packaged: 'The release is packed.',
  'policy-invalid': 'policy.yml does not follow its schema.',
  'policy-missing': 'policy.yml was not found.',
  'release-applied': 'A host serves the release and its health hook agreed.',
  'release-malformed':
    'The artifact is not a release that Gatewright packed for this application and version.',
  'release-unknown': 'The named release is not in the ledger of this environment.',
  'role-refused': 'AWS refused to let this job assume the deploy role.',
  'rollback-failed': 'A host did not return to the release that it should.',
  'rolled-back': 'The hosts serve the earlier release again, and it was verified.',
  'service-error': 'AWS or GitHub failed after all retries.',
  'runner-context-invalid': 'The environment of the runner lacks a variable that the action needs.',
  'smoke-failed': 'A smoke check found the release to be bad.',
  'smoke-inconclusive': 'The smoke checks could not decide.',
  'smoke-no-data': 'No smoke check produced a usable answer.',
  throttled: 'AWS or GitHub throttled the calls until the retries were used up.',
  'too-few-hosts': 'Fewer hosts match the target than the policy demands.',
  'untrusted-context': 'The run comes from a context that may not deploy.',
  verified: 'Every smoke check passed.',
  'workflow-invalid': 'A workflow or action file does not follow the rules of GitHub.',
  'workflow-unsupported':
    'A workflow or action file uses syntax that the local engine does not run.',
} as const;

/** A stable, kebab-case identifier of why something ended as it did. */
export type ReasonCode = keyof typeof reasonCodes;

/** Whether a text that came from outside (a host, a result file) is one of our reason codes. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(reasonCodes, text);
}
