/** The import table of ARCHITECTURE.md as rules. There is no list of known violations, and there will be none. */
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** Whoever lives in `from` may import only what matches `allowed` (and what lies beneath itself). */
const only = (name, comment, from, allowed) =>
  rule(name, comment, { path: from }, { pathNot: allowed, dependencyTypesNot: ['type-only'] });

const npm = (...names) => names.map((name) => `node_modules/${name}(/|$)`);
const contracts = '^src/shared/';
const core = '^src/main/core/';

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'A cycle means that two files are one idea, or that an arrow points upward.',
      {},
      { circular: true },
    ),
    rule('no-orphan-import', 'An import that cannot be resolved fails at run time.', {}, { couldNotResolve: true }),
    rule('src-without-tests', 'Product code never needs test code.', { path: '^src/' }, { path: '^test/' }),
    rule(
      'electron-only-at-the-edge',
      'Headless code runs under plain Node, where importing electron throws and starts a download.',
      { path: '^src/', pathNot: ['^src/main/index\\.ts$', '^src/main/(shell|ipc)/', '^src/preload/'] },
      { path: 'node_modules/electron(/|$)' },
    ),
    only('shared', 'The contract is read by every process, so it may need nothing of any of them.', contracts, [
      contracts,
      ...npm('zod', '@orpc/contract'),
    ]),
    only('core', 'The core is plain TypeScript: it must run wherever its ports are.', core, [core, contracts]),
    only('store', 'An adapter knows its ports and its library, never another adapter.', '^src/main/store/', [
      '^src/main/store/',
      core,
      contracts,
      ...npm('better-sqlite3', '@types/better-sqlite3', 'zod'),
      '^node:',
      '^(fs|path|os|crypto|process)',
    ]),
    rule(
      'adapters-apart',
      'Adapters meet in app.ts only; one that knows another cannot be replaced alone.',
      { path: '^src/main/(store|runtime|modules|libraries|rest|ipc)/' },
      { path: '^src/main/(store|runtime|modules|libraries|rest|ipc)/', pathNot: '^src/main/$1/' },
    ),
    rule(
      'worker-alone',
      'The worker thread loads in milliseconds because it loads nothing of the host.',
      { path: '^src/main/runtime/worker/' },
      {
        path: '^src/main/',
        // The protocol and what both of its sides measure with.
        pathNot: [
          '^src/main/runtime/(worker|guest)/',
          '^src/main/runtime/(protocol|call-port|monotonic-clock|run-meter|output-journal|engine-binary)\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'app-is-the-root',
      'Only entries start the app; whatever else needs a part of it gets that part handed in.',
      { path: '^src/main/', pathNot: ['^src/main/(index|headless|config|app)\\.ts$'] },
      { path: '^src/main/app\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'cli-is-a-client',
      'Every command is a REST client; serve starts a host, and the library cache must be of use where no host runs.',
      { path: '^src/cli/' },
      { path: '^src/(main|renderer|preload)/', pathNot: ['^src/main/headless\\.ts$', '^src/main/libraries/'] },
    ),
    rule(
      'cli-starts-alone',
      'What a command takes from the host is loaded by import() in that command, so that no other waits for it.',
      { path: '^src/cli/' },
      { path: '^src/main/', dynamic: false },
    ),
    rule(
      'downloads-load-late',
      "npm's libraries, esbuild and tar cost a host its quick start; what a download needs loads with the first one.",
      {
        path: '^src/',
        pathNot: ['^src/main/libraries/(download/|npm-library-installer\\.ts$)', '^src/cli/commands/libs\\.ts$'],
      },
      { path: ['^src/main/libraries/download/', ...npm('pacote', '@npmcli/config', 'esbuild', 'tar')] },
    ),
    rule(
      'installer-loads-late',
      'The installer is part of every host, so it may reach a download by import() only.',
      { path: '^src/main/libraries/npm-library-installer\\.ts$' },
      { path: '^src/main/libraries/download/', dynamic: false, dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'renderer-is-a-client',
      'The page reaches the host through the contract only.',
      { path: '^src/renderer/' },
      { path: '^src/(main|cli|preload)/' },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
