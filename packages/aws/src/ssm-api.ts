import {
  CancelCommandCommand,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type {
  CancelCommandCommandInput,
  DescribeDocumentCommandInput,
  DescribeInstanceInformationCommandInput,
  GetCommandInvocationCommandInput,
  GetParameterCommandInput,
  GetParametersByPathCommandInput,
  ListCommandInvocationsCommandInput,
  ListCommandsCommandInput,
  PutParameterCommandInput,
  SendCommandCommandInput,
} from '@aws-sdk/client-ssm';

import { toGatewrightError } from './errors.ts';

/**
 * The part of SSM that deliveries use. What comes back is `unknown`: the callers parse it. Every method throws
 * GatewrightError, with the SDK's error as its cause.
 */
export interface SsmApi {
  cancelCommand(input: CancelCommandCommandInput): Promise<unknown>;
  describeDocument(input: DescribeDocumentCommandInput): Promise<unknown>;
  describeInstanceInformation(input: DescribeInstanceInformationCommandInput): Promise<unknown>;
  getCommandInvocation(input: GetCommandInvocationCommandInput): Promise<unknown>;
  getParameter(input: GetParameterCommandInput): Promise<unknown>;
  getParametersByPath(input: GetParametersByPathCommandInput): Promise<unknown>;
  listCommandInvocations(input: ListCommandInvocationsCommandInput): Promise<unknown>;
  listCommands(input: ListCommandsCommandInput): Promise<unknown>;
  putParameter(input: PutParameterCommandInput): Promise<unknown>;
  /** One attempt, never repeated by the SDK: this call has no idempotency token. */
  sendCommand(input: SendCommandCommandInput): Promise<unknown>;
  /** How many calls were made, without the SDK's own retries. */
  calls(): number;
  /** Closes the connections. */
  close(): void;
}

/** Settings of the AWS clients; credentials come from the SDK's chain. */
export interface AwsClientOptions {
  readonly region: string;
  /** Attempts of a call that may be repeated; default 5. */
  readonly maxAttempts?: number;
  /** Default `adaptive`: after a throttled call the client slows itself down. */
  readonly retryMode?: 'standard' | 'adaptive';
  /** Default 5 000. */
  readonly connectionTimeoutMilliseconds?: number;
  /** Default 15 000. */
  readonly requestTimeoutMilliseconds?: number;
}

/** The settings of an SDK client; without `throwOnRequestTimeout` a request timeout would only be logged. */
export function clientConfig(options: AwsClientOptions): {
  region: string;
  maxAttempts: number;
  retryMode: string;
  requestHandler: {
    connectionTimeout: number;
    requestTimeout: number;
    throwOnRequestTimeout: boolean;
  };
} {
  return {
    region: options.region,
    maxAttempts: options.maxAttempts ?? 5,
    retryMode: options.retryMode ?? 'adaptive',
    requestHandler: {
      connectionTimeout: options.connectionTimeoutMilliseconds ?? 5000,
      requestTimeout: options.requestTimeoutMilliseconds ?? 15_000,
      throwOnRequestTimeout: true,
    },
  };
}

/** Opens SSM over HTTPS (or wherever `AWS_ENDPOINT_URL_SSM` points). */
export function createSsmApi(options: AwsClientOptions): SsmApi {
  const client = new SSMClient(clientConfig(options));
  const once = new SSMClient({ ...clientConfig(options), maxAttempts: 1, retryMode: 'standard' });
  let calls = 0;
  const call = async (operation: string, send: () => Promise<unknown>): Promise<unknown> => {
    calls += 1;
    try {
      return await send();
    } catch (error) {
      throw toGatewrightError(error, operation, `ssm:${operation}`);
    }
  };
  return {
    cancelCommand: (input) =>
      call('CancelCommand', () => client.send(new CancelCommandCommand(input))),
    describeDocument: (input) =>
      call('DescribeDocument', () => client.send(new DescribeDocumentCommand(input))),
    describeInstanceInformation: (input) =>
      call('DescribeInstanceInformation', () =>
        client.send(new DescribeInstanceInformationCommand(input)),
      ),
    getCommandInvocation: (input) =>
      call('GetCommandInvocation', () => client.send(new GetCommandInvocationCommand(input))),
    getParameter: (input) =>
      call('GetParameter', () => client.send(new GetParameterCommand(input))),
    getParametersByPath: (input) =>
      call('GetParametersByPath', () => client.send(new GetParametersByPathCommand(input))),
    listCommandInvocations: (input) =>
      call('ListCommandInvocations', () => client.send(new ListCommandInvocationsCommand(input))),
    listCommands: (input) =>
      call('ListCommands', () => client.send(new ListCommandsCommand(input))),
    putParameter: (input) =>
      call('PutParameter', () => client.send(new PutParameterCommand(input))),
    sendCommand: (input) => call('SendCommand', () => once.send(new SendCommandCommand(input))),
    calls: () => calls,
    close: () => {
      client.destroy();
      once.destroy();
    },
  };
}
