import { describe, expect, it } from '@jest/globals';
import { carriesForeignCode } from './run-context.ts';

const fromRepository = (full_name: string | null) => ({
  pull_request: { head: { repo: full_name === null ? null : { full_name } } },
});

describe('carriesForeignCode', () => {
  it.each([
    ['a push', 'push', {}, false],
    [
      'a pull request of the repository itself',
      'pull_request',
      fromRepository('Octo/Sample'),
      false,
    ],
    ['a pull request from a fork', 'pull_request', fromRepository('other/sample'), true],
    ['a pull request from a deleted fork', 'pull_request', fromRepository(null), true],
    ['a pull request that does not say', 'pull_request', {}, true],
    ['pull_request_target', 'pull_request_target', fromRepository('octo/sample'), true],
    ['an event that could not be read', 'push', undefined, true],
    ['an event that is no object', 'workflow_dispatch', 'x', true],
    [
      'a run after a fork’s run',
      'workflow_run',
      { workflow_run: { head_repository: { full_name: 'a/b' } } },
      true,
    ],
    [
      'a run after an own run',
      'workflow_run',
      { workflow_run: { head_repository: { full_name: 'octo/sample' } } },
      false,
    ],
    ['a comment on a pull request', 'issue_comment', { issue: { pull_request: {} } }, true],
    ['a comment on an issue', 'issue_comment', { issue: {} }, false],
  ])('%s', (_, eventName, payload, expected) => {
    expect(carriesForeignCode(eventName, 'octo/sample', payload)).toBe(expected);
  });
});
