import * as z from 'zod';

/** What a statement says about one release. */
export interface StatementFacts {
  /** `https://github.com/owner/name`. */
  readonly repositoryUrl: string;
  readonly tag: string;
  /** The released commit, and its parent on main. */
  readonly commit: string;
  readonly source: string;
  /** Of the lockfile that the build installed. */
  readonly lockfileDigest: string;
  /** Who built: the workflow with its ref, or a person's machine. */
  readonly builder: string;
  readonly digests: ReadonlyMap<string, string>;
}

const statementType = 'https://in-toto.io/Statement/v1';
const predicateType = 'https://slsa.dev/provenance/v1';

/** An in-toto statement with SLSA provenance. Unsigned: the release workflow has it signed by GitHub's attestations. */
export function renderStatement(facts: StatementFacts): string {
  const statement = {
    _type: statementType,
    subject: [
      {
        name: `git+${facts.repositoryUrl}@refs/tags/${facts.tag}`,
        digest: { gitCommit: facts.commit },
      },
      ...[...facts.digests].map(([name, digest]) => ({ name, digest: { sha256: digest } })),
    ],
    predicateType,
    predicate: {
      buildDefinition: {
        buildType: `${facts.repositoryUrl}/blob/${facts.commit}/packages/build/build.mjs`,
        externalParameters: { repository: facts.repositoryUrl, ref: 'refs/heads/main' },
        internalParameters: {},
        resolvedDependencies: [
          {
            uri: `git+${facts.repositoryUrl}@refs/heads/main`,
            digest: { gitCommit: facts.source },
          },
          { uri: 'package-lock.json', digest: { sha256: facts.lockfileDigest } },
        ],
      },
      runDetails: { builder: { id: facts.builder } },
    },
  };
  return `${JSON.stringify(statement, undefined, 2)}\n`;
}

const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z.array(z.object({ name: z.string(), digest: z.record(z.string(), z.string()) })),
  predicateType: z.string(),
});

/** The subjects of a statement. */
export interface Subjects {
  /** The commit that the tag has to name; a statement made by GitHub names files only. */
  readonly commit: string | undefined;
  readonly digests: ReadonlyMap<string, string>;
}

/** Reads an in-toto statement; `undefined` when the text is none. */
export function readStatement(text: string): Subjects | undefined {
  const parsed = statementSchema.safeParse(tryJson(text));
  if (!parsed.success) return undefined;
  const digests = new Map<string, string>();
  let commit: string | undefined;
  for (const { name, digest } of parsed.data.subject) {
    if (digest['gitCommit'] !== undefined) commit = digest['gitCommit'];
    else if (digest['sha256'] !== undefined) digests.set(name, digest['sha256']);
  }
  return { commit, digests };
}

const bundleSchema = z.object({
  mediaType: z.string().startsWith('application/vnd.dev.sigstore.bundle'),
  dsseEnvelope: z.object({ payload: z.string(), payloadType: z.string() }),
});

/**
 * The statement inside a Sigstore bundle, such as `actions/attest` writes. Its signature is not checked here: that needs
 * the certificates of Sigstore and is what `gh attestation verify` is for.
 */
export function readBundle(text: string): Subjects | undefined {
  const parsed = bundleSchema.safeParse(tryJson(text));
  if (!parsed.success) return undefined;
  return readStatement(Buffer.from(parsed.data.dsseEnvelope.payload, 'base64').toString('utf8'));
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
