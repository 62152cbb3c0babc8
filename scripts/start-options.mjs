// The options of "npm start": those of "vm-system serve", and like there a mistake ends with a sentence and exit code 2.
import { parseArgs } from 'node:util';

const choices = [
  ['listen', /^([^:]*:|\[.+\]:)?\d{1,5}$/, 'HOST:PORT, such as 127.0.0.1:3210'],
  ['db', /./, 'a path'],
  ['access', /^(compat|token)$/, 'compat or token'],
  ['cache-dir', /./, 'a path'],
  ['log-level', /^(debug|info|warn|error)$/, 'debug, info, warn or error'],
  ['max-live', /^0*[1-9]\d{0,8}$/, 'a whole number of at least 1'],
];

const help = `Usage: npm start -- [options]

  --listen <address>   address and port to listen on (default: 127.0.0.1:3210)
  --db <path>          database file (default: vm-system.db in your user's data folder)
  --access <mode>      compat: your own programs need no token (default). token: everybody needs it.
  --cache-dir <dir>    folder of the library cache (default: libraries in your user's data folder)
  --log-level <level>  debug, info (default), warn or error
  --max-live <n>       how many sessions may be live at once (default: 64)
  --help               print this help
`;

/** Returns what serve() takes. Ends the process once it has printed the help, or what is wrong. */
export function startOptions() {
  const values = parse();
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  for (const [name, pattern, expected] of choices) {
    const value = values[name];
    if (value !== undefined && !pattern.test(value)) refuse(`--${name} is "${value}", but it must be ${expected}.`);
  }
  return {
    listen: values.listen,
    databasePath: values.db,
    access: values.access,
    libraryCacheDirectory: values['cache-dir'],
    logLevel: values['log-level'],
    maxLive: values['max-live'] && Number(values['max-live']),
  };
}

function parse() {
  const valued = Object.fromEntries(choices.map(([name]) => [name, { type: 'string' }]));
  try {
    return parseArgs({ options: { ...valued, help: { type: 'boolean' } } }).values;
  } catch (error) {
    // Behind its first sentence Node explains how an argument could begin with a dash.
    return refuse(`${error.message.split(/\.\s|\.$|\n/)[0]}.`);
  }
}

function refuse(sentence) {
  process.stderr.write(`Error: ${sentence} See "npm start -- --help". (USAGE)\n`);
  process.exit(2);
}
