import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../errors.ts';
import type { DocumentOptions } from '../options.ts';
import type { Arns } from './arns.ts';
import { parseDocument } from './document-content.ts';
import type { DocumentContent } from './document-content.ts';
import { operation, optional } from './operation.ts';
import type { Operations } from './operation.ts';
import { shellDocument, shellDocumentName } from './shell-document.ts';

const sizeLimit = 64 * 1024;

interface DocumentVersion {
  readonly version: string;
  readonly text: string;
  readonly format: 'JSON' | 'YAML';
  readonly content: DocumentContent;
  readonly sha256: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

interface Document {
  readonly name: string;
  readonly owner: string;
  readonly versions: DocumentVersion[];
  defaultVersion: string;
}

export interface Documents {
  readonly operations: Operations;
  /** The version that SendCommand runs. Throws InvalidDocument or InvalidDocumentVersion. */
  readonly choose: (wanted: {
    name: string;
    version: string | undefined;
    hash: string | undefined;
    hashType: string | undefined;
  }) => { name: string; version: string; content: DocumentContent };
}

const contentRequest = {
  Name: z.string(),
  Content: z.string(),
  DocumentFormat: optional(z.enum(['JSON', 'YAML', 'TEXT'])),
};
const createRequest = z.object({ ...contentRequest, DocumentType: optional(z.string()) });
const updateRequest = z.object(contentRequest);
const defaultRequest = z.object({ Name: z.string(), DocumentVersion: z.string() });
const versionRequest = z.object({ Name: z.string(), DocumentVersion: optional(z.string()) });

function makeVersion(version: string, text: string, format: 'JSON' | 'YAML'): DocumentVersion {
  if (Buffer.byteLength(text) > sizeLimit) {
    throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.');
  }
  return {
    version,
    text,
    format,
    content: parseDocument(text, format),
    sha256: createHash('sha256').update(text).digest('hex'),
    created: Date.now(),
  };
}

function textFormat(format: 'JSON' | 'YAML' | 'TEXT' | undefined): 'JSON' | 'YAML' {
  if (format === 'TEXT') {
    throw new AwsError('InvalidDocumentContent', 'A Command document is JSON or YAML.');
  }
  return format ?? 'JSON';
}

function describe(document: Document, version: DocumentVersion): object {
  const { content } = version;
  const latest = document.versions.at(-1)?.version;
  return {
    Name: document.name,
    Owner: document.owner,
    Hash: version.sha256,
    HashType: 'Sha256',
    CreatedDate: version.created / 1000,
    Status: 'Active',
    DocumentVersion: version.version,
    ...(content.description !== undefined && { Description: content.description }),
    Parameters: Object.entries(content.parameters).map(([name, parameter]) => ({
      Name: name,
      Type: parameter.type === 'StringList' ? 'StringList' : 'String',
      ...(parameter.description !== undefined && { Description: parameter.description }),
      ...(parameter.default !== undefined && { DefaultValue: String(parameter.default) }),
    })),
    PlatformTypes: ['Linux', 'MacOS'],
    DocumentType: 'Command',
    SchemaVersion: content.schemaVersion,
    LatestVersion: latest,
    DefaultVersion: document.defaultVersion,
    DocumentFormat: version.format,
    Tags: [],
  };
}

type Shelf = Map<string, Document>;

/** A document by its name, or by an ARN that ends in it. */
function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function find(shelf: Shelf, name: string): Document {
  const document = shelf.get(baseName(name));
  if (document === undefined) {
    throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
  }
  return document;
}

function findOwn(shelf: Shelf, name: string): Document {
  const document = find(shelf, name);
  if (document.owner === 'Amazon') {
    throw new AwsError('InvalidDocument', `Document ${name} belongs to AWS.`);
  }
  return document;
}

function versionOf(document: Document, wanted: string | undefined): DocumentVersion {
  const number = wanted === undefined || wanted === '$DEFAULT' ? document.defaultVersion : wanted;
  const version =
    number === '$LATEST'
      ? document.versions.at(-1)
      : document.versions.find((one) => one.version === number);
  if (version === undefined) {
    const message = `Document ${document.name} has no version ${number}.`;
    throw new AwsError('InvalidDocumentVersion', message);
  }
  return version;
}

function create(
  shelf: Shelf,
  owner: string,
  { Name, Content, DocumentFormat, DocumentType }: z.infer<typeof createRequest>,
): object {
  if (/^(?:aws|amazon|amzn)/iu.test(Name)) {
    throw new AwsError('ValidationException', `Document name ${Name} is reserved.`);
  }
  if (shelf.has(Name)) {
    throw new AwsError('DocumentAlreadyExists', `Document with same name ${Name} already exists`);
  }
  if (DocumentType !== undefined && DocumentType !== 'Command') {
    throw new AwsError('ValidationException', 'Only Command documents are emulated.');
  }
  const version = makeVersion('1', Content, textFormat(DocumentFormat));
  const document = { name: Name, owner, versions: [version], defaultVersion: '1' };
  shelf.set(Name, document);
  return { DocumentDescription: describe(document, version) };
}

function update(
  shelf: Shelf,
  { Name, Content, DocumentFormat }: z.infer<typeof updateRequest>,
): object {
  const document = findOwn(shelf, Name);
  const number = String(document.versions.length + 1);
  const version = makeVersion(number, Content, textFormat(DocumentFormat));
  if (document.versions.some((one) => one.sha256 === version.sha256)) {
    throw new AwsError(
      'DuplicateDocumentContent',
      'The content of the association document matches another document.',
    );
  }
  document.versions.push(version);
  return { DocumentDescription: describe(document, version) };
}

function get(shelf: Shelf, request: z.infer<typeof versionRequest>): object {
  const document = find(shelf, request.Name);
  const version = versionOf(document, request.DocumentVersion);
  return {
    Name: document.name,
    CreatedDate: version.created / 1000,
    DocumentVersion: version.version,
    Status: 'Active',
    Content: version.text,
    DocumentType: 'Command',
    DocumentFormat: version.format,
  };
}

function operationsOn(shelf: Shelf, arns: Arns, accountId: string): Operations {
  const resources = ({ Name }: { Name: string }): string[] => [arns.document(baseName(Name))];
  return {
    CreateDocument: operation(createRequest, {
      resources,
      run: (request) => create(shelf, accountId, request),
    }),
    UpdateDocument: operation(updateRequest, {
      resources,
      run: (request) => update(shelf, request),
    }),
    UpdateDocumentDefaultVersion: operation(defaultRequest, {
      resources,
      run: ({ Name, DocumentVersion }) => {
        const document = findOwn(shelf, Name);
        document.defaultVersion = versionOf(document, DocumentVersion).version;
        return { Description: { Name, DefaultVersion: document.defaultVersion } };
      },
    }),
    DescribeDocument: operation(versionRequest, {
      resources,
      run: (request) => {
        const document = find(shelf, request.Name);
        return { Document: describe(document, versionOf(document, request.DocumentVersion)) };
      },
    }),
    GetDocument: operation(versionRequest, { resources, run: (request) => get(shelf, request) }),
  };
}

/** The account's documents: AWS's own AWS-RunShellScript, and version 1 of each of `own`. */
export function createDocuments(
  arns: Arns,
  accountId: string,
  own: readonly DocumentOptions[],
): Documents {
  const shelf: Shelf = new Map();
  shelf.set(shellDocumentName, {
    name: shellDocumentName,
    owner: 'Amazon',
    versions: [makeVersion('1', shellDocument, 'JSON')],
    defaultVersion: '1',
  });
  for (const { name, content } of own) {
    create(shelf, accountId, createRequest.parse({ Name: name, Content: content }));
  }
  return {
    operations: operationsOn(shelf, arns, accountId),
    choose: ({ name, version: wanted, hash, hashType }) => {
      const document = find(shelf, name);
      const version = versionOf(document, wanted);
      // The wording is AWS's own (aws-samples/aws-security-reference-architecture-examples#301).
      if (hash !== undefined && hashType !== 'Sha1' && hash !== version.sha256) {
        throw new AwsError('InvalidDocument', `document hash ${hash} does not match Sha256.`);
      }
      return { name: document.name, version: version.version, content: version.content };
    },
  };
}
