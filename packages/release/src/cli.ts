import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, types } from 'node:util';
import { createReleases } from '@gatewright/github';
import { ConfigurationError, GatewrightError } from '@gatewright/verdict';
import { formatVersion, parseVersion } from './plan/version.ts';
import type { Level } from './plan/version.ts';
import { candidate, plan, prove, release, verify } from './tool.ts';
import type { Tool } from './tool.ts';
import { requireGood } from './verify.ts';

const usage = `npm run release -- plan       tell the next version and what is in it
  --level auto|patch|minor|major  at least this far; \`major\` admits what the contracts break
npm run release -- candidate  build main once and push the branch candidate
npm run release -- verify     look at the candidate from all sides
  --out DIR                  write the files of the release there
  --level LEVEL              as for plan
  --without-acceptance       leave out the acceptance suites
npm run release -- verify --tag vX.Y.Z   prove that tag, release, statement and bytes agree
  --without-rebuild          compare only what was published
npm run release -- publish    make the candidate a version; again after an interruption goes on
  --level LEVEL              as for plan
  --attestation FILE         Sigstore bundle over the checksums that verify wrote
`;

type Env = Readonly<Record<string, string | undefined>>;

const options = {
  level: { type: 'string' },
  out: { type: 'string' },
  tag: { type: 'string' },
  attestation: { type: 'string' },
  'without-acceptance': { type: 'boolean', default: false },
  'without-rebuild': { type: 'boolean', default: false },
} as const;

/** Runs one command line. Gives the exit code: 0 good, 1 refused or not as it should be, 2 used wrongly. */
export async function runCli(tool: Tool, env: Env, argv: readonly string[]): Promise<number> {
  const [command = '', ...args] = argv;
  try {
    const { values } = parseArgs({ args, options });
    const level = readLevel(values.level);
    if (command === 'plan') return await tellPlan(tool, level);
    if (command === 'candidate') return await tellCandidate(tool);
    if (command === 'verify' && values.tag !== undefined) {
      return await tellTag(tool, env, values.tag, !values['without-rebuild']);
    }
    const wishes = { level, withoutAcceptance: values['without-acceptance'] };
    if (command === 'verify') return await tellVerify(tool, wishes, values.out);
    if (command === 'publish') {
      const file = values.attestation;
      const attestation = file === undefined ? undefined : await readFile(file);
      await release(tool, releasesOf(tool, env), { ...wishes, attestation });
      return 0;
    }
  } catch (error) {
    if (error instanceof GatewrightError) return complain(tool, error);
    // What parseArgs throws on an option that it does not know.
    if (!types.isNativeError(error) || !('code' in error)) throw error;
    tool.say(error.message);
  }
  tool.say(usage);
  return 2;
}

function complain(tool: Tool, error: GatewrightError): number {
  tool.say(`${error.message} (${error.reasonCode})`);
  for (const fact of error.checked) tool.say(`  - ${fact}`);
  if (error.remedy !== undefined) tool.say(error.remedy);
  return 1;
}

function readLevel(text: string | undefined): Level | undefined {
  if (text === 'auto') return undefined;
  if (text === undefined || text === 'major' || text === 'minor' || text === 'patch') return text;
  throw new ConfigurationError(
    'input-invalid',
    `--level ${text} is not auto, patch, minor or major.`,
  );
}

async function tellPlan(tool: Tool, level: Level | undefined): Promise<number> {
  const { plan: made, notes } = await plan(tool, { level });
  tool.say(notes);
  for (const { code, text } of made.refusals) tool.say(`REFUSED: ${text} (${code})`);
  return made.refusals.length === 0 ? 0 : 1;
}

async function tellCandidate(tool: Tool): Promise<number> {
  const { commit, main } = await candidate(tool);
  tool.say(`candidate ${commit} of main ${main}`);
  return 0;
}

async function tellVerify(
  tool: Tool,
  wishes: { level: Level | undefined; withoutAcceptance: boolean },
  out: string | undefined,
): Promise<number> {
  const { checks, prepared } = await verify(tool, wishes);
  requireGood(checks);
  if (out !== undefined && prepared !== undefined) {
    await mkdir(out, { recursive: true });
    for (const [name, content] of prepared.assets) await writeFile(join(out, name), content);
    tool.say(`wrote ${prepared.assets.size} files to ${out}`);
  }
  return 0;
}

async function tellTag(tool: Tool, env: Env, tag: string, withRebuild: boolean): Promise<number> {
  const version = parseVersion(tag);
  if (version === undefined) {
    throw new ConfigurationError('input-invalid', `--tag ${tag} is not of the form vX.Y.Z.`);
  }
  const checks = await prove(tool, releasesOf(tool, env), version, withRebuild);
  for (const { name, problems } of checks) {
    tool.say(`${problems.length === 0 ? 'ok' : 'NOT OK'}  ${name}`);
    for (const problem of problems) tool.say(`        ${problem}`);
  }
  tool.say(
    `The signature of the attestation: gh attestation verify FILE --repo ${tool.repository}`,
  );
  requireGood(checks, formatVersion(version));
  tool.say(`${formatVersion(version)} is what was released`);
  return 0;
}

function releasesOf(tool: Tool, env: Env) {
  const token = env['GITHUB_TOKEN'];
  if (token === undefined || token === '') {
    throw new ConfigurationError('input-invalid', 'GITHUB_TOKEN is not set.', {
      remedy: 'Set it to a token with `contents: write` on the repository.',
    });
  }
  const apiUrl = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  return createReleases({ token, apiUrl, repository: tool.repository, timeoutSeconds: 60 });
}
