import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './commands.ts';

process.exitCode = await runCommand(
  {
    root: join(import.meta.dirname, '..', '..', '..'),
    program: fileURLToPath(import.meta.url),
    say: (line) => process.stdout.write(`${line}\n`),
  },
  process.argv.slice(2),
);
