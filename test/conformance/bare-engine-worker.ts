/** The thread of a bare engine: one context at a time, in an instance of its own. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import base from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
} from 'quickjs-emscripten-core';
import type { BareRequest } from './bare-engine.ts';
import type { Outcome } from './engine.ts';

const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
const wasmModule = await WebAssembly.compile(await readFile(path));
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread');

let context: QuickJSContext | undefined;
let limitMs = 0;
let deadlineMs = 0;
port.on('message', async (request: BareRequest) => {
  if (request.kind === 'open') {
    limitMs = request.limitMs;
    context = await newContext();
  }
  port.postMessage(request.kind === 'run' && context !== undefined ? run(context, request.source) : { end: 'ok' });
});

/** Time of this thread, as sessions count it: on a busy machine nothing that ends takes it for a loop. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function newContext(): Promise<QuickJSContext> {
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(base, { wasmModule }));
  const fresh = quickjs.newContext();
  fresh.runtime.setMaxStackSize(512 * 1024);
  fresh.runtime.setInterruptHandler(() => cpuMs() > deadlineMs);
  return fresh;
}

function run(engine: QuickJSContext, source: string): Outcome {
  deadlineMs = cpuMs() + limitMs;
  try {
    const result = engine.evalCode(source, 'case.js', 0);
    if (result.error) return { end: nameOf(engine, result.error) };
    runJobs(engine);
    const { value } = result;
    return engine.typeof(value) === 'string' ? { end: endNow(), text: engine.getString(value) } : { end: endNow() };
  } catch (error) {
    return { end: `fault: ${error instanceof Error ? error.name : error}` };
  }
}

function endNow(): string {
  return cpuMs() > deadlineMs ? 'limit' : 'ok';
}

/** A job that throws has no one to tell; the ones after it still run. */
function runJobs({ runtime }: QuickJSContext): void {
  while (runtime.hasPendingJob() && cpuMs() < deadlineMs) runtime.executePendingJobs(100).dispose();
}

function nameOf(engine: QuickJSContext, error: QuickJSHandle): string {
  if (cpuMs() > deadlineMs) return 'limit';
  if (engine.typeof(error) !== 'object') return 'value';
  const name = textAt(engine, error, 'name') ?? constructorOf(engine, error) ?? '';
  return name.endsWith('Error') ? name : 'value';
}

function constructorOf(engine: QuickJSContext, error: QuickJSHandle): string | undefined {
  return engine.getProp(error, 'constructor').consume((maker) => textAt(engine, maker, 'name'));
}

function textAt(engine: QuickJSContext, object: QuickJSHandle, key: string): string | undefined {
  const isObject = ['object', 'function'].includes(engine.typeof(object));
  if (!isObject) return undefined;
  return engine
    .getProp(object, key)
    .consume((value) => (engine.typeof(value) === 'string' ? engine.getString(value) : undefined));
}
