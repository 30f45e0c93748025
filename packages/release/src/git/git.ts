import { spawn } from 'node:child_process';
import { ServiceError } from '@gatewright/verdict';

/** What one call of git may differ in. */
export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer, not a failure; by default only 0. */
  readonly accept?: readonly number[];
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
}

/** git in one directory. Arguments are never read by a shell. */
export interface Git {
  readonly directory: string;
  run(words: readonly string[], call?: GitCall): Promise<GitAnswer>;
  /** The output as text, without the line end at its end. */
  text(words: readonly string[], call?: GitCall): Promise<string>;
}

/** Bytes come back as they are, whoever's machine it is: the configuration of a user must not change what is published. */
const fixed = [
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.quotepath=false',
  '-c',
  'core.fsmonitor=false',
];

/**
 * @param env - the whole environment of git
 * @throws ServiceError `service-error` from every call that fails, with what git said
 */
export function gitIn(directory: string, env: Readonly<Record<string, string | undefined>>): Git {
  const base = { ...env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  async function run(words: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
    const { code, stdout, stderr } = await start(
      directory,
      words,
      { ...base, ...call.env },
      call.input,
    );
    if ((call.accept ?? [0]).includes(code)) return { code, stdout };
    const said = stderr.trim().split('\n').slice(-5).join(' ');
    throw new ServiceError('service-error', `git ${words[0]} failed: ${said}`, {
      checked: [`git ${words.join(' ')} in ${directory}: exit code ${code}`],
      remedy: 'See what git says; the remote may be out of reach or refuse the token.',
    });
  }
  return {
    directory,
    run,
    text: async (words, call) =>
      (await run(words, call)).stdout.toString('utf8').replace(/\n$/, ''),
  };
}

function start(
  directory: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input: string | Uint8Array | undefined,
): Promise<{ code: number; stdout: Buffer; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...fixed, ...words], { cwd: directory, env });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('error', reject);
    // git may end before it has read everything; its exit code tells.
    child.stdin.once('error', () => undefined);
    child.once('close', (code) => {
      const stderr = Buffer.concat(complaints).toString('utf8');
      resolve({ code: code ?? 1, stdout: Buffer.concat(out), stderr });
    });
    child.stdin.end(input);
  });
}

/**
 * The environment that lets git push over https with a token, without writing it into a file or an argument.
 *
 * @param url - the remote; a local path or another protocol needs no token
 */
export function tokenEnvironment(url: string, token: string | undefined): Record<string, string> {
  if (token === undefined || !url.startsWith('https://')) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}
