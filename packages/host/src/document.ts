import { createHash } from 'node:crypto';

import { documentContent } from './generated-document.ts';

/** The name under which the document is created in an account, unless the policy names another. */
export const hostDocumentName = 'Gatewright-Host';

/** An SSM document, as CreateDocument takes it and SendCommand pins it. */
export interface HostDocument {
  readonly name: string;
  /** JSON, schema 2.2; these exact bytes are what `sha256` is of. */
  readonly content: string;
  /** SHA-256 of the content in hex: the DocumentHash that SendCommand pins. */
  readonly sha256: string;
}

/** The document of this release of Gatewright: the program that runs on a host. */
export function hostDocument(): HostDocument {
  const sha256 = createHash('sha256').update(documentContent).digest('hex');
  return { name: hostDocumentName, content: documentContent, sha256 };
}
