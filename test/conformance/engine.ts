/** What is compared: the bare engine and sessions of the product, each as a maker of fresh realms that run scripts. */

export interface Realm {
  /** Runs a script to its end, jobs included. */
  run(source: string): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  newRealm(): Promise<Realm>;
}

/** `ok`, the name of the error that was thrown, `value` for what is no error, or `limit` where it was stopped. */
export interface Outcome {
  readonly end: string;
  /** The value of the script, where it is a string. The bare engine's library cuts texts at the first NUL. */
  readonly text?: string;
}
