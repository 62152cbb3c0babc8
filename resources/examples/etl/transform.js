// Step 2: makes numbers of texts and keeps what can be true, from `extracted` into `days`.
globalThis.days = extracted
  .map(({ location, date, precipitation, temp_max: high, temp_min: low }) => ({
    city: location,
    date,
    rain: Number(precipitation),
    high: Number(high),
    low: Number(low),
  }))
  .filter(({ rain, high, low }) => rain >= 0 && high >= low);
console.log('kept %d of %d days', days.length, extracted.length);
days.length;
