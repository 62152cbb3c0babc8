// "npm run demo": a host on a free port with a temporary database runs a real script over a real data file, prints the
// events as they come, and stops. Everything goes through REST, as any script of a user would.
import './check-node.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfNeeded } from './build-if-needed.mjs';

const root = join(import.meta.dirname, '..');
const examples = join(root, 'resources', 'examples');

buildIfNeeded();
const home = mkdtempSync(join(tmpdir(), 'vm-system-demo-'));
const host = spawn(
  process.execPath,
  [
    join(root, 'bin', 'vm-system.mjs'),
    '--db',
    join(home, 'demo.db'),
    '--log-level',
    'warn',
    'serve',
    '--listen',
    '127.0.0.1:0',
  ],
  { env: { ...process.env, VM_SYSTEM_HOME: home }, stdio: ['ignore', 'pipe', 'inherit'] },
);
const hostEnded = new Promise((resolve) => host.once('exit', resolve));
try {
  await runDemo(`${await addressOf(host)}/api/v1`);
} finally {
  host.kill('SIGTERM');
  await hostEnded;
  rmSync(home, { recursive: true, force: true });
}
console.log('The host has stopped and its database is gone.');

async function runDemo(api) {
  console.log(`A host listens on ${api}`);
  const template = await post(`${api}/templates`, { name: 'demo' });
  console.log(`Created template: ${template.name} (ID: ${template.id})`);
  const session = await post(`${api}/sessions`, {
    template_id: template.id,
    workspace_id: 'demo',
    base_commit_oid: 'none',
    worktree_path: examples,
  });
  console.log(`Created session: ${session.id}`);
  const csv = readFileSync(join(examples, 'data', 'weather.csv'), 'utf8');
  const started = await post(`${api}/executions/run-file?wait=false`, {
    session_id: session.id,
    path: 'weather-report.js',
    args: { csv },
  });
  console.log(`Running weather-report.js over ${csv.trim().split('\n').length - 1} rows (execution ${started.id})\n`);
  for await (const event of follow(`${api}/executions/${started.id}/stream`)) print(event);
  const { status, metrics } = await get(`${api}/executions/${started.id}`);
  console.log(`\nStatus: ${status} after ${metrics.wall_ms.toFixed(0)} ms, ${metrics.events} events`);
  if (status !== 'ok') process.exitCode = 1;
}

function print({ seq, type, payload }) {
  if (type === 'value') console.table(payload.json);
  else console.log(`[${seq}] ${type}: ${JSON.stringify(payload)}`);
}

/** The events of a stream, as they come. */
async function* follow(url) {
  const response = await fetch(url);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + chunk).split('\n\n');
    text = messages.pop();
    for (const message of messages) {
      const fields = new Map(
        message.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (fields.get('event') === 'message') yield JSON.parse(fields.get('data'));
    }
  }
}

/** The address is in the line that a host prints when it listens. */
async function addressOf(child) {
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk;
    const address = /listening on (\S+)/.exec(output)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`The host did not start: ${output}`);
}

async function post(url, body) {
  return answer(
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  );
}

async function get(url) {
  return answer(await fetch(url));
}

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.error.code}: ${body.error.message}`);
  return body;
}
