import { realpath } from 'node:fs/promises';
import { ConfigurationError } from '@gatewright/verdict';
import type { RunTool } from './tool.ts';

/** What git knows of the tree that is judged. */
export interface GitFacts {
  /** Absolute root of the repository, links resolved; undefined outside of one. */
  readonly root: () => Promise<string | undefined>;
  /** Id of the commit that is checked out; undefined when there is none. */
  readonly commit: () => Promise<string | undefined>;
  /** Those of the paths that are committed or staged; undefined when git cannot tell. */
  readonly tracked: (paths: readonly string[]) => Promise<ReadonlySet<string> | undefined>;
  /**
   * What the change adds, as the text of a diff without context.
   * @throws ConfigurationError `changes-unknown` when the base is not there: an empty diff would be a pass for nothing (F11).
   */
  readonly diff: (base: string) => Promise<string>;
}

const timeoutSeconds = 120;
/** In UTF-16 units. A diff that is larger is no change that somebody made by hand. */
const mostOutput = 256 * 1024 * 1024;
/** Paths in one call; the arguments of a program have a limit. */
const chunk = 500;

// No setting of the machine or the repository may change what git prints or make it run something.
const steady = [
  '-c',
  'safe.directory=*',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'diff.noprefix=false',
  '-c',
  'diff.mnemonicPrefix=false',
  '--literal-pathspecs',
];

/** @param directory - absolute; in the repository or not */
export function gitFacts(runTool: RunTool, directory: string): GitFacts {
  const git = async (...words: readonly string[]): Promise<string | undefined> => {
    const pieces: string[] = [];
    let units = 0;
    const takeStdout = (text: string): void => {
      units += text.length;
      if (units <= mostOutput) pieces.push(text);
    };
    const argv = ['git', ...steady, ...words] as const;
    const spec = { argv, cwd: directory, timeoutSeconds, takeStdout, quiet: true } as const;
    // A machine without git is a place without a repository.
    const end = await runTool(spec).catch((error: unknown) => {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    });
    if (end === undefined || end.exitCode !== 0 || end.timedOut || units > mostOutput)
      return undefined;
    return pieces.join('');
  };
  const line = async (...words: readonly string[]): Promise<string | undefined> =>
    (await git(...words))?.trim() || undefined;
  const findRoot = async (): Promise<string | undefined> => {
    const top = await line('rev-parse', '--show-toplevel');
    return top === undefined ? undefined : realpath(top).catch(() => undefined);
  };
  let found: Promise<string | undefined> | undefined;
  const root = (): Promise<string | undefined> => (found ??= findRoot());
  return {
    root,
    commit: () => line('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    tracked: async (paths) => {
      const top = await root();
      const known = new Set<string>();
      if (top === undefined) return undefined;
      for (let start = 0; start < paths.length; start += chunk) {
        const some = paths.slice(start, start + chunk).map((path) => `${top}/${path}`);
        const text = await git('ls-files', '-z', '--full-name', '--', ...some);
        if (text === undefined) return undefined;
        for (const path of text.split('\0')) known.add(path);
      }
      return known;
    },
    diff: async (base) => {
      const commit = await line(
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${base}^{commit}`,
      );
      if (commit === undefined) throw unknownChanges(base, 'it is not in this checkout');
      // Three dots: from where the change began, not what the base has gained since.
      const text = await git(
        'diff',
        '-U0',
        '--no-ext-diff',
        '--no-textconv',
        '--no-color',
        '--no-renames',
        '--src-prefix=a/',
        '--dst-prefix=b/',
        `${commit}...HEAD`,
        '--',
      );
      if (text === undefined) throw unknownChanges(base, 'its common ancestor with HEAD is not');
      return text;
    },
  };
}

function unknownChanges(base: string, why: string): ConfigurationError {
  return new ConfigurationError(
    'changes-unknown',
    `What the change touches since ${base} could not be found out: ${why}.`,
    {
      checked: [`git diff ${base}...HEAD`],
      remedy:
        'Check out with fetch-depth: 0, and give the commit that the change started from as diff-base.',
    },
  );
}
