import { describe, expect, it } from '@jest/globals';

import { buildRoster } from './index.ts';
import { instance } from './test-support/builders.ts';

describe('buildRoster', () => {
  it('orders the hosts by id and keeps each once', () => {
    const roster = buildRoster([instance('i-b'), instance('i-a'), instance('i-b')], 2);
    expect(roster.hosts.map((host) => host.id)).toEqual(['i-a', 'i-b']);
    expect(roster.problem).toBeUndefined();
  });

  it('says that nothing matches, and what to compare', () => {
    const { problem } = buildRoster([], 1);
    expect(problem?.reasonCode).toBe('no-host-matches');
    expect(problem?.remedy).toContain('tags');
  });

  it('names every instance that it leaves out, and blames offline hosts for a shortage that they cause', () => {
    const roster = buildRoster(
      [instance('i-a'), instance('i-b', { pingStatus: 'ConnectionLost' })],
      2,
    );
    expect(roster.excluded).toEqual([
      { id: 'i-b', reason: 'host-offline', detail: 'its SSM agent reports ConnectionLost' },
    ]);
    expect(roster.problem?.reasonCode).toBe('host-offline');
    expect(roster.problem?.checked.join('\n')).toContain('i-b');
  });

  it('reports too few hosts when the offline ones do not explain it', () => {
    const roster = buildRoster(
      [instance('i-a'), instance('i-w', { platform: 'Windows' }), instance('i-b')],
      4,
    );
    expect(roster.excluded.map((entry) => entry.reason)).toEqual(['host-unfit']);
    expect(roster.problem?.reasonCode).toBe('too-few-hosts');
  });

  it('goes on without an offline host as long as the policy has enough', () => {
    const roster = buildRoster([instance('i-a'), instance('i-b', { pingStatus: '' })], 1);
    expect(roster.problem).toBeUndefined();
    expect(roster.hosts.map((host) => host.id)).toEqual(['i-a']);
  });
});
