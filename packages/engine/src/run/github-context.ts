import { toText } from '../expressions/data.ts';
import type { JsonRecord } from '../expressions/data.ts';
import type { WorkflowFile } from '../syntax/workflow-file.ts';
import type { RunEvent, RunOptions } from './options.ts';

export interface RunNumbers {
  readonly runId: string;
  readonly runNumber: number;
  readonly runAttempt: number;
}

/** The part of the `github` context that is the same in every job of a run. */
export function githubContext(
  options: RunOptions,
  file: WorkflowFile,
  numbers: RunNumbers,
  event: JsonRecord,
): JsonRecord {
  const { ref, sha, actor, name } = options.event;
  const { fullName } = options.repository;
  return {
    actor,
    base_ref: '',
    event,
    event_name: name,
    head_ref: '',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags)\//, ''),
    ref_protected: false,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: fullName,
    repository_owner: fullName.split('/')[0] ?? '',
    repositoryUrl: `git://github.com/${fullName}.git`,
    retention_days: '90',
    run_attempt: String(numbers.runAttempt),
    run_id: numbers.runId,
    run_number: String(numbers.runNumber),
    secret_source: 'None',
    sha,
    triggering_actor: actor,
    workflow: file.name,
    workflow_ref: `${fullName}/${file.path}@${ref}`,
    workflow_sha: file.origin.sha,
  };
}

/** The event's payload, as far as GitHub's one can be told from what is known here. */
export function eventPayload(options: RunOptions, dispatchInputs: JsonRecord): JsonRecord {
  const { fullName, defaultBranch } = options.repository;
  const [owner = '', name = ''] = fullName.split('/');
  const own: JsonRecord = {
    ref: options.event.ref,
    repository: {
      name,
      full_name: fullName,
      default_branch: defaultBranch,
      owner: { login: owner },
    },
    sender: { login: options.event.actor },
    ...(options.event.name === 'workflow_dispatch'
      ? { workflow: options.workflow, inputs: textInputs(dispatchInputs) }
      : {}),
    ...(options.event.name === 'push' ? { after: options.event.sha } : {}),
  };
  return merge(own, given(options.event));
}

/** In the payload, unlike in the `inputs` context, every input is a text. */
function textInputs(inputs: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, toText(value)]));
}

function given(event: RunEvent): JsonRecord {
  // Through JSON, so that what expressions see is what an action reads from GITHUB_EVENT_PATH.
  const payload: JsonRecord = JSON.parse(JSON.stringify(event.payload ?? {}));
  return payload;
}

function merge(one: JsonRecord, other: JsonRecord): JsonRecord {
  const merged = Object.entries(other).map(([key, value]) => {
    const own = one[key];
    const both = isRecord(own) && isRecord(value);
    return [key, both ? { ...own, ...value } : value] as const;
  });
  return { ...one, ...Object.fromEntries(merged) };
}

function isRecord(value: JsonRecord[string] | undefined): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
