import { ConfigurationError } from '@gatewright/verdict';
import * as z from 'zod';

import { awsErrorName, toGatewrightError } from './errors.ts';
import { parseAnswer } from './pages.ts';
import { clientConfig } from './ssm-api.ts';
import type { AwsClientOptions } from './ssm-api.ts';

/** One artifact to be kept. */
export interface Artifact {
  readonly app: string;
  /** SHA-256 of the bytes, hex; the caller has checked it. */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** Keeps artifacts under their digest; what once stands there is never replaced. */
export interface ArtifactStore {
  /**
   * Stores the artifact unless it is there already.
   *
   * @returns Its address, `s3://bucket/key`.
   * @throws ConfigurationError `artifact-conflict` when other bytes stand under its name.
   */
  put(artifact: Artifact): Promise<string>;
  calls(): number;
}

const head = z.object({
  ContentLength: z.number().nullish(),
  Metadata: z.record(z.string(), z.string()).nullish(),
});

const digestKey = 'gatewright-sha256';
const mostAttempts = 3;

/** Opens the store; the S3 SDK is loaded with the first artifact. */
export function createArtifactStore(options: AwsClientOptions & { bucket: string }): ArtifactStore {
  const { bucket } = options;
  let calls = 0;
  const call = async <T>(operation: string, iam: string, send: () => Promise<T>): Promise<T> => {
    calls += 1;
    try {
      return await send();
    } catch (error) {
      throw toGatewrightError(error, operation, iam);
    }
  };
  const put = async (artifact: Artifact): Promise<string> => {
    const { S3Client, PutObjectCommand, HeadObjectCommand } = await import('@aws-sdk/client-s3');
    const client = new S3Client(clientConfig(options));
    const key = `${artifact.app}/${artifact.digest}/release.tar.gz`;
    const create = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: artifact.bytes,
      ContentLength: artifact.bytes.byteLength,
      ContentType: 'application/gzip',
      IfNoneMatch: '*',
      // S3 itself compares the bytes that arrive with the digest.
      ChecksumSHA256: Buffer.from(artifact.digest, 'hex').toString('base64'),
      Metadata: { [digestKey]: artifact.digest },
    });
    try {
      if (
        (await tryCreate(() => call('PutObject', 's3:PutObject', () => client.send(create)))) ===
        'taken'
      ) {
        const found = await call('HeadObject', 's3:GetObject', () =>
          client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })),
        );
        compare(parseAnswer(head, found, 'HeadObject'), artifact, `s3://${bucket}/${key}`);
      }
    } finally {
      client.destroy();
    }
    return `s3://${bucket}/${key}`;
  };
  return { put, calls: () => calls };
}

/** 412: the name is taken. 409: somebody is writing it just now, so try again. */
async function tryCreate(create: () => Promise<unknown>): Promise<'created' | 'taken'> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await create();
      return 'created';
    } catch (error) {
      const name = awsErrorName(error);
      if (name === 'PreconditionFailed') return 'taken';
      if (name !== 'ConditionalRequestConflict' || attempt === mostAttempts) throw error;
    }
  }
}

function compare(found: z.infer<typeof head>, artifact: Artifact, address: string): void {
  const digest = found.Metadata?.[digestKey];
  if (found.ContentLength === artifact.bytes.byteLength && digest === artifact.digest) return;
  throw new ConfigurationError('artifact-conflict', `other bytes already stand at ${address}`, {
    checked: [
      `length: ${found.ContentLength ?? 'unknown'}, expected ${artifact.bytes.byteLength}`,
      `SHA-256 in its metadata: ${digest ?? 'none'}, expected ${artifact.digest}`,
    ],
    remedy: 'Find out who wrote this object; nothing but Gatewright should write to this bucket.',
  });
}
