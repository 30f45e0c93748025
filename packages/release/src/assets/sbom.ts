import { createHash } from 'node:crypto';
import * as z from 'zod';

const lockEntry = z.object({
  version: z.string().optional(),
  name: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
});
const lockfile = z.object({
  name: z.string().optional(),
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), lockEntry),
});

/** A package that the lockfile names. */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly license: string | undefined;
  /** Base64 with its algorithm, as npm writes it. */
  readonly integrity: string | undefined;
  /** Only tools and tests use it; it is in no bundle. */
  readonly isTool: boolean;
}

const marker = 'node_modules/';

/**
 * The third-party packages of a lockfile, by name and version.
 *
 * @throws z.ZodError when the text is no lockfile of version 3
 */
export function readComponents(text: string): readonly Component[] {
  const parsed: unknown = JSON.parse(text);
  const found = new Map<string, Component>();
  for (const [path, entry] of Object.entries(lockfile.parse(parsed).packages)) {
    if (!path.includes(marker) || entry.link === true || entry.version === undefined) continue;
    const name = entry.name ?? path.slice(path.lastIndexOf(marker) + marker.length);
    const key = `${name}@${entry.version}`;
    const isTool = (entry.dev ?? entry.devOptional ?? false) && found.get(key)?.isTool !== false;
    const { version, license, integrity } = entry;
    found.set(key, { name, version, license, integrity, isTool });
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** What the bill of materials is about. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
  /** Date of the commit, ISO 8601: the same commit gives the same bytes. */
  readonly date: string;
}

/** A CycloneDX 1.6 document that depends on nothing but the lockfile and the commit. */
export function renderSbom(components: readonly Component[], subject: Subject): string {
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(subject.commit)}`,
    version: 1,
    metadata: {
      timestamp: subject.date,
      component: {
        type: 'application',
        'bom-ref': subject.name,
        name: subject.name,
        version: subject.version,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components: components.map(renderComponent),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function renderComponent({ name, version, license, integrity, isTool }: Component): object {
  const [group, own] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    ...(group === undefined ? {} : { group }),
    name: own,
    version,
    // `excluded`: needed to make the product, not part of it.
    scope: isTool ? 'excluded' : 'required',
    ...(integrity === undefined ? {} : { hashes: hashesOf(integrity) }),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    purl,
  };
}

const algorithms: Readonly<Record<string, string>> = {
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

function hashesOf(integrity: string): readonly object[] {
  return integrity.split(' ').flatMap((one) => {
    const [name = '', base64 = ''] = one.split(/-(.*)/s);
    const alg = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
    return alg === undefined
      ? []
      : [{ alg, content: Buffer.from(base64, 'base64').toString('hex') }];
  });
}

/** A UUID of version 8 made from a name: a random one would give each run other bytes. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`gatewright sbom ${name}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
