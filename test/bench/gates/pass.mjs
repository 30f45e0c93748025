// One pass over a report, in a process of its own: `node pass.mjs <what> <directory> <file>`; tells seconds and memory.
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [what, directory, name] = process.argv.slice(2);
const path = join(directory, name);

/** Seconds of the processor that this process has used: neighbours on the machine do not change it much. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** As the gates read: 1 MiB at a time, decoded as it comes. */
async function eachPiece(take) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    take(decoder.decode(chunk, { stream: true }));
  }
}

async function bareXml() {
  const { default: sax } = await import('sax');
  let tags = 0;
  const parser = sax.parser(true);
  Object.assign(parser, { onopentag: () => (tags += 1) });
  const before = cpu();
  await eachPiece((text) => parser.write(text));
  parser.close();
  return { seconds: cpu() - before, items: tags };
}

function bareJson() {
  const before = cpu();
  const document = JSON.parse(readFileSync(path, 'utf8'));
  return { seconds: cpu() - before, items: Object.keys(document).length };
}

async function bareLines() {
  let lines = 0;
  let rest = '';
  const before = cpu();
  await eachPiece((text) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop();
    lines += pieces.length;
  });
  return { seconds: cpu() - before, items: lines };
}

const waive = (findings) => ({ open: findings, waived: [] });

/** Reading, as the action and the command do it, and judging what was read. */
async function gate(kindName, coverage = false) {
  const gates = await import('@gatewright/gates');
  const { defaultGatesPolicy } = await import('@gatewright/config');
  const work = gates[kindName].begin({
    gate: 'none',
    roots: { root: directory, base: directory },
    policy: { source: 'defaults', gates: defaultGatesPolicy() },
    waivers: [],
  });
  if (coverage) {
    const tests = 'tests.xml';
    await work.read({ path: tests, file: join(directory, tests), coverage: false });
  }
  const before = cpu();
  const { evidence } = await work.read({ path: name, file: path, coverage });
  const seconds = cpu() - before;
  const { breaches } = await work.judge({ waive, now: Date.now() });
  const whole = cpu() - before;
  return { seconds, whole, items: evidence.items, ended: breaches[0]?.reasonCode ?? 'gate-passed' };
}

const passes = {
  'bare-xml': bareXml,
  'bare-json': bareJson,
  'bare-lines': bareLines,
  lint: () => gate('lintGate'),
  test: () => gate('testGate'),
  coverage: () => gate('testGate', true),
  audit: () => gate('auditGate'),
};

const told = await passes[what]();
// Kibibytes on Linux.
const peak = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ ...told, peak })}\n`);
