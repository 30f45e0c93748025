import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { StandIn } from './stand-in.ts';
import { matchesVersion } from './tool-version.ts';

const run = promisify(execFile);

/** Stands in for actions/setup-node: puts the engine's Node 24 before all others. It downloads nothing. */
export const setupNode: StandIn = {
  inputs: ['node-version', 'package-manager-cache'],
  async run(context) {
    const wanted = context.inputs['node-version'] ?? '';
    const { stdout } = await run(context.node24, ['--version'], { signal: context.signal });
    const version = stdout.trim().replace(/^v/, '');
    if (!matchesVersion(wanted, version)) {
      throw new Error(`node-version '${wanted}' is not here; the engine has Node ${version}`);
    }
    context.addPath(dirname(context.node24));
    context.setOutput('node-version', `v${version}`);
    context.log(`Node ${version} from ${context.node24}`);
  },
};
