/** A process that holds a database until its standard input ends: `hold-database.fixture.ts <database> <address>`. */
import { holdDatabase } from '#main/store/host-lock';

const [, , path = '', address = ''] = process.argv;
const lock = holdDatabase(path, { pid: process.pid });
lock.announce(address);
process.stdout.write('held\n');
process.stdin.resume().on('end', () => lock.release());
