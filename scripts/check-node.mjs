// better-sqlite3 13 on Node 20 ends in a segmentation fault without a word, so the wrong Node has to be refused first.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `vm-system needs Node 24 or newer, but this is ${process.version}.\n` +
      'Run it through npm ("npm start", "npm test"), which uses the Node 24 that "npm ci" installs; ' +
      'if npm was called with --omit=optional or --omit=dev, run "npm ci" once without it.',
  );
  process.exit(1);
}
