import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { AccessError } from '@gatewright/verdict';

import { createFleet } from './index.ts';
import type { SsmApi } from './index.ts';

/** An SSM in memory that answers every command with a success that the host has printed. */
function fakeApi(refuseSend: (call: number) => boolean): { api: SsmApi; sizes: number[] } {
  const sizes: number[] = [];
  const commands = new Map<string, { ids: string[]; line: string }>();
  const api: SsmApi = {
    cancelCommand: refused,
    describeDocument: refused,
    describeInstanceInformation: refused,
    getCommandInvocation: refused,
    getParameter: refused,
    getParametersByPath: refused,
    listCommands: refused,
    putParameter: refused,
    calls: () => 0,
    close: () => undefined,
    sendCommand: async ({ InstanceIds = [], Parameters = {} }) => {
      await Promise.resolve();
      if (refuseSend(sizes.push(InstanceIds.length))) {
        throw new AccessError('access-denied', 'AWS refused SendCommand');
      }
      const id = `c-${commands.size}`;
      const text = (name: string): string => Parameters[name]?.[0] ?? '';
      const release = { version: text('Version'), digest: text('Digest') };
      const envelope = {
        schema: 'gatewright.host/1',
        operation: text('Operation'),
        outcome: 'applied',
        reason: 'release-applied',
        app: 'orders',
        run: text('RunId'),
        step: text('StepId'),
        generation: 1,
        replayed: false,
        current: release,
        previous: null,
        present: [release],
        presentCut: false,
        port: 8080,
        seconds: 1,
        detail: 'ok',
      };
      commands.set(id, {
        ids: InstanceIds,
        line: `gatewright-envelope: ${JSON.stringify(envelope)}\n`,
      });
      return { Command: { CommandId: id } };
    },
    // Pages of 50 at most, as SSM has them.
    listCommandInvocations: async ({ CommandId = '', MaxResults = 50, NextToken = '0' }) => {
      await Promise.resolve();
      const { ids = [], line = '' } = commands.get(CommandId) ?? {};
      const start = Number(NextToken);
      const page = ids.slice(start, start + MaxResults);
      const next = start + MaxResults < ids.length ? { NextToken: String(start + MaxResults) } : {};
      const CommandInvocations = page.map((InstanceId) => ({
        InstanceId,
        Status: 'Success',
        StatusDetails: 'Success',
        CommandPlugins: [{ Name: 'gatewright', Output: line }],
      }));
      return { CommandInvocations, ...next };
    },
  };
  return { api, sizes };
}

function refused(): Promise<never> {
  return Promise.reject(new Error('not in this test'));
}

function fleetOf(api: SsmApi): ReturnType<typeof createFleet> {
  let now = 0;
  return createFleet(api, {
    app: 'orders',
    runId: '1.1',
    document: { name: 'Gatewright-Host', version: '1', sha256: 'ab'.repeat(32) },
    keepReleases: 5,
    deliveryTimeoutSeconds: 60,
    hostTimeoutSeconds: 60,
    random: () => 0.5,
    clock: {
      now: () => now,
      sleep: async (milliseconds) => {
        await Promise.resolve();
        now += milliseconds;
      },
    },
  });
}

function hostsOf(count: number): { id: string; name: string; ipAddress: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `i-${String(index).padStart(17, '0')}`;
    return { id, name: id, ipAddress: '' };
  });
}

const apply = {
  kind: 'apply',
  step: 'wave-1',
  generation: 1,
  release: {
    app: 'orders',
    version: '1.0.0',
    digest: 'cd'.repeat(32),
    source: 's3://bucket/key',
    commit: 'c0ffee',
    rollbackMode: 'safe',
    verify: {},
  },
} as const;

describe('a large fleet', () => {
  it('gets commands of at most 50 hosts, and every host is reported once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 160 }), async (count) => {
        const { api, sizes } = fakeApi(() => false);
        const hosts = hostsOf(count);
        const reports = await fleetOf(api).run(apply, hosts, new AbortController().signal);
        expect(reports.map((report) => report.host.id)).toEqual(hosts.map((host) => host.id));
        expect(reports.every((report) => report.outcome === 'applied')).toBe(true);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
        expect(sizes).toHaveLength(Math.ceil(count / 50));
      }),
      { numRuns: 25 },
    );
  });

  it('tells apart the hosts whose command was refused from those that had got theirs', async () => {
    const { api } = fakeApi((call) => call === 2);
    const reports = await fleetOf(api).run(apply, hostsOf(51), new AbortController().signal);
    expect(reports.filter((report) => report.outcome === 'applied')).toHaveLength(50);
    expect(reports.at(-1)).toMatchObject({ outcome: 'not-applied', reasonCode: 'access-denied' });
  });
});
