#!/bin/sh
# Extract, transform, load: a session with a database in its worktree takes a CSV file in three steps, and a query reads
# what came of it. Needs a host (vm-system serve) and vm-system on the PATH. Works in a folder of its own, named at the end.
set -eu

examples=$(cd "$(dirname "$0")/.." && pwd)
worktree=$(mktemp -d)
cp "$examples"/etl/*.js "$examples/data/weather.csv" "$worktree"

# The id in a line such as "Created session: 0d1c…".
id_in() { sed -n 's/^Created [^0-9]*.*\([0-9a-f]\{8\}\(-[0-9a-f]\{4\}\)\{3\}-[0-9a-f]\{12\}\).*/\1/p'; }

template=$(vm-system template create --name "etl $(basename "$worktree")" | id_in)
vm-system template add-module "$template" --name fs
vm-system template add-module "$template" --name database
vm-system template add-startup "$template" --path open-database.js --order 1

session=$(vm-system session create --template-id "$template" --workspace-id etl --base-commit none \
  --worktree-path "$worktree" | id_in)

vm-system exec run-file "$session" extract.js --args '{"csv":"weather.csv"}'
vm-system exec run-file "$session" transform.js
vm-system exec run-file "$session" load.js
vm-system exec repl "$session" 'require("database").query("SELECT city, count(*) AS days, round(sum(rain_mm)) AS rain_mm, max(high_c) AS hottest_c FROM day GROUP BY city ORDER BY city")'

vm-system session close "$session" > /dev/null
echo "The database is in $worktree/weather.db"
