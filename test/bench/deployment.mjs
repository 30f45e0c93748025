import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScenario, scenarios, startWorld } from '@gatewright/cli';

/** The first delivery of the demo, through engine and emulators: where its time goes and what it asks AWS. */
export async function measureDeployment(root, node24) {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  const world = await startWorld(directory, join(root, 'test/consumer'));
  const workRoot = join(directory, 'runs');
  const moments = new Map();
  const observe = ({ kind, step, at }) => {
    if (step === 'Deploy in waves') moments.set(kind, at);
  };
  try {
    const scenario = scenarios.find(({ name }) => name === 'first-deploy');
    const signal = new AbortController().signal;
    const before = Date.now();
    const run = await runScenario({ world, root, workRoot, node24, signal }, scenario, observe);
    const workflow = Date.now() - before;
    if (run.conclusion !== 'success')
      throw new Error(`${scenario.name} ended in ${run.conclusion}`);
    const result = resultOf(workRoot, run.runId, 'deploy-ssm');
    const hosts = sum(result.waves.map((wave) => Math.max(...wave.hosts.map(hostSeconds))));
    return {
      hosts: result.touched.length,
      waves: result.waves.length,
      workflowSeconds: workflow / 1000,
      deploySeconds: (moments.get('step-finished') - moments.get('step-started')) / 1000,
      hostSeconds: hosts,
      verifySeconds: sum(result.waves.map(({ verifyReport }) => verifyReport.seconds)),
      calls: countCalls(world.aws.journal()),
    };
  } finally {
    await world.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const hostSeconds = ({ seconds }) => seconds;

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function resultOf(workRoot, runId, action) {
  const file = join(workRoot, `run-${runId}/artifacts/gatewright-results/${action}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Calls by operation, the most frequent first; those that hosts make for the artifact are theirs, not the job's. */
function countCalls(journal) {
  const calls = new Map();
  for (const { service, operation, caller } of journal) {
    const by = /assumed-role\/gatewright-deploy|^$/.test(caller) ? 'job' : 'hosts';
    const name = `${service}:${operation}`;
    const count = calls.get(`${by} ${name}`) ?? { by, name, calls: 0 };
    calls.set(`${by} ${name}`, { ...count, calls: count.calls + 1 });
  }
  return [...calls.values()].toSorted((a, b) => b.calls - a.calls);
}
