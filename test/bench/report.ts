/** Prints what was measured: figures with their spread, ratios with their aims, and no exit code for a miss. */
import type { Result } from './rounds.ts';
import { median, quantile } from './statistics.ts';

export interface Comparison {
  readonly product: Result;
  readonly reference: Result;
  /** The ratio aimed at, where this is the comparison that the aim is about. */
  readonly aim?: number;
}

const nameWidth = 66;

export function printTitle(title: string): void {
  console.log(`\n${title}`);
}

/** Median, and the range of the rounds. */
export function printResult({ name, samplesMs }: Result): void {
  const range = `${milliseconds(Math.min(...samplesMs))} – ${milliseconds(Math.max(...samplesMs))}`;
  printLine(name, milliseconds(median(samplesMs)), `(${range}, ${samplesMs.length} rounds)`);
}

/** The ratio of the medians, and the range of the ratios of single rounds. */
export function printRatio({ product, reference, aim }: Comparison): void {
  const ratio = median(product.samplesMs) / median(reference.samplesMs);
  const perRound = product.samplesMs.map((ms, round) => ms / (reference.samplesMs[round] ?? Number.NaN));
  const range = `(${times(Math.min(...perRound))} – ${times(Math.max(...perRound))})`;
  const verdict = aim === undefined ? '' : `  ${verdictOf(ratio <= aim)}: aim ≤ ${aim}×`;
  printLine(`= ${product.name} ÷ ${reference.name}`, times(ratio), `${range}${verdict}`);
}

export function printLatency(name: string, samplesMs: readonly number[], aimP99Ms?: number): void {
  const p99 = quantile(samplesMs, 0.99);
  const verdict = aimP99Ms === undefined ? '' : `  ${verdictOf(p99 < aimP99Ms)}: aim p99 < ${aimP99Ms} ms`;
  const rest = `p99 ${milliseconds(p99)}, worst ${milliseconds(Math.max(...samplesMs))}, ${samplesMs.length} calls`;
  printLine(name, milliseconds(median(samplesMs)), `${rest}${verdict}`);
}

function printLine(name: string, figure: string, rest: string): void {
  console.log(`  ${name.padEnd(nameWidth)} ${figure.padStart(10)}  ${rest}`);
}

function verdictOf(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}

function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 3 : 1)} ms`;
}
