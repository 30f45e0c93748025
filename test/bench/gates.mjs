// How much reading a report for a gate costs beside a bare pass over it, and whether the memory grows with it.
// `node test/bench/gates.mjs [--small] [junit|lcov|…]`: small takes a tenth of the sizes, which are too small for the budgets.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cobertura, junit, lcov, sarif, trivy, writeReport } from './gates/reports.mjs';
import { gateBudgets } from './budgets.mjs';
import { table } from './table.mjs';

const run = promisify(execFile);
const pass = join(import.meta.dirname, 'gates/pass.mjs');

/** What is read, by what it is compared with, and in what size. */
const cases = [
  {
    what: 'JUnit, cases',
    key: 'junit',
    make: junit,
    size: 200_000,
    gate: 'test',
    bare: 'bare-xml',
    streamed: true,
  },
  {
    what: 'LCOV, DA lines',
    key: 'lcov',
    make: lcov,
    size: 2_000_000,
    gate: 'coverage',
    bare: 'bare-lines',
    streamed: true,
  },
  {
    what: 'Cobertura, classes',
    key: 'cobertura',
    make: cobertura,
    size: 20_000,
    gate: 'coverage',
    bare: 'bare-xml',
    streamed: true,
  },
  {
    what: 'SARIF, results',
    key: 'sarif',
    make: sarif,
    size: 25_000,
    gate: 'lint',
    bare: 'bare-json',
  },
  {
    what: 'Trivy, vulnerabilities',
    key: 'trivy',
    make: trivy,
    size: 19_000,
    gate: 'audit',
    bare: 'bare-json',
  },
];

/** One of each, in turn: the machine may get slower or faster while they run. */
async function compare(node, directory, name, { gate, bare }, pairs) {
  const seen = { gate: [], bare: [], ratios: [] };
  while (seen.ratios.length < pairs) {
    const of = async (what) => JSON.parse((await run(node, [pass, what, directory, name])).stdout);
    const [bareRun, gateRun] = [await of(bare), await of(gate)];
    seen.bare.push(bareRun);
    seen.gate.push(gateRun);
    seen.ratios.push(gateRun.seconds / bareRun.seconds);
  }
  return seen;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function withReport(make, size, use) {
  const directory = mkdtempSync(join(tmpdir(), 'gatewright-gates-'));
  try {
    const report = make(size);
    await writeReport(directory, { ...report, pieces: report.pieces() });
    mkdirSync(join(directory, 'src'), { recursive: true });
    writeFileSync(join(directory, 'tests.xml'), '<testsuite><testcase name="a"/></testsuite>\n');
    return await use(directory, report.name);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureCase(node, one, { scale, pairs }) {
  const size = one.size * scale;
  const single = await withReport(one.make, size, async (directory, name) => ({
    bytes: statSync(join(directory, name)).size,
    ...(await compare(node, directory, name, one, pairs)),
  }));
  const peak = median(single.gate.map((each) => each.peak));
  const ten = one.streamed
    ? await withReport(one.make, size * 10, (directory, name) =>
        compare(node, directory, name, one, 1),
      )
    : undefined;
  const seconds = (runs) => median(runs.map((each) => each.seconds));
  return {
    what: `${one.what}: ${size.toLocaleString('en')}`,
    bytes: single.bytes,
    bare: seconds(single.bare),
    read: seconds(single.gate),
    whole: median(single.gate.map((each) => each.whole)),
    ratio: median(single.ratios),
    wholeRatio: median(single.gate.map(({ whole }, index) => whole / single.bare[index].seconds)),
    peak,
    peakBare: median(single.bare.map((each) => each.peak)),
    growth: ten === undefined ? undefined : ten.gate[0].peak / peak,
    ended: single.gate[0].ended,
  };
}

/** Every case, one after another. */
export async function measureGates(node, options) {
  const rows = [];
  const { keys = [] } = options;
  const wanted = cases.filter(({ key }) => keys.length === 0 || keys.includes(key));
  for (const one of wanted) rows.push(await measureCase(node, one, options));
  return rows;
}

export function gateTable(rows) {
  const heads = [
    'report',
    'MB',
    'bare',
    'read',
    'ratio',
    'budget',
    'with judging',
    'peak MB',
    'bare MB',
    'at ten times',
    'budget',
    'ends',
  ];
  return table(
    heads,
    rows.map((row) => [
      row.what,
      (row.bytes / 1e6).toFixed(1),
      `${row.bare.toFixed(2)} s`,
      `${row.read.toFixed(2)} s`,
      row.ratio.toFixed(2),
      gateBudgets.ratio.toFixed(1),
      row.wholeRatio.toFixed(2),
      row.peak.toFixed(0),
      row.peakBare.toFixed(0),
      row.growth === undefined ? '' : row.growth.toFixed(2),
      row.growth === undefined ? '' : gateBudgets.growth.toFixed(1),
      row.ended,
    ]),
  );
}

/** What is over its budget by more than `tie` times, in words. */
export function gateExcesses(rows, tie, { budgeted }) {
  if (!budgeted) return [];
  return rows.flatMap(({ what, ratio, growth = 0 }) => [
    ...(ratio > gateBudgets.ratio * tie
      ? [
          `${what}: ${ratio.toFixed(2)} times the bare pass for reading, budget ${gateBudgets.ratio}`,
        ]
      : []),
    ...(growth > gateBudgets.growth * tie
      ? [
          `${what}: ${growth.toFixed(2)} times the memory at ten times the size, budget ${gateBudgets.growth}`,
        ]
      : []),
  ]);
}

/** Sizes by what the command line says. */
export function sizesOf(args) {
  return args.includes('--small')
    ? { scale: 0.1, pairs: 3, budgeted: false }
    : { scale: 1, pairs: 5, budgeted: true };
}

export const gateHeading =
  'Gates over one report, in seconds of the processor; bare is sax, JSON.parse or the lines of the same file, and a\nratio is to it. The memory at ten times the size is to that at one.\n';

if (process.argv[1] === import.meta.filename) {
  const keys = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const sizes = { ...sizesOf(process.argv), keys };
  const rows = await measureGates(process.execPath, sizes);
  process.stdout.write(`${gateHeading}\n${gateTable(rows)}\n`);
  const excesses = gateExcesses(rows, 1.1, sizes);
  for (const excess of excesses) process.stdout.write(`OVER BUDGET ${excess}\n`);
  process.exitCode = excesses.length === 0 ? 0 : 1;
}
