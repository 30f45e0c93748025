import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { root, runDemo } from './clone.ts';
import type { DemoRun } from './clone.ts';

const document = z.strictObject({
  ok: z.boolean(),
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      environment: z.string(),
      release: z.string(),
      verdict: z.string(),
      reasonCode: z.string(),
      jobConclusion: z.string(),
      hosts: z.array(z.strictObject({ id: z.string(), release: z.string().nullable() })),
      waves: z.number(),
      awsCalls: z.number(),
      failedRequests: z.number(),
      seconds: z.number(),
    }),
  ),
});

/** Processes whose working directory lies below this one. */
function processesIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(directory);
      } catch {
        return false;
      }
    });
}

describe('gatewright demo --json', () => {
  let run: DemoRun;
  const temporary = mkdtempSync(join(tmpdir(), 'gatewright-demo-test-'));
  beforeAll(async () => {
    run = await runDemo(root, ['--json'], temporary);
  }, 240_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  const scenarios = (): z.infer<typeof document>['scenarios'] =>
    document.parse(JSON.parse(run.stdout)).scenarios;

  it('ends as it should, with one document on stdout', () => {
    expect({ exitCode: run.exitCode, problems: run.stderr.match(/^ +[!x] .*$/gm) ?? [] }).toEqual({
      exitCode: 0,
      problems: [],
    });
    expect(document.parse(JSON.parse(run.stdout)).ok).toBe(true);
  });

  it('plays the six scenarios in order', () => {
    expect(
      scenarios().map(
        ({ name, environment, release, verdict, reasonCode, jobConclusion, waves }) => [
          name,
          environment,
          release,
          verdict,
          reasonCode,
          jobConclusion,
          waves,
        ],
      ),
    ).toEqual([
      ['gates', 'staging', '1.1.0', 'pass', 'gates-passed', 'success', 0],
      ['first-deploy', 'staging', '1.0.0', 'pass', 'delivered', 'success', 1],
      ['approved-rollout', 'production', '1.1.0', 'pass', 'delivered', 'success', 3],
      ['bad-release', 'production', '1.2.0', 'fail', 'smoke-failed', 'failure', 1],
      ['manual-rollback', 'production', '1.0.0', 'pass', 'rolled-back', 'success', 3],
      ['bad-gate', 'production', '1.3.0', 'fail', 'gates-failed', 'failure', 0],
    ]);
  });

  it('leaves each environment on the release that it should serve', () => {
    expect(scenarios().map(({ hosts }) => hosts.map(({ release }) => release))).toEqual([
      Array.from({ length: 3 }, () => null),
      Array.from({ length: 3 }, () => '1.0.0'),
      Array.from({ length: 6 }, () => '1.1.0'),
      Array.from({ length: 6 }, () => '1.1.0'),
      Array.from({ length: 6 }, () => '1.0.0'),
      Array.from({ length: 6 }, () => '1.0.0'),
    ]);
  });

  it('asks AWS nothing when a gate fails, or when only gates run', () => {
    const quiet = scenarios().filter(({ awsCalls }) => awsCalls === 0);
    expect(quiet.map(({ name }) => name)).toEqual(['gates', 'bad-gate']);
  });

  it('loses no request in a good rollout, and counts those that the bad release lost', () => {
    const failed = new Map(scenarios().map(({ name, failedRequests }) => [name, failedRequests]));
    expect(failed.get('approved-rollout')).toBe(0);
    expect(failed.get('bad-release')).toBeGreaterThan(0);
  });

  it('tells its progress and which third-party actions had stand-ins', () => {
    expect(run.stderr).toContain('production waits for octo-reviewer');
    expect(run.stderr).toMatch(/Stand-ins .*actions\/checkout@/);
  });

  it('writes a page that needs nothing from elsewhere', () => {
    const page = readFileSync(join(root, 'demo-report/index.html'), 'utf8');
    expect(page).toContain('1.2.0 is bad');
    expect(page).not.toMatch(/(src|href)="https?:/);
  });

  it('leaves no process and no temporary directory', () => {
    expect(processesIn(temporary)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
