// Prints what the bundles weigh, how fast they start and what a deployment costs; exits 1 when a budget is exceeded.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findNode24 } from '@gatewright/engine';
import { budgets } from './budgets.mjs';
import { measureDeployment } from './deployment.mjs';
import { gateExcesses, gateHeading, gateTable, measureGates, sizesOf } from './gates.mjs';
import { bundleBytes, startUpRatio } from './start-up.mjs';
import { table } from './table.mjs';
import { openWorkplace } from './workplace.mjs';

const root = resolve(import.meta.dirname, '../..');
const node24 = findNode24();
const pairs = { first: 15, again: 31 };
const excesses = [];

/** Ratios of single runs spread by far more than this; closer ones are ties. */
const tie = 1.1;

function judged(what, value, budget) {
  if (value > budget * tie)
    excesses.push(`${what}: ${value.toFixed(2)} is over the budget of ${budget}`);
  return value;
}

/** A machine with neighbours shows single ratios too high: one over the budget is measured again, longer. */
async function ratioOf(place, empty, action, { env, reasonCode }, budget = Infinity) {
  const script = place.bundle(action);
  const measure = (count) => startUpRatio({ node24, script, empty, env, pairs: count });
  place.takeReasonCode();
  await measure(1);
  const seen = place.takeReasonCode();
  if (seen !== reasonCode) throw new Error(`${action} ended ${seen} instead of ${reasonCode}`);
  const ratio = await measure(pairs.first);
  return ratio > budget ? Math.min(ratio, await measure(pairs.again)) : ratio;
}

async function measureAction(place, empty, action) {
  const budget = budgets[action];
  const bytes = judged(`${action}, bytes`, bundleBytes(root, action), budget.bytes);
  const bad = await ratioOf(place, empty, action, place.badInput(action), budget.badInput);
  const full = await ratioOf(place, empty, action, place.fullLoad(action), budget.fullLoad);
  const whole = place.wholeRun(action);
  return [
    action,
    bytes.toLocaleString('en'),
    budget.bytes.toLocaleString('en'),
    judged(`${action}, bad input`, bad, budget.badInput).toFixed(2),
    budget.badInput.toFixed(1),
    judged(`${action}, full load`, full, budget.fullLoad).toFixed(2),
    budget.fullLoad.toFixed(1),
    (await ratioOf(place, empty, action, whole)).toFixed(2),
    whole.reasonCode,
  ];
}

async function bundles() {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-bench-'));
  const empty = join(directory, 'empty.mjs');
  writeFileSync(empty, '');
  try {
    const place = await openWorkplace(root, node24, directory);
    const rows = [];
    for (const action of place.actions) rows.push(await measureAction(place, empty, action));
    await place.close();
    return rows;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const seconds = (number) => `${number.toFixed(1)} s`;

function deploymentRows(seen) {
  const { deploySeconds, hostSeconds, verifySeconds } = seen;
  return [
    ['hosts, waves', `${seen.hosts}, ${seen.waves}`],
    ['whole workflow', seconds(seen.workflowSeconds)],
    ['step deploy-ssm', seconds(deploySeconds)],
    ['longest host of each wave', seconds(hostSeconds)],
    ['overhead (deploy-ssm minus hosts)', seconds(deploySeconds - hostSeconds)],
    ['  of it probing the release', seconds(verifySeconds)],
  ];
}

const say = (text) => process.stdout.write(`${text}\n`);
say(`Node ${process.versions.node} runs the bench; load before it ${loadavg()[0].toFixed(1)}.`);
say(
  'Bad input, full load and whole run: times an empty script of Node 24, until the process ends.',
);
say('Full load stops at the first missing file; a whole run calls AWS or GitHub, on loopback.\n');
const budgeted = ['bytes', 'bad input', 'full load'].flatMap((head) => [head, 'budget']);
say(table(['action', ...budgeted, 'whole run', 'which ends'], await bundles()));
const deployment = await measureDeployment(root, node24);
say('First delivery of the demo, on emulated services:\n');
say(table(['', ''], deploymentRows(deployment)));
const calls = deployment.calls.map(({ name, by, calls: count }) => [name, by, String(count)]);
say(table(['AWS call', 'made by', 'calls'], calls));
const sizes = sizesOf(process.argv);
const gates = await measureGates(node24, sizes);
say(gateHeading);
say(gateTable(gates));
excesses.push(...gateExcesses(gates, tie, sizes));
for (const excess of excesses) say(`OVER BUDGET ${excess}`);
process.exitCode = excesses.length === 0 ? 0 : 1;
