import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNode24 } from '@gatewright/engine';
import type { Paint } from './paint.ts';
import { play } from './play.ts';
import type { Played, Stage } from './play.ts';
import type { DemoRecord } from './record.ts';
import { renderReportPage } from './report-page.ts';
import { preparationFor, scenarios } from './scenarios.ts';
import { renderEvent } from './timeline.ts';
import { startWorld } from './world.ts';

/** How the demo is to run. */
export interface DemoOptions {
  /** Root of the Gatewright repository. */
  readonly root: string;
  /** Names of the scenarios to run. */
  readonly scenarios: readonly string[];
  readonly approve: Stage['approve'];
  /** Takes one line of progress. */
  readonly print: (line: string) => void;
  readonly paint: Paint;
  /** Also prints what every step logs. */
  readonly verbose: boolean;
  readonly signal: AbortSignal;
}

const notes = [
  'GitHub, AWS, the hosts and the load balancers are emulated on the loopback interface.',
  'The load balancer of the demo asks another host when one refuses a request; not every real one does.',
  'The workflow files, the action bundles, the host program and the application are the real ones.',
];

/**
 * Plays the scenarios and writes `demo-report/index.html`. Leaves no process and no temporary file behind, however it ends.
 *
 * @throws ConfigurationError when there is no Node 24, or a workflow file cannot be run.
 */
export async function runDemo(options: DemoOptions): Promise<DemoRecord> {
  const startedAt = Date.now();
  const node24 = findNode24();
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-demo-'));
  try {
    const world = await startWorld(directory, join(options.root, 'test/consumer'));
    try {
      const workRoot = join(directory, 'runs');
      const played = await playAll(options, { world, workRoot, node24 });
      const record = recordOf(played, options.scenarios, startedAt);
      await mkdir(join(options.root, 'demo-report'), { recursive: true });
      await writeFile(join(options.root, 'demo-report/index.html'), renderReportPage(record));
      return record;
    } finally {
      await world.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Staging first, then whatever production needs to begin with, then production. */
async function playAll(
  options: DemoOptions,
  on: Pick<Stage, 'world' | 'workRoot' | 'node24'>,
): Promise<Played[]> {
  const { print, paint, root, approve, signal, verbose } = options;
  const stage: Stage = {
    ...on,
    root,
    approve,
    signal,
    progress: (event) => print(renderEvent(event, paint)),
    log: (line) => (verbose ? print(`    ${line}`) : undefined),
  };
  const chosen = scenarios.filter(({ name }) => options.scenarios.includes(name));
  const order = [
    ...chosen.filter(({ environment }) => environment === 'staging'),
    ...preparationFor(options.scenarios),
    ...chosen.filter(({ environment }) => environment === 'production'),
  ];
  const played: Played[] = [];
  for (const scenario of order) {
    if (signal.aborted) break;
    print('');
    const record = await play(scenario, stage);
    for (const problem of record.problems) print(`    ! ${problem}`);
    played.push(record);
  }
  return played;
}

/** Everything that was played, as one record; `ok` only when all that was asked for ended as it should. */
function recordOf(
  played: readonly Played[],
  names: readonly string[],
  startedAt: number,
): DemoRecord {
  const asked = played.filter(({ name }) => names.includes(name));
  return {
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round((Date.now() - startedAt) / 100) / 10,
    ok:
      asked.length === new Set(names).size && played.every(({ problems }) => problems.length === 0),
    scenarios: asked,
    preparation: played.filter(({ name }) => !names.includes(name)),
    standIns: [...new Set(played.flatMap(({ standIns }) => standIns))].toSorted(),
    notes,
  };
}
