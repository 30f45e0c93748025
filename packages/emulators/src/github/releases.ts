/** A file of a release. */
export interface AssetRecord {
  readonly id: number;
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly uploader: string;
  readonly at: number;
}

export interface ReleaseRecord {
  readonly id: number;
  readonly author: string;
  readonly createdAt: number;
  readonly assets: AssetRecord[];
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  /** Set when it is published in a repository with immutable releases; stays, whatever the setting becomes. */
  immutable: boolean;
  publishedAt: number | undefined;
}

/** The releases of a repository. */
export interface Releases {
  /** Oldest first. */
  readonly all: ReleaseRecord[];
  /** Whether a release becomes immutable when it is published. */
  readonly immutable: boolean;
  /** Tags that an immutable release has used; no other release can have them, not even after a deletion. */
  readonly burned: Set<string>;
}

export function noReleases(immutable: boolean): Releases {
  return { all: [], immutable, burned: new Set() };
}
