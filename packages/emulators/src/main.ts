import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startAws } from './aws/index.ts';
import type { AwsEmulator } from './aws/index.ts';

const region = 'eu-west-1';

function guide(aws: AwsEmulator): string {
  const [host] = aws.hosts;
  const hosts = aws.hosts.map(({ id, name, directory }) => `  ${id}  ${name}  ${directory}`);
  return `AWS (SSM, STS, S3): ${aws.url}
Hosts:
${hosts.join('\n')}

Try, in another terminal:
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=${region}
  aws --endpoint-url ${aws.url} ssm send-command --document-name AWS-RunShellScript \\
    --parameters 'commands=["hostname; pwd"]' --instance-ids ${host?.id}
  aws --endpoint-url ${aws.url} ssm list-command-invocations --details
  aws --endpoint-url ${aws.url} ssm get-command-invocation --instance-id ${host?.id} --command-id COMMAND_ID

Ctrl-C ends it, with every process of its hosts.
`;
}

/** Runs the emulators by themselves until a signal ends them. */
async function emulate(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      hosts: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
    },
  });
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-emulate-'));
  const aws = await startAws({
    region,
    accountId: '123456789012',
    directory,
    port: Number(values.port),
    seed: Number(values.seed),
    hosts: Array.from({ length: Number(values.hosts) }, (_, index) => ({
      id: `i-${(index + 1).toString(16).padStart(17, '0')}`,
      name: `sample-${index + 1}`,
      tags: { App: 'sample', Environment: 'production' },
    })),
  });
  process.stdout.write(guide(aws));
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await aws.stop();
  await rm(directory, { recursive: true, force: true });
}

await emulate();
