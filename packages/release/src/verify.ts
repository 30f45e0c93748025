import { ConfigurationError, GatewrightError } from '@gatewright/verdict';
import type { ReasonCode } from '@gatewright/verdict';
import { checkPins, readPins } from '@gatewright/workflows';
import { readComponents } from './assets/sbom.ts';
import { isAcceptedLicense, readNotices } from './assets/licenses.ts';
import { buildCandidate, candidateProblems } from './candidate.ts';
import type { Commands } from './commands.ts';
import type { Git } from './git/git.ts';
import { isAncestor, parentsOf, pathsAt, readFilesAt, textAt, treeChanges } from './git/objects.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly reasonCode: ReasonCode;
  /** None: it is as it should be. */
  readonly problems: readonly string[];
}

/** What is verified. */
export interface VerifyRequest {
  readonly git: Git;
  readonly candidate: string;
  /** The newest commit of main. */
  readonly main: string;
  readonly commands: Commands;
  /** Leaves out the acceptance suites, which take minutes. */
  readonly withoutAcceptance?: boolean;
  readonly say: (line: string) => void;
}

/** Where the pins of third-party actions stand. */
const pinsPath = 'packages/workflows/pins.json';

/**
 * Looks at a candidate from all sides. What runs other people's code comes last, and only for a candidate that is what it
 * says.
 */
export async function verifyCandidate(request: VerifyRequest): Promise<readonly Check[]> {
  const { git, candidate, main } = request;
  const checks: Check[] = [];
  const look = async (
    name: string,
    reasonCode: ReasonCode,
    find: () => Promise<readonly string[]>,
  ): Promise<boolean> => {
    const problems = await find();
    checks.push({ name, reasonCode, problems });
    request.say(`${problems.length === 0 ? 'ok' : 'NOT OK'}  ${name}`);
    for (const problem of problems) request.say(`        ${problem}`);
    return problems.length === 0;
  };
  const shape = await look('only bundles differ from main', 'candidate-invalid', () =>
    shapeProblems(git, candidate, main),
  );
  if (!shape) return checks;
  const [source = ''] = await parentsOf(git, candidate);
  await look('third-party code is pinned', 'candidate-invalid', () => pinProblems(git, candidate));
  await look('licences', 'candidate-invalid', () => licenseProblems(git, candidate));
  const same = await look('a rebuild gives the same bytes', 'bundle-differs', () =>
    rebuildProblems(git, candidate, source, request.commands.build),
  );
  if (!same || request.withoutAcceptance === true) return checks;
  await look(
    'acceptance suites, on the bundles of the candidate',
    'candidate-invalid',
    async () => {
      await git.run(['checkout', '--quiet', '--force', '--detach', candidate]);
      return problemsOf(() => request.commands.accept(git.directory));
    },
  );
  return checks;
}

/** @throws ConfigurationError with the reason code of the first check that found something */
export function requireGood(checks: readonly Check[], what = 'The candidate'): void {
  const bad = checks.filter(({ problems }) => problems.length > 0);
  const [first] = bad;
  if (first === undefined) return;
  throw new ConfigurationError(first.reasonCode, `${what} is refused: ${first.name}.`, {
    checked: bad.flatMap(({ name, problems }) => problems.map((one) => `${name}: ${one}`)),
    remedy: what.startsWith('v')
      ? 'See docs/07-TROUBLESHOOTING.md; a tag that was moved is an incident.'
      : 'Mend what is listed on main and make a new candidate; never mend a candidate.',
  });
}

async function shapeProblems(
  git: Git,
  candidate: string,
  main: string,
): Promise<readonly string[]> {
  const [parent] = await parentsOf(git, candidate);
  const fromMain = parent !== undefined && (await isAncestor(git, parent, main));
  const origin = fromMain ? [] : [`the parent of ${candidate} is not in main`];
  return [...origin, ...(await candidateProblems(git, candidate))];
}

async function pinProblems(git: Git, commit: string): Promise<readonly string[]> {
  const text = await textAt(git, commit, pinsPath);
  if (text === undefined) return [`${pinsPath} is missing`];
  const pins = readPins(text);
  const paths = await pathsAt(git, commit, (path) =>
    /^(?:\.github\/workflows|workflows)\/.+\.ya?ml$/.test(path),
  );
  const files = await readFilesAt(git, commit, paths);
  return [...files].flatMap(([path, content]) =>
    checkPins(content.toString('utf8'), pins).map(
      ({ line, message }) => `${path}:${line}: ${message}`,
    ),
  );
}

async function licenseProblems(git: Git, commit: string): Promise<readonly string[]> {
  const lock = await textAt(git, commit, 'package-lock.json');
  if (lock === undefined) return ['package-lock.json is missing'];
  const inProduct = new Set(
    readComponents(lock)
      .filter(({ isTool }) => !isTool)
      .map(({ name, version }) => `${name}@${version}`),
  );
  const paths = await pathsAt(git, commit, (path) => /^actions\/[^/]+\/action\.yml$/.test(path));
  const problems = await Promise.all(
    paths.map(async (path) => {
      const place = path.replace(/action\.yml$/, 'dist/licenses.txt');
      const text = await textAt(git, commit, place);
      const notices = text === undefined ? undefined : readNotices(text);
      if (notices === undefined) return [`${place} is missing or cannot be read`];
      return notices.flatMap(({ name, version, license }) => [
        ...(isAcceptedLicense(license) ? [] : [`${place}: ${name} has the licence ${license}`]),
        ...(inProduct.has(`${name}@${version}`)
          ? []
          : [`${place}: ${name}@${version} is not in the bill of materials`]),
      ]);
    }),
  );
  return problems.flat();
}

/** Builds the same source again and compares all bytes. */
export async function rebuildProblems(
  git: Git,
  candidate: string,
  source: string,
  build: Commands['build'],
): Promise<readonly string[]> {
  let rebuilt = '';
  const failed = await problemsOf(async () => {
    rebuilt = await buildCandidate(git, source, build);
  });
  if (failed.length > 0) return failed;
  const changes = await treeChanges(git, rebuilt, candidate);
  return changes.map(({ status, path }) => `${path} differs from a rebuild (${status})`);
}

/** What a command complains about; a defect of ours goes on as it is. */
async function problemsOf(work: () => Promise<void>): Promise<readonly string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof GatewrightError)) throw error;
    return [error.message, ...error.checked];
  }
}
