import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNode24 } from '@gatewright/engine';
import type { Paint } from './paint.ts';
import { play } from './play.ts';
import type { Stage } from './play.ts';
import type { DemoRecord, ScenarioRecord } from './record.ts';
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

/** Plays the scenarios and writes `demo-report/index.html`. Leaves no process and no temporary file behind. */
export async function runDemo(options: DemoOptions): Promise<DemoRecord> {
  const startedAt = Date.now();
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-demo-'));
  const world = await startWorld(directory, join(options.root, 'test/consumer'));
  const standIns = new Set<string>();
  const stage: Stage = {
    world,
    root: options.root,
    workRoot: join(directory, 'runs'),
    node24: findNode24(),
    approve: options.approve,
    progress: (event) => options.print(renderEvent(event, options.paint)),
    log: (line) => (options.verbose ? options.print(`    ${line}`) : undefined),
    signal: options.signal,
  };
  const played = async (list: typeof scenarios): Promise<ScenarioRecord[]> => {
    const records: ScenarioRecord[] = [];
    for (const scenario of list) {
      if (options.signal.aborted) break;
      options.print('');
      const { standIns: used, ...record } = await play(scenario, stage);
      for (const name of used) standIns.add(name);
      for (const problem of record.problems) options.print(`    ! ${problem}`);
      records.push(record);
    }
    return records;
  };
  try {
    await mkdir(stage.workRoot, { recursive: true });
    const chosen = scenarios.filter(({ name }) => options.scenarios.includes(name));
    const first = chosen.filter(({ environment }) => environment === 'staging');
    const rest = chosen.filter(({ environment }) => environment === 'production');
    const staging = await played(first);
    const preparation = await played(preparationFor(options.scenarios));
    const production = await played(rest);
    const records = [...staging, ...production];
    const record: DemoRecord = {
      startedAt: new Date(startedAt).toISOString(),
      seconds: Math.round((Date.now() - startedAt) / 100) / 10,
      ok:
        records.length === chosen.length &&
        [...records, ...preparation].every(({ problems }) => problems.length === 0),
      scenarios: records,
      preparation,
      standIns: [...standIns].toSorted(),
      notes: [
        'GitHub, AWS, the hosts and the load balancers are emulated on the loopback interface.',
        'The workflow files, the action bundles, the host program and the application are the real ones.',
      ],
    };
    await mkdir(join(options.root, 'demo-report'), { recursive: true });
    await writeFile(join(options.root, 'demo-report/index.html'), renderReportPage(record));
    return record;
  } finally {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
