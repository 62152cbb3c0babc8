/**
 * One stream of a command: keeps the first mebibyte of it, and prints that while it comes, in pieces that belong together
 * in time. What comes after is read and dropped, so that the command does not hang on a full pipe, until it is too much.
 */

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export const keptBytes = 1024 * 1024;
export const endingBytes = 10 * 1024 * 1024;

/** Long enough that what a program writes line by line becomes few events, too short for a reader to notice. */
const gatherMs = 30;
const maxPieceLength = 64 * 1024;

export interface CollectorEvents {
  print(text: string): void;
  /** The command has written more than anybody should. */
  onFlood(): void;
}

export class OutputCollector {
  readonly #decoder = new StringDecoder('utf8');
  readonly #events: CollectorEvents;
  readonly #pieces: string[] = [];
  #unprinted = '';
  #receivedBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Readable, events: CollectorEvents) {
    this.#events = events;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A pipe that breaks is the command's end, of which its exit tells.
    stream.on('error', () => undefined);
  }

  get text(): string {
    return this.#pieces.join('');
  }

  get isCut(): boolean {
    return this.#receivedBytes > keptBytes;
  }

  /** Prints the rest. Called once, when nothing more can come. */
  finish(): void {
    if (!this.isCut) this.#keep(this.#decoder.end());
    this.#flush();
  }

  #receive(chunk: Buffer): void {
    const room = keptBytes - this.#receivedBytes;
    this.#receivedBytes += chunk.byteLength;
    if (room > 0) this.#keep(this.#decoder.write(chunk.subarray(0, room)));
    if (this.#receivedBytes > endingBytes) this.#events.onFlood();
  }

  #keep(text: string): void {
    if (text === '') return;
    this.#pieces.push(text);
    this.#unprinted += text;
    if (this.#unprinted.length >= maxPieceLength) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#unprinted;
    this.#unprinted = '';
    if (text !== '') this.#events.print(text);
  }
}
