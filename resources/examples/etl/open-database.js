// Startup file: opens the database that every later step of the session uses.
const database = require('database');

database.configure('sqlite3', 'weather.db');
database.exec(`
  CREATE TABLE IF NOT EXISTS day (
    city TEXT NOT NULL,
    date TEXT NOT NULL,
    rain_mm REAL NOT NULL,
    high_c REAL NOT NULL,
    low_c REAL NOT NULL,
    PRIMARY KEY (city, date)
  )`);
console.info('weather.db is open and holds %d days', database.query('SELECT count(*) AS days FROM day')[0].days);
