// Summarises daily weather by city and year. Expects __ARGS__.csv; its value is the table of the summary.
// Run by "npm run demo" on data/weather.csv.

function parse(csv) {
  const [header, ...lines] = csv.trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, fields[index]]));
  });
}

function groupBy(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

function summarise(group, rows) {
  const highs = rows.map((row) => Number(row.temp_max));
  const rain = rows.map((row) => Number(row.precipitation));
  const round = (value) => Math.round(value * 10) / 10;
  return {
    group,
    days: rows.length,
    hottest_c: Math.max(...highs),
    mean_high_c: round(highs.reduce((sum, value) => sum + value, 0) / rows.length),
    rain_mm: round(rain.reduce((sum, value) => sum + value, 0)),
    wet_days: rain.filter((value) => value > 0).length,
  };
}

const rows = parse(__ARGS__.csv);
console.info('read %d days, from %s to %s', rows.length, rows[0].date, rows.at(-1).date);

const report = [];
for (const [group, days] of groupBy(rows, (row) => `${row.location} ${row.date.slice(0, 4)}`)) {
  const line = summarise(group, days);
  report.push(line);
  console.log('%s: %d wet days of %d, %f mm of rain', group, line.wet_days, line.days, line.rain_mm);
}

const wettest = report.reduce((most, line) => (line.rain_mm > most.rain_mm ? line : most));
console.warn('wettest: %s', wettest.group);
report;
