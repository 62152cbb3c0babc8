/** A journal as an interrupted transaction of SQLite leaves it: rolled back, it gives the database these pages. */
const pageBytes = 4096;
const sectorBytes = 512;
const nonce = 7;

export function journalOf(database: Buffer): Buffer {
  const count = database.length / pageBytes;
  const magic = Buffer.from('d9d505f920a163d7', 'hex');
  const head = Buffer.concat([magic, ...[count, nonce, count, sectorBytes, pageBytes].map(uint32)], sectorBytes);
  const pages = Array.from({ length: count }, (_, index) => {
    const page = database.subarray(index * pageBytes, (index + 1) * pageBytes);
    return Buffer.concat([uint32(index + 1), page, uint32(sumOf(page))]);
  });
  return Buffer.concat([head, ...pages]);
}

function sumOf(page: Buffer): number {
  let sum = nonce;
  for (let index = pageBytes - 200; index > 0; index -= 200) sum += page[index] ?? 0;
  return sum;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
