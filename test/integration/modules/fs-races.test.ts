/** A folder that is swapped for a link to outside while guests work in it: nothing outside is read, made or removed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directFs, outcomeOf } from '../../support/direct-fs.ts';
import { createRealRuntimeHost, runtimeSpec } from '../../support/real-runtime-host.ts';
import { runCode } from '../../support/run-code.ts';
import { swapForLink } from '../../support/swapped-folder.ts';
import { temporaryFolder } from '../../support/temp-dir.ts';

function swappedWorld() {
  const folder = temporaryFolder();
  const [root, outside] = [join(folder, 'work'), join(folder, 'outside')];
  for (const path of [join(root, 'swapped'), outside]) mkdirSync(join(path, 'deep'), { recursive: true });
  for (const path of [join(root, 'swapped'), outside, join(outside, 'deep')])
    writeFileSync(join(path, 'file.txt'), path);
  symlinkSync(outside, join(root, 'link'));
  const contents = () =>
    readdirSync(outside, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, name.endsWith('.txt') && readFileSync(join(outside, name), 'utf8')]);
  return { root, outside, contents, swap: () => swapForLink(join(root, 'swapped'), join(root, 'link')) };
}

test('10,000 reads of a session never read outside', { timeout: 120_000 }, async () => {
  const { root, outside, swap } = swappedWorld();
  const host = createRealRuntimeHost();
  const runtime = await host.open(runtimeSpec({ modules: ['fs'], worktree: root }));
  const swapper = await swap();
  const { events } = await runCode(
    runtime,
    `const { readFileSync } = require('fs');
    const outcomes = { inside: 0, refused: 0, escaped: 0 };
    for (let count = 0; count < 10000; count += 1) {
      try {
        outcomes[readFileSync('swapped/file.txt') === ${JSON.stringify(join(root, 'swapped'))} ? 'inside' : 'escaped'] += 1;
      } catch {
        outcomes.refused += 1;
      }
    }
    console.log(JSON.stringify(outcomes))`,
    { limits: { wall_ms: 100_000, cpu_ms: 60_000 } },
  );
  await swapper.stop();
  await host.close();
  const [text = '{}'] = events.flatMap((event) => (event.type === 'console' ? event.payload.text : []));
  const outcomes = JSON.parse(text);
  expect(existsSync(outside)).toBe(true);
  expect(swapper.swaps()).toBeGreaterThan(10_000);
  expect(outcomes.inside).toBeGreaterThan(500);
  expect(outcomes.refused).toBeGreaterThan(500);
  expect(outcomes.inside + outcomes.refused).toBe(10_000);
  expect(outcomes.escaped).toBe(0);
});

const writes = [
  ['writeFile', (n: number) => [`swapped/new-${n % 50}.txt`, 'ESCAPED']],
  ['appendFile', (n: number) => [`swapped/added-${n % 50}.txt`, 'ESCAPED']],
  ['writeFile', () => ['swapped/file.txt', 'ESCAPED']],
  ['appendFile', () => ['swapped/deep/file.txt', 'ESCAPED']],
  ['mkdir', (n: number) => [`swapped/made-${n}/inner`, { recursive: true }]],
  ['copyFile', () => ['other.txt', 'swapped/copied.txt']],
  ['rename', () => ['swapped/copied.txt', 'swapped/renamed.txt']],
  ['unlink', () => ['swapped/deep/file.txt']],
  ['rm', (n: number) => [`swapped/made-${n - 1}`, { recursive: true, force: true }]],
] as const;

test('2,000 changes never change anything outside', { timeout: 120_000 }, async () => {
  const { root, contents, swap } = swappedWorld();
  writeFileSync(join(root, 'other.txt'), 'other');
  const before = contents();
  const fs = directFs({ worktree: root });
  const swapper = await swap();
  const done = new Map<string, number>();
  for (let count = 0; count < 2000; count += 1) {
    const [name, args] = writes[count % writes.length] ?? writes[0];
    const outcome = await outcomeOf(fs(name, ...args(Math.floor(count / writes.length))));
    const isDone = typeof outcome === 'object' && outcome !== null && 'answered' in outcome;
    if (isDone) done.set(name, (done.get(name) ?? 0) + 1);
  }
  await swapper.stop();
  expect(swapper.swaps()).toBeGreaterThan(1000);
  expect([...done.keys()].sort()).toEqual([...new Set(writes.map(([name]) => name))].sort());
  expect(contents()).toEqual(before);
});

test('200 removals of a tree never remove anything outside', { timeout: 120_000 }, async () => {
  const { root, outside, swap } = swappedWorld();
  mkdirSync(join(outside, 'tree', 'a'), { recursive: true });
  for (const name of ['1', '2', '3']) writeFileSync(join(outside, 'tree', 'a', name), 'kept');
  const fs = directFs({ worktree: root });
  const swapper = await swap();
  let removed = 0;
  for (let count = 0; count < 200; count += 1) {
    await outcomeOf(fs('mkdir', 'swapped/tree/a/b', { recursive: true }));
    await outcomeOf(fs('writeFile', 'swapped/tree/a/1', 'x'));
    const outcome = await outcomeOf(fs('rm', 'swapped/tree', { recursive: true }));
    if (typeof outcome === 'object') removed += 1;
  }
  await swapper.stop();
  expect(removed).toBeGreaterThan(10);
  expect(readdirSync(join(outside, 'tree', 'a'))).toEqual(['1', '2', '3']);
});
