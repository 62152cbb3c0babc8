/** Every command once, as a process of its own, its lines compared whole: scripts parse them. */
import { afterAll, beforeAll, it } from 'vitest';
import {
  capabilityId,
  executionId,
  operationId,
  type StubHost,
  sessionId,
  startStubHost,
  startupFileId,
  stubDocument,
  templateId,
} from '../../support/stub-host.ts';
import { runCliProcess } from './run-cli-process.ts';

let host: StubHost;

beforeAll(async () => {
  host = await startStubHost();
});
afterAll(() => host.close());

const limits = '{"cpu_ms":5000,"wall_ms":30000,"mem_mb":128,"max_events":1000,"max_output_kb":512}';
const resolver = '{"roots":[],"extensions":[".js",".mjs"],"allow_absolute_repo_imports":false}';
const runtime = '{"esm":false,"strict":false,"console":true}';
const settings = [`Limits: ${limits}`, `Resolver: ${resolver}`, `Runtime: ${runtime}`];
const value = '{"type":"number","preview":"42","json":42}';
const at = '2026-11-20T09:30:00.000Z';

const grants = [
  ...settings,
  'Modules:',
  '  fs',
  'Libraries:',
  '  lodash-4.17.21',
  'Capabilities:',
  '  env:HOME (enabled) {"value":"/"}',
  'Startup Files:',
  '  [10] setup.js (eval)',
];
const detail = [
  'Template: notebook',
  `ID: ${templateId}`,
  'Engine: quickjs',
  'Active: yes',
  `Created: ${at}`,
  `Updated: ${at}`,
  ...grants,
];
const policyHash = 'ab'.repeat(32);

const cases: [words: string[], lines: string[], stdin?: string][] = [
  [['template', 'create', '--name', 'demo', '--engine', 'goja'], [`Created template: demo (ID: ${templateId})`]],
  [
    ['template', 'list'],
    [
      'TEMPLATE ID                           NAME      ENGINE   ACTIVE  CREATED',
      `${templateId}  notebook  quickjs  yes     ${at}`,
    ],
  ],
  [['template', 'get', templateId], detail],
  [
    ['template', 'update', templateId, '--name', 'notebook', '--active'],
    [`Updated template: notebook (ID: ${templateId})`, 'Active: yes'],
  ],
  [['template', 'duplicate', templateId, '--name', 'copy'], [`Created template: copy (ID: ${templateId})`]],
  [['template', 'export', templateId], JSON.stringify(stubDocument, undefined, 2).split('\n')],
  [
    ['template', 'import', '-', '--name', 'copy'],
    [`Imported template: copy (ID: ${templateId})`],
    JSON.stringify(stubDocument),
  ],
  [
    ['template', 'versions', templateId],
    ['VERSION  CREATED                   POLICY        CHANGE', `2        ${at}  abababababab  added modules.fs`],
  ],
  [
    ['template', 'version', templateId, '2'],
    ['Version: 2', `Version Created: ${at}`, 'Version Change: added modules.fs', `Policy: ${policyHash}`, ...detail],
  ],
  [
    ['template', 'diff', templateId, '1', '2'],
    ['~ settings.limits.cpu_ms: 5000 → 10', '+ modules.fs: "fs"', '- libraries["lodash-4.17.21"]: "lodash-4.17.21"'],
  ],
  [
    ['template', 'restore', templateId, '1'],
    [`Restored template: ${templateId} as of version 1`, 'Version: 1'],
  ],
  [['template', 'delete', templateId], [`Deleted template: ${templateId}`]],
  [['template', 'settings', templateId], settings],
  [
    ['template', 'settings', templateId, '--esm', 'on', '--roots', 'src,lib'],
    [`Updated settings of template: ${templateId}`, ...settings],
  ],
  [
    ['template', 'set-limits', templateId, '--cpu-ms', '10'],
    [`Updated settings of template: ${templateId}`, ...settings],
  ],
  [
    ['template', 'add-startup', templateId, '--path', 'setup.js', '--order', '10', '--mode', 'eval'],
    [`Added startup file: setup.js (order: 10) to template ${templateId}`],
  ],
  [
    ['template', 'list-startup', templateId],
    ['STARTUP FILE ID                       ORDER  MODE  PATH', `${startupFileId}  10     eval  setup.js`],
  ],
  [
    ['template', 'update-startup', templateId, startupFileId, '--order', '10'],
    [`Updated startup file: setup.js (order: 10) of template ${templateId}`, 'Mode: eval'],
  ],
  [
    ['template', 'reorder-startup', templateId, startupFileId],
    ['STARTUP FILE ID                       ORDER  MODE  PATH', `${startupFileId}  10     eval  setup.js`],
  ],
  [
    ['template', 'remove-startup', templateId, startupFileId],
    [`Removed startup file: ${startupFileId} from template ${templateId}`],
  ],
  [
    ['template', 'add-capability', templateId, '--name', 'HOME', '--kind', 'env', '--config', '{"value":"/"}'],
    [`Added capability: env:HOME to template ${templateId}`],
  ],
  [
    ['template', 'update-capability', templateId, capabilityId, '--name', 'HOME'],
    [`Updated capability: env:HOME of template ${templateId}`, 'Enabled: yes', 'Config: {"value":"/"}'],
  ],
  [
    ['template', 'remove-capability', templateId, capabilityId],
    [`Removed capability: ${capabilityId} from template ${templateId}`],
  ],
  [
    ['template', 'list-capabilities', templateId],
    [
      'CAPABILITY ID                         KIND  NAME  ENABLED  CONFIG',
      `${capabilityId}  env   HOME  yes      {"value":"/"}`,
    ],
  ],
  [['template', 'add-module', templateId, '--name', 'fs'], [`Added module: fs to template ${templateId}`]],
  [['template', 'remove-module', templateId, '--name', 'fs'], [`Removed module: fs from template ${templateId}`]],
  [['template', 'list-modules', templateId], ['fs']],
  [
    ['template', 'list-available-modules'],
    [
      'NAME      DESCRIPTION',
      'database  SQLite databases inside the worktree, or in memory',
      'exec      Run allowed commands in the worktree',
      'fs        Read and write files inside the worktree',
    ],
  ],
  [
    ['template', 'add-library', templateId, '--name', 'lodash-4.17.21'],
    [`Added library: lodash-4.17.21 to template ${templateId}`],
  ],
  [
    ['template', 'remove-library', templateId, '--name', 'lodash-4.17.21'],
    [`Removed library: lodash-4.17.21 from template ${templateId}`],
  ],
  [['template', 'list-libraries', templateId], ['lodash-4.17.21']],
  [['template', 'list-available-libraries'], libraryTable()],
  [
    [
      ...['session', 'create', '--template-id', templateId, '--workspace-id', 'ws-1'],
      ...['--base-commit', 'HEAD', '--worktree-path', '/tmp/worktree'],
    ],
    [
      `Created session: ${sessionId}`,
      'Status: ready',
      `Template ID: ${templateId}`,
      'Workspace ID: ws-1',
      'Base Commit: HEAD',
      'Worktree Path: /tmp/worktree',
    ],
  ],
  [
    ['session', 'list', '--status', 'ready'],
    [
      'SESSION ID                            TEMPLATE ID                           STATUS  CREATED                   WORKTREE       POLICY',
      `${sessionId}  ${templateId}  ready   ${at}  /tmp/worktree  outdated`,
    ],
  ],
  [
    ['session', 'get', sessionId],
    [
      `Session ID: ${sessionId}`,
      'Status: ready',
      `Template ID: ${templateId}`,
      'Workspace ID: ws-1',
      'Base Commit: HEAD',
      'Worktree Path: /tmp/worktree',
      `Created: ${at}`,
      'Last Error: Error: a\\u001b[2Jb\\u009b31mc\\u202ed\\nagain',
      `Policy: ${policyHash} (template version 1, outdated)`,
    ],
  ],
  [
    ['session', 'policy', sessionId],
    [`Policy: ${policyHash} (template version 1, outdated)`, 'Template: notebook', 'Engine: quickjs', ...grants],
  ],
  [
    ['session', 'globals', sessionId],
    ['NAME   KIND  TYPE    SIZE  CHANGED  PREVIEW', 'total  let   number  8     yes      42'],
  ],
  [
    ['session', 'complete', sessionId, '--code', 'JSON.par', '--cursor', '8'],
    ['LABEL  KIND    TYPE      DETAIL', 'parse  method  function'],
  ],
  [['session', 'close', sessionId], [`Closed session: ${sessionId}`]],
  [['session', 'delete', sessionId], [`Closed session: ${sessionId}`]],
  [
    ['exec', 'repl', sessionId, '40 + 2'],
    [
      `Execution ID: ${executionId}`,
      'Status: ok',
      `Result: ${value}`,
      '',
      'Events:',
      '[1] input_echo: {"text":"40 + 2"}',
      `[2] value: ${value}`,
    ],
  ],
  [
    ['exec', 'run-file', sessionId, 'report.js', '--args', '{"year":2026}', '--env', '{"UNIT":"mm"}'],
    [`Execution ID: ${executionId}`, 'Status: ok', `Result: ${value}`, '', 'Events:', `[2] value: ${value}`],
  ],
  [
    ['exec', 'list', sessionId, '--limit', '3'],
    [
      'EXECUTION ID                          KIND  STATUS  STARTED                   WALL MS  SOURCE',
      `${executionId}  repl  ok      ${at}  13       40 + 2`,
    ],
  ],
  [
    ['exec', 'get', executionId],
    [
      `Execution ID: ${executionId}`,
      `Session ID: ${sessionId}`,
      'Kind: repl',
      `Started: ${at}`,
      `Ended: ${at}`,
      'Input: 40 + 2',
      'Status: ok',
      `Result: ${value}`,
      'Metrics: {"wall_ms":12.5,"cpu_ms":3,"events":2,"output_bytes":5,"memory_bytes":1048576}',
    ],
  ],
  [['exec', 'events', executionId, '--after-seq', '1'], [`[2] value: ${value}`]],
  [
    ['exec', 'cancel', executionId],
    [`Cancelled execution: ${executionId}`, 'Status: cancelled'],
  ],
  [
    ['ops', 'health'],
    ['{', '  "status": "ok",', '  "version": "0.1.0",', '  "pid": 7,', '  "uptime_ms": 1,', '  "api": "v1"', '}'],
  ],
  [
    ['ops', 'runtime-summary'],
    ['{', '  "active_sessions": 1,', '  "active_session_ids": [', `    "${sessionId}"`, '  ]', '}'],
  ],
  [
    ['ops', 'operations'],
    [
      'OPERATION ID                          KIND             STATUS   PHASE     STARTED                   SUBJECT',
      `${operationId}  library_install  running  fetching  ${at}  date-fns@4.1.0`,
    ],
  ],
  [['ops', 'operation', operationId], operationLines('running')],
  [['ops', 'cancel-operation', operationId], operationLines('cancelled', `Ended: ${at}`)],
  [['libs', 'list'], libraryTable()],
];
it.concurrent.for(cases)('%j prints its lines', async ([words, lines, stdin = ''], { expect }) => {
  const { code, stdout, stderr } = await runCliProcess({ words, env: { VM_SYSTEM_URL: host.url }, stdin });
  expect({ code, stderr, lines: stdout.split('\n').slice(0, -1) }).toEqual({ code: 0, stderr: '', lines });
});

function operationLines(status: string, ...end: string[]): string[] {
  return [
    `Operation ID: ${operationId}`,
    'Kind: library_install',
    'Subject: date-fns@4.1.0',
    `Status: ${status}`,
    'Progress: {"phase":"fetching","bytes":12,"done":1,"total":2}',
    `Started: ${at}`,
    ...end,
  ];
}

function libraryTable(): string[] {
  return [
    'NAME            GLOBAL   CACHED',
    'lodash-4.17.21  _        no',
    'moment-2.29.4   moment   no',
    'axios-1.6.0     axios    no',
    'ramda-0.29.0    R        no',
    'dayjs-1.11.10   dayjs    no',
    'zustand-4.4.7   zustand  no',
  ];
}
