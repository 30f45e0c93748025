import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StandIn } from './stand-in.ts';
import { matchesVersion } from './tool-version.ts';

const run = promisify(execFile);
const question = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])';

/** Stands in for actions/setup-python: gives the `python3` of this machine the name `python`. It downloads nothing. */
export const setupPython: StandIn = {
  inputs: ['python-version'],
  async run(context) {
    const wanted = context.inputs['python-version'] ?? '';
    const { env, signal } = context;
    const { stdout } = await run('python3', ['-c', question], { env, signal });
    const [program = '', version = ''] = stdout.trim().split('\n');
    if (!matchesVersion(wanted, version)) {
      throw new Error(`python-version '${wanted}' is not here; this machine has Python ${version}`);
    }
    const directory = join(context.temp, 'setup-python');
    await mkdir(directory, { recursive: true });
    await symlink(program, join(directory, 'python'));
    context.addPath(directory);
    context.setOutput('python-version', version);
    context.log(`Python ${version} from ${program}`);
  },
};
