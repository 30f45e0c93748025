import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hostDocumentName } from '@gatewright/host';
import { repository, startWorld } from './demo/world.ts';
import type { World } from './demo/world.ts';

/** Starts the demo's emulated GitHub and AWS and keeps them until a signal. */
export async function emulate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '0' } } });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) {
    process.stderr.write(`--port: expected a number from 0 to 65535, got ${values.port}\n`);
    return 2;
  }
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-emulate-'));
  const consumer = resolve(import.meta.dirname, '../../../test/consumer');
  const world = await startWorld(directory, consumer, Number(values.port));
  try {
    process.stdout.write(`${instructions(world)}\n`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  } finally {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  }
  return 0;
}

function instructions({ aws, github, hosts }: World): string {
  const host = hosts.staging[0]?.id ?? '';
  const cli = `aws --endpoint-url ${aws.url} --region eu-west-1 ssm`;
  const token = github.token({ user: 'octo-reviewer' });
  return `AWS     ${aws.url}   SSM, STS, S3; account 111122223333, document ${hostDocumentName}, 9 hosts
GitHub  ${github.url}   repository ${repository}, environments staging and production

  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  ${cli} describe-instance-information
  ${cli} send-command --document-name AWS-RunShellScript --instance-ids ${host} --parameters commands=id
  ${cli} list-command-invocations --details

  curl -H 'Authorization: Bearer ${token}' ${github.url}/repos/${repository}/environments

Ctrl-C ends it, with every process of its hosts.`;
}
