import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import {
  CreateDocumentCommand,
  GetCommandInvocationCommand,
  ListCommandInvocationsCommand,
  SSMClient,
  SendCommandCommand,
} from '@aws-sdk/client-ssm';
import type { CommandInvocation, SendCommandCommandInput } from '@aws-sdk/client-ssm';
import { startAws } from './index.ts';
import type { AwsEmulator, AwsOptions, HostOptions } from './index.ts';

export const region = 'eu-west-1';
export const accountId = '123456789012';

export function hostId(number: number): string {
  return `i-${number.toString(16).padStart(17, '0')}`;
}

/** Host `number`, tagged App=sample. */
export function host(number: number, more: Partial<HostOptions> = {}): HostOptions {
  return { id: hostId(number), name: `web-${number}`, tags: { App: 'sample' }, ...more };
}

export function hosts(count: number): HostOptions[] {
  return Array.from({ length: count }, (_, index) => host(index + 1));
}

export interface World {
  readonly aws: AwsEmulator;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  /** Sends and waits until every invocation has ended; answers the command id. */
  readonly run: (input: SendCommandCommandInput) => Promise<string>;
  /** Runs lines with AWS-RunShellScript on host 1 and answers its invocation. */
  readonly shell: (lines: string[], more?: Partial<SendCommandCommandInput>) => Promise<Shown>;
  /** Makes a document of schema 2.2 with these steps. */
  readonly document: (name: string, parameters: object, steps: object[]) => Promise<void>;
  readonly invocations: (commandId: string) => Promise<CommandInvocation[]>;
  readonly result: (commandId: string, host?: number, step?: string) => Promise<Shown>;
  readonly close: () => Promise<void>;
}

/** What GetCommandInvocation and the details of ListCommandInvocations show of one step. */
export interface Shown {
  readonly commandId: string;
  readonly status: string;
  readonly details: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const keys = { accessKeyId: 'test', secretAccessKey: 'test' };

export function clientsOf(
  url: string,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } = keys,
): { ssm: SSMClient; s3: S3Client } {
  const common = { region, endpoint: url, credentials, maxAttempts: 1 };
  return { ssm: new SSMClient(common), s3: new S3Client({ ...common, forcePathStyle: true }) };
}

/** Starts an emulator in a fresh directory, with real clients. Every read sees everything, unless a seed is given. */
export async function openWorld(options: Partial<AwsOptions> = {}): Promise<World> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const directory = await mkdtemp(join(tmpdir(), 'gatewright-aws-test-'));
  const aws = await startAws({
    region,
    accountId,
    directory,
    hosts: [host(1)],
    ...(options.seed === undefined && { invisibleReads: 0 }),
    ...options,
  });
  const { ssm, s3 } = clientsOf(aws.url);

  const run: World['run'] = async (input) => {
    const { Command } = await ssm.send(new SendCommandCommand(input));
    const id = Command?.CommandId ?? '';
    await aws.settled(id);
    return id;
  };
  const result: World['result'] = async (commandId, number = 1, plugin) => {
    const shown = await ssm.send(
      new GetCommandInvocationCommand({
        CommandId: commandId,
        InstanceId: hostId(number),
        PluginName: plugin,
      }),
    );
    return {
      commandId,
      status: shown.Status ?? '',
      details: shown.StatusDetails ?? '',
      code: shown.ResponseCode ?? Number.NaN,
      stdout: shown.StandardOutputContent ?? '',
      stderr: shown.StandardErrorContent ?? '',
    };
  };
  return {
    aws,
    ssm,
    s3,
    run,
    result,
    shell: async (commands, more = {}) => {
      const id = await run({
        DocumentName: 'AWS-RunShellScript',
        InstanceIds: [hostId(1)],
        ...more,
        Parameters: { commands, ...more.Parameters },
      });
      return result(id);
    },
    document: async (name, parameters, steps) => {
      const content = { schemaVersion: '2.2', parameters, mainSteps: steps };
      await ssm.send(
        new CreateDocumentCommand({
          Name: name,
          Content: JSON.stringify(content),
          DocumentType: 'Command',
        }),
      );
    },
    invocations: async (commandId) => {
      const list = await ssm.send(
        new ListCommandInvocationsCommand({ CommandId: commandId, Details: true }),
      );
      return list.CommandInvocations ?? [];
    },
    close: async () => {
      ssm.destroy();
      s3.destroy();
      await aws.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A step of schema 2.2 that runs lines of shell. */
export function step(name: string, runCommand: string[], more: object = {}): object {
  return { action: 'aws:runShellScript', name, inputs: { runCommand, ...more } };
}
