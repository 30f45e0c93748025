declare module '@vercel/ncc' {
  /** One file that belongs beside the bundle. */
  interface Asset {
    readonly source: string | Buffer;
  }
  /** The part of ncc's result that the build uses; `stats` is webpack's. */
  interface Built {
    readonly code: string;
    readonly assets: Readonly<Record<string, Asset>>;
    readonly stats: { toJson(options: object): unknown };
  }
  interface Options {
    readonly cache: false;
    readonly quiet: boolean;
    readonly minify: boolean;
    /** Not in ncc's readme: the order in which a package's entry points are tried. */
    readonly mainFields: readonly string[];
  }
  export default function ncc(input: string, options: Options): Promise<Built>;
}
