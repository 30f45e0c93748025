import { join } from 'node:path';
import { runCli } from './cli.ts';
import { ownCommands } from './commands.ts';
import { repositoryFrom } from './repository.ts';

const { env } = process;
const root = join(import.meta.dirname, '..', '..', '..');
const { serverUrl, repository, builder } = await repositoryFrom(env, root);
process.exitCode = await runCli(
  {
    place: { root, env, token: env['GITHUB_TOKEN'] },
    commands: ownCommands(env),
    repository,
    serverUrl,
    builder,
    now: () => Date.now(),
    say: (line) => void process.stdout.write(`${line}\n`),
  },
  env,
  process.argv.slice(2),
);
