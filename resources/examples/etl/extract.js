// Step 1: reads the CSV file named by __ARGS__.csv into `extracted`, one object per line, every field a text.
const [header, ...lines] = require('node:fs').readFileSync(__ARGS__.csv, 'utf8').trim().split('\n');
const names = header.split(',');

globalThis.extracted = lines.map((line) => {
  const fields = line.split(',');
  return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
});
console.log('extracted %d lines of %s', extracted.length, __ARGS__.csv);
extracted.length;
