import { types } from 'node:util';
import { ServiceError } from '@gatewright/verdict';
import * as z from 'zod';
import { createClient } from './client.ts';
import type { Client, GitHubClientOptions } from './client.ts';
import { explainFailure, isRefusal } from './failure.ts';

/** A file of a release. */
export interface ReleaseAsset {
  readonly id: number;
  readonly name: string;
  /** `uploaded`; anything else is an upload that broke off. */
  readonly state: string;
  /** `sha256:` and 64 hex digits, as GitHub computed it; `undefined` on servers that do not. */
  readonly digest: string | undefined;
}

/** A release as it is now. */
export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly name: string;
  readonly body: string;
  readonly isDraft: boolean;
  readonly isPrerelease: boolean;
  /** Neither its tag nor its files can be changed any more. */
  readonly isImmutable: boolean;
  readonly url: string;
  readonly assets: readonly ReleaseAsset[];
  /** Where its files are sent to; a URI template. */
  readonly uploadUrl: string;
}

/** What a release is to be. */
export interface ReleaseDraft {
  readonly tag: string;
  readonly name: string;
  readonly body: string;
}

/**
 * The releases of one repository. Reading needs `contents: read`, everything else `contents: write`. No change is asked
 * for twice: after a lost answer, look what became of it.
 */
export interface Releases {
  /** All, newest first, drafts included where the token may push. */
  list(): Promise<readonly Release[]>;
  /** The published release of a tag. */
  find(tag: string): Promise<Release | undefined>;
  /** Whether a published release can no longer be changed here; `unknown`: the token may not ask. */
  immutability(): Promise<'on' | 'off' | 'unknown'>;
  createDraft(draft: ReleaseDraft): Promise<Release>;
  update(release: Release, draft: ReleaseDraft): Promise<Release>;
  remove(release: Release): Promise<void>;
  upload(release: Release, name: string, content: Uint8Array): Promise<ReleaseAsset>;
  removeAsset(asset: ReleaseAsset): Promise<void>;
  download(asset: ReleaseAsset): Promise<Uint8Array>;
  /** Makes a draft public; with immutable releases, for good. */
  publish(release: Release): Promise<Release>;
}

const assetSchema = z
  .object({ id: z.int(), name: z.string(), state: z.string(), digest: z.string().nullish() })
  .transform(({ digest, ...asset }): ReleaseAsset => ({ ...asset, digest: digest ?? undefined }));

const releaseSchema = z
  .object({
    id: z.int(),
    tag_name: z.string(),
    name: z.string().nullable(),
    body: z.string().nullish(),
    draft: z.boolean(),
    prerelease: z.boolean(),
    immutable: z.boolean().default(false),
    html_url: z.string(),
    upload_url: z.string(),
    assets: z.array(assetSchema),
  })
  .transform((live): Release => ({
    id: live.id,
    tag: live.tag_name,
    name: live.name ?? '',
    body: live.body ?? '',
    isDraft: live.draft,
    isPrerelease: live.prerelease,
    isImmutable: live.immutable,
    url: live.html_url,
    assets: live.assets,
    uploadUrl: live.upload_url,
  }));

const bytes = z
  .custom<ArrayBuffer>((value) => types.isAnyArrayBuffer(value), 'no bytes')
  .transform((buffer) => new Uint8Array(buffer));
const root = '/repos/{owner}/{repo}/releases';
const read = 'contents: read';
const write = 'contents: write';
const pageSize = 100;
/** A repository with more drafts and releases than this has another problem. */
const mostPages = 50;

/** The releases of the repository that the options name. */
export function createReleases(options: GitHubClientOptions): Releases {
  const client = createClient(options);
  return {
    list: () => listAll(client),
    find: (tag) => find(client, tag),
    immutability: () => immutability(client),
    createDraft: (draft) =>
      client.send(
        { route: `POST ${root}`, parameters: { ...fieldsOf(draft), draft: true }, scope: write },
        releaseSchema,
      ),
    update: ({ id }, draft) => patch(client, id, fieldsOf(draft)),
    publish: ({ id }) => patch(client, id, { draft: false, make_latest: 'legacy' }),
    async remove({ id }) {
      const parameters = { release_id: id };
      await client.send(
        { route: `DELETE ${root}/{release_id}`, parameters, scope: write },
        z.unknown(),
      );
    },
    upload: ({ uploadUrl }, name, content) =>
      client.send(
        {
          route: `POST ${uploadUrl}`,
          parameters: { name, data: content },
          headers: { 'content-type': 'application/octet-stream' },
          scope: write,
        },
        assetSchema,
      ),
    async removeAsset({ id }) {
      await client.send(
        {
          route: `DELETE ${root}/assets/{asset_id}`,
          parameters: { asset_id: id },
          scope: write,
        },
        z.unknown(),
      );
    },
    download: ({ id }) =>
      client.get(
        {
          route: `GET ${root}/assets/{asset_id}`,
          parameters: { asset_id: id },
          headers: { accept: 'application/octet-stream' },
          scope: read,
        },
        bytes,
      ),
  };
}

function fieldsOf({ tag, name, body }: ReleaseDraft) {
  return { tag_name: tag, name, body };
}

function patch(
  client: Client,
  id: number,
  fields: Readonly<Record<string, string | boolean>>,
): Promise<Release> {
  const parameters = { release_id: id, ...fields };
  return client.send(
    { route: `PATCH ${root}/{release_id}`, parameters, scope: write },
    releaseSchema,
  );
}

async function listAll(client: Client): Promise<readonly Release[]> {
  const all: Release[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const parameters = { per_page: pageSize, page };
    const found = await client.get(
      { route: `GET ${root}`, parameters, scope: read },
      z.array(releaseSchema),
    );
    all.push(...found);
    if (found.length < pageSize) return all;
  }
  throw new ServiceError(
    'service-error',
    `The repository has more than ${mostPages * pageSize} releases; the rest was not read.`,
    { checked: [`GET ${root}`], remedy: 'Remove drafts that nobody needs.' },
  );
}

async function find(client: Client, tag: string): Promise<Release | undefined> {
  const parameters = { tag };
  const result = await client.tryGet(
    { route: `GET ${root}/tags/{tag}`, parameters, scope: read },
    releaseSchema,
  );
  if (result.ok) return result.value;
  if (result.status === 404) return undefined;
  throw explainFailure(result);
}

async function immutability(client: Client): Promise<'on' | 'off' | 'unknown'> {
  const result = await client.tryGet(
    { route: 'GET /repos/{owner}/{repo}/immutable-releases', scope: 'administration: read' },
    z.object({ enabled: z.boolean() }),
  );
  if (result.ok) return result.value.enabled ? 'on' : 'off';
  if (result.status === 404) return 'off';
  if (isRefusal(result)) return 'unknown';
  throw explainFailure(result);
}
