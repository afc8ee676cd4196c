#!/usr/bin/env bash
# Every night: bring new editions of the lists, screen the open orders, hold the
# parties of every recorded shipment against what changed in the lists, keep the
# reports of the day, and say so when there is news. In the crontab, with the
# settings of your place in front:
#
#   MAILTO=compliance@example.com
#   30 2 * * *  PROJECT=/srv/redflag SHIPMENTS=/srv/orders /srv/redflag/nightly.sh
#
# cron mails what is written; a night without news writes nothing. PROJECT is a
# folder with a redflag.toml: runs are recorded there, and rescreening rests on
# the records.
set -uo pipefail
PROJECT=${PROJECT:?the folder of the project, with its redflag.toml}
SHIPMENTS=${SHIPMENTS:?the folder or file with the open orders}
REPORTS=${REPORTS:-$PROJECT/reports}
# Settings for "check", such as "--fail-on hold".
OPTIONS=${OPTIONS:-}
# "no" where another job brings the lists.
UPDATE=${UPDATE:-yes}

cd "$PROJECT" || exit 2
day=$(date +%F)
folder="$REPORTS/$day"
mkdir -p "$folder" || exit 2
# The run of the last night that came to its end.
last="$REPORTS/last-run"

if [ "$UPDATE" = yes ] && ! redflag lists update > "$folder/update.txt" 2>&1; then
  # The gate itself refuses lists that are too old; this is the earlier word.
  echo "The lists could not all be updated: $folder/update.txt"
fi

gate=0
# shellcheck disable=SC2086  # the options are several words
redflag check $OPTIONS \
  --output "text=$folder/report.txt" \
  --output "html=$folder/report.html" \
  --output "jsonl=$folder/report.jsonl" \
  --output "xlsx=$folder/report.xlsx" \
  -- "$SHIPMENTS" 2> "$folder/log.txt" || gate=$?

# What changed since the run of the last night, for it and all runs before; later
# ones are held against their own lists. The first night has no last one.
since=()
if [ -s "$last" ]; then since=(--since "$(cat "$last")"); fi
again=0
redflag rescreen --fail ${since[@]+"${since[@]}"} \
  --output "text=$folder/rescreen.txt" \
  --output "jsonl=$folder/rescreen.jsonl" 2> "$folder/rescreen-log.txt" || again=$?
# Only a night that told everything is one that the next can begin from.
run=$(sed -n 's/^.*recorded: \(.*\) (line [0-9]* of the chain.*$/\1/p' "$folder/log.txt" | tail -n 1)
if [ -n "$run" ] && [ "$again" -le 1 ]; then
  basename "$run" > "$last.new" && mv "$last.new" "$last"
fi
ln -sfn "$day" "$REPORTS/latest"

case $gate in
  0) ;;
  1) echo "Open flags of $day: $folder/report.html" ;;
  3) echo "Something could not be screened on $day: $folder/report.html" ;;
  4) echo "Nothing found on $day, but the lists are too old to trust that: $folder/report.html" ;;
  *) echo "The screening of $day failed:"; cat "$folder/log.txt" ;;
esac
case $again in
  0) ;;
  1) echo "Lists changed against parties of earlier shipments: $folder/rescreen.txt" ;;
  *) echo "The rescreening of $day failed:"; cat "$folder/rescreen-log.txt" ;;
esac
# Of both ends the one that asks for more: 2, 3, 1, 4, 0.
for code in 2 3 1 4; do
  if [ "$gate" -eq "$code" ] || [ "$again" -eq "$code" ]; then exit "$code"; fi
done
exit $((gate > again ? gate : again))
