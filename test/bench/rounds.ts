/**
 * Runs contestants against each other. They take turns, and each round begins with another one, so that whatever else
 * the machine does meets all of them alike; a ratio is only ever taken between figures of one run.
 */

export interface Contestant {
  readonly name: string;
  /** One measurement, in milliseconds. */
  readonly measure: () => Promise<number>;
}

export interface Result {
  readonly name: string;
  /** One per round, in order. */
  readonly samplesMs: readonly number[];
}

/** The first round warms up and is not counted. */
export async function takeTurns(contestants: readonly Contestant[], rounds: number): Promise<readonly Result[]> {
  const samples = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const index = (round + turn) % contestants.length;
      const ms = await contestants[index]?.measure();
      if (round > 0 && ms !== undefined) samples[index]?.push(ms);
    }
  }
  return contestants.map(({ name }, index) => ({ name, samplesMs: samples[index] ?? [] }));
}

/** Wall time of some work. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Wall time of each of many repetitions. */
export async function timedEach(repetitions: number, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) samples.push(await timed(work));
  return samples;
}
