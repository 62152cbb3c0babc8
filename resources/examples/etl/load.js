// Step 3: stores `days` in the `database` that the startup file opened. Run again, it replaces what is there.
database.exec('BEGIN');
for (const { city, date, rain, high, low } of days) {
  database.exec('INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?, ?)', city, date, rain, high, low);
}
database.exec('COMMIT');
const [{ stored }] = database.query('SELECT count(*) AS stored FROM day');
console.log('stored %d days', stored);
stored;
