/** What is used of npm's own libraries, which bring no types. */
declare module '@npmcli/config' {
  interface Options {
    readonly definitions: unknown;
    readonly flatten: unknown;
    readonly nerfDarts: unknown;
    readonly shorthands: unknown;
    readonly npmPath: string;
    readonly cwd: string;
    /** Is written to. */
    readonly env: Record<string, string | undefined>;
    readonly argv: readonly string[];
    readonly warn: boolean;
  }

  class Config {
    constructor(options: Options);
    load(): Promise<void>;
    /** The configuration as npm's libraries take it. */
    readonly flat: Readonly<Record<string, unknown>>;
  }

  export = Config;
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: {
    readonly definitions: unknown;
    readonly flatten: unknown;
    readonly nerfDarts: unknown;
    readonly shorthands: unknown;
  };
  export = definitions;
}

declare module 'pacote' {
  interface Manifest {
    readonly version: string;
    readonly _integrity?: string;
    readonly _resolved: string;
  }

  type Options = Readonly<Record<string, unknown>>;

  interface ArchiveStream extends AsyncIterable<Uint8Array> {
    on(event: 'error', listener: (error: Error) => void): unknown;
  }

  const pacote: {
    manifest(spec: string, options: Options): Promise<Manifest>;
    readonly tarball: {
      /** Calls the reader again with a fresh stream where a cached copy turns out to be damaged. */
      stream<Result>(spec: string, read: (stream: ArchiveStream) => Promise<Result>, options: Options): Promise<Result>;
    };
  };
  export = pacote;
}
