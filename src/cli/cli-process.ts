/**
 * What the CLI needs of the process it runs in, so that the whole program can be run inside a test.
 * Nothing else under src/cli touches the global `process`, except the entry that builds this.
 */
import type { Readable } from 'node:stream';

export interface TextSink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface CliProcess {
  readonly stdin: Readable;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly homeFolder: string;
  readonly workingFolder: string;
  /** Folder of the installation: package.json and resources/ lie in it. */
  readonly rootFolder: string;
  /** Calls the listener at the first Ctrl-C, and lets the second one end the process. Returns the way to take it back. */
  onInterrupt(listener: () => void): () => void;
}
