import { ConfigurationError } from '@gatewright/verdict';
import * as z from 'zod';

import { parseAnswer } from './pages.ts';
import type { SsmApi } from './ssm-api.ts';

/** The SSM document that hosts run, pinned by its bytes. */
export interface PinnedDocument {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
}

const description = z.object({
  Document: z.object({
    Hash: z.string(),
    HashType: z.string(),
    DocumentVersion: z.string(),
    Status: z.string().nullish(),
  }),
});

/**
 * Makes sure that the account has exactly the pinned document, before anything is sent.
 *
 * @throws ConfigurationError `document-missing` or `document-hash-mismatch`.
 */
export async function verifyDocument(api: SsmApi, pinned: PinnedDocument): Promise<void> {
  const answer = await api.describeDocument({
    Name: pinned.name,
    DocumentVersion: pinned.version,
  });
  const { Document } = parseAnswer(description, answer, 'DescribeDocument');
  const checked = [
    `document: ${pinned.name}, version ${pinned.version}`,
    `SHA-256 pinned: ${pinned.sha256}`,
    `${Document.HashType} in the account: ${Document.Hash}`,
    `status: ${Document.Status ?? 'not told'}`,
  ];
  if (Document.HashType.toLowerCase() === 'sha256' && Document.Hash === pinned.sha256) return;
  throw new ConfigurationError(
    'document-hash-mismatch',
    `the SSM document ${pinned.name} version ${pinned.version} is not the pinned one`,
    {
      checked,
      remedy:
        'Install the document that this release of Gatewright ships and set aws.document.version to it, or pin the other one by aws.document.sha256 in policy.yml after a review.',
    },
  );
}
