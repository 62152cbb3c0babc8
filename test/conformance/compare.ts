/** Runs cases in two engines, case by case, and tells where they differ. Wrapping an engine must change no verdict. */
import type { Engine, Outcome, Realm } from './engine.ts';

export interface Case {
  readonly name: string;
  /** Scripts that run one after the other in one realm; the last one's outcome is the case's. */
  readonly scripts: readonly string[];
}

export interface Difference {
  readonly name: string;
  readonly outcomes: Readonly<Record<string, string>>;
}

export interface Comparison {
  readonly cases: number;
  /** How many cases ended how, in the first engine. */
  readonly ends: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

export interface CompareOptions {
  readonly engines: readonly [Engine, Engine];
  /** Cases that share a realm. One is the purest; more are faster, and both engines then share alike. */
  readonly casesPerRealm: number;
  /** Groups of cases that run at once. */
  readonly lanes: number;
  readonly onProgress?: (done: number) => void;
}

export async function compare(cases: readonly Case[], options: CompareOptions): Promise<Comparison> {
  const groups = grouped(cases, options.casesPerRealm);
  const differences: Difference[] = [];
  const ends: Record<string, number> = {};
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const [first, second] = await Promise.all(options.engines.map((engine) => outcomesOf(engine, group)));
      for (const [index, example] of group.entries()) {
        const { name } = example;
        const outcomes = [shown(first?.[index], example), shown(second?.[index], example)] as const;
        ends[outcomes[0]] = (ends[outcomes[0]] ?? 0) + 1;
        if (outcomes[0] !== outcomes[1]) differences.push({ name, outcomes: labelled(options.engines, outcomes) });
      }
      done += group.length;
      options.onProgress?.(done);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return { cases: cases.length, ends, differences };
}

async function outcomesOf(engine: Engine, group: readonly Case[]): Promise<Outcome[]> {
  let realm = await engine.newRealm();
  const outcomes: Outcome[] = [];
  try {
    for (const { scripts } of group) {
      const outcome = await outcomeOf(realm, scripts);
      outcomes.push(outcome);
      if (outcome.end === 'ok' || !mayLeaveNames(scripts)) continue;
      await realm.close();
      realm = await engine.newRealm();
    }
  } finally {
    await realm.close();
  }
  return outcomes;
}

/**
 * A script that fails leaves names that nobody can declare or use again. Sessions give them back (ADR 8): that is the one
 * thing in which they mean to differ, and only for the scripts after it, so those get a new realm.
 */
function mayLeaveNames(scripts: readonly string[]): boolean {
  return scripts.some((script) => /\b(let|const|class)\b/.test(script));
}

/** A case ends with the first script that does not end well. */
async function outcomeOf(realm: Realm, scripts: readonly string[]): Promise<Outcome> {
  let outcome: Outcome = { end: 'ok' };
  for (const script of scripts) {
    outcome = await realm.run(script);
    if (outcome.end !== 'ok') return outcome;
  }
  return outcome;
}

/** What counts of a case: how it ended, and what its last script said where it has one for that. */
function shown(outcome: Outcome | undefined, { scripts }: Case): string {
  const { end = 'nothing', text } = outcome ?? {};
  return text === undefined || scripts.length === 1 ? end : `${end} ${text}`;
}

function labelled([first, second]: readonly [Engine, Engine], [one, other]: readonly [string, string]) {
  return { [first.name]: one, [second.name]: other };
}

function grouped(cases: readonly Case[], size: number): Case[][] {
  return Array.from({ length: Math.ceil(cases.length / size) }, (_, index) =>
    cases.slice(index * size, (index + 1) * size),
  );
}
