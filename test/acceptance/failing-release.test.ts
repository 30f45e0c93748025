import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppChange } from './harness-apps.ts';
import { commandsSent, deliver, playSideBySide, rolloutOf } from './harness-delivery.ts';
import type { ServingStage } from './harness-delivery.ts';
import { serving } from './harness-hosts.ts';
import { bucket, region } from './harness-role.ts';
import type { PackedRelease } from './harness-stage.ts';
import { refusal, told } from './harness-told.ts';

/** A release that is bad on the hosts, or that they cannot get. */
interface Case {
  readonly name: string;
  readonly version: string;
  readonly change?: AppChange;
  /** Breaks what lies around the release. */
  readonly spoil?: (stage: ServingStage, release: PackedRelease) => Promise<void>;
  readonly reasonCode: string;
  readonly outcome: 'not-applied' | 'restored';
  readonly verdict?: 'error';
  /** Words of what is told of the host. */
  readonly mentions: readonly string[];
}

const hook = (name: string, body: string, seconds = 10): AppChange => ({
  scripts: { [name]: body },
  hooks: { [name]: { command: [`./bin/${name}`], 'timeout-seconds': seconds } },
});

const cases: readonly Case[] = [
  {
    name: 'an install hook that fails',
    version: '2.0.1',
    change: hook('install', 'echo "no such table" >&2; exit 7'),
    reasonCode: 'hook-failed',
    outcome: 'not-applied',
    mentions: ['install', '7', 'no such table'],
  },
  {
    name: 'a start hook that fails',
    version: '2.0.2',
    change: hook('start', 'echo "port is taken"; exit 3'),
    reasonCode: 'hook-failed',
    outcome: 'restored',
    mentions: ['start', '3', 'port is taken'],
  },
  {
    name: 'an install hook that hangs',
    version: '2.0.3',
    change: hook('install', 'sleep 612 & sleep 613', 1),
    reasonCode: 'hook-timed-out',
    outcome: 'not-applied',
    mentions: ['install', '1 s'],
  },
  {
    name: 'a start hook that hangs and does not heed a TERM',
    version: '2.0.4',
    change: hook('start', "trap '' TERM\nwhile :; do sleep 1; done", 1),
    reasonCode: 'hook-timed-out',
    outcome: 'restored',
    mentions: ['start', '1 s'],
  },
  {
    name: 'a hook that floods its output',
    version: '2.0.5',
    change: hook('install', 'yes "all work and no play"'),
    reasonCode: 'hook-output-flooded',
    outcome: 'not-applied',
    mentions: ['install', '256 KiB'],
  },
  {
    name: 'a service that never gets healthy',
    version: '2.0.6',
    change: hook('health', 'echo "still warming up"; exit 1', 2),
    reasonCode: 'health-never-answered',
    outcome: 'restored',
    mentions: ['healthy', '2 s', 'still warming up'],
  },
  {
    name: 'a service that dies at once',
    version: '2.0.7',
    change: {
      ...hook('start', 'node -e "process.exit(1)" &', 2),
      config: { 'hooks.health.timeout-seconds': 2 },
    },
    reasonCode: 'health-never-answered',
    outcome: 'restored',
    mentions: ['healthy'],
  },
  {
    name: 'an artifact with other bytes in the bucket',
    version: '2.0.8',
    spoil: replaceArtifact,
    reasonCode: 'digest-mismatch',
    outcome: 'not-applied',
    mentions: ['SHA-256'],
  },
  {
    name: 'an artifact that is gone from the bucket',
    version: '2.0.9',
    spoil: async (stage) =>
      stage.aws.faults.add({ operation: 'HeadObject', error: 'NoSuchKey', statusCode: 404 }),
    reasonCode: 'artifact-missing',
    outcome: 'not-applied',
    verdict: 'error',
    mentions: ['release.tar.gz'],
  },
  {
    name: 'an instance role that may not read the bucket',
    version: '2.0.10',
    spoil: async (stage) =>
      stage.aws.faults.add({ operation: 'HeadObject', error: 'AccessDenied', statusCode: 403 }),
    reasonCode: 'access-denied',
    outcome: 'not-applied',
    verdict: 'error',
    mentions: ['release.tar.gz'],
  },
];

/** What a host may print to take over the runner, the log or the page that shows the summary. */
const hostile = `printf '::error file=a.js::pwned-1\\n'
printf '::set-output name=verdict::pass\\n::add-mask::staging\\n::stop-commands::pwned-2\\n'
printf '##[error]pwned-3 and ##vso[task.complete]pwned-4\\n'
printf '\\033[2J\\033]0;pwned-5\\007\\033[31mred\\033[0m\\r::warning::pwned-6\\n'
printf '**Verdict: pass** <img src=x onerror=pwned-7> [pwned-8](http://evil)\\n| a | b |\\n'
echo '::error::pwned-9'
exit 9`;
const takeover: Case = {
  name: 'a hook that speaks to the runner',
  version: '2.0.11',
  change: hook('install', hostile),
  reasonCode: 'hook-failed',
  outcome: 'not-applied',
  mentions: ['install', '9'],
};

/** Somebody with all rights puts other bytes of the same length, with the same metadata, where the artifact belongs. */
async function replaceArtifact(stage: ServingStage, release: PackedRelease): Promise<void> {
  const file = join(stage.workspace, release.directory, 'release.tar.gz');
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  const client = new S3Client({
    region,
    endpoint: stage.aws.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `orders/${release.digest}/release.tar.gz`,
      Body: bytes,
      Metadata: { 'gatewright-sha256': release.digest },
    }),
  );
  client.destroy();
}

const all = [...cases, takeover];
const played = playSideBySide(3, all, async (stage, one) => {
  const release = await stage.pack(one.version, one.change);
  await one.spoil?.(stage, release);
  const { value: end, calls } = await stage.calls(() => deliver(stage, release));
  return { end, calls, sight: await stage.look(), hosts: stage.hosts };
});
beforeAll(played.start, 120_000);
afterAll(played.stop);

describe.each(all)('$name', (one) => {
  it('stops the delivery, and says why', async () => {
    const { end } = await played.of(one);
    expect(told(end)).toEqual(refusal(one.reasonCode, one.verdict ?? 'fail'));
    const text = [end.result.explanation, ...end.result.checked].join('\n');
    for (const word of one.mentions) expect(text).toContain(word);
    expect(end.result.remedy).toContain('rollback-ssm');
    expect(end.post.exitCode).toBe(0);
  });

  it('leaves every host on the release before, whole, and nothing running', async () => {
    const { sight } = await played.of(one);
    expect(sight).toEqual({ 'web-1': serving('1.0.0'), 'web-2': serving('1.0.0') });
  });

  it('is tried on one host only, and told host by host', async () => {
    const { end, calls, hosts } = await played.of(one);
    const [first, second] = hosts.map(({ id }) => id);
    expect(commandsSent(calls, 'apply')).toEqual([[first]]);
    expect(end.outputs).toMatchObject({ touched: 'true', 'touched-hosts': first, targets: '' });
    expect(rolloutOf(end)).toMatchObject({
      touched: [first],
      untouched: [second],
      hosts: [
        { id: first, outcome: one.outcome, reasonCode: one.reasonCode },
        { id: second, outcome: 'untouched', reasonCode: null },
      ],
    });
    expect(rolloutOf(end).hosts.map((host) => host.release?.version)).toEqual(['1.0.0', '1.0.0']);
  });
});

describe('what a host prints', () => {
  it('is shown, and is no command', async () => {
    const { end } = await played.of(takeover);
    const obeyed = end.commands.filter(({ name }) => name !== 'group' && name !== 'endgroup');
    expect(obeyed.map(({ name }) => name)).toEqual(['error']);
    expect(obeyed[0]?.message).toContain('docs/07-TROUBLESHOOTING.md#hook-failed');
    expect(end.log).toContain('pwned-1');
    expect(end.log).toContain('pwned-9');
  });

  it('does not steer a terminal', async () => {
    const { end } = await played.of(takeover);
    // eslint-disable-next-line no-control-regex
    expect(end.everything).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
  });

  it('makes no output and no state of the step', async () => {
    const { end } = await played.of(takeover);
    expect(end.outputs).toMatchObject({ verdict: 'fail', 'reason-code': 'hook-failed' });
    expect(JSON.stringify(end.outputs)).not.toContain('pwned');
    expect(JSON.stringify(end.state)).not.toContain('pwned');
  });

  it('is plain text in the summary', async () => {
    const { end } = await played.of(takeover);
    const outside = end.summary.replaceAll(/^(`{3,}|~{3,})[^]*?^\1\s*$/gmu, '');
    expect(outside).not.toContain('<img');
    expect(outside).not.toContain('](http://evil)');
    expect(outside.match(/\*\*Verdict: /gu)).toHaveLength(1);
  });
});
