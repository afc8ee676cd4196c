#!/usr/bin/env bash
# Instructions that the matching of one name takes, counted by valgrind, so
# that two states of the code can be told apart on a busy machine.
#
#   bash benches/instructions.sh [TARGETS.csv [MIN_SCORE]]
#
# Each name is ranked once and 101 times; the difference, divided by 100, is
# what one name takes without start-up.
set -euo pipefail

targets=${1:-$(dirname "$0")/../../shared/eval/targets.csv}
min_score=${2:-}
times=100

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not installed; nothing is counted" >&2
  exit 1
fi
if [ ! -r "$targets" ]; then
  echo "no list at $targets; give one: bash benches/instructions.sh TARGETS.csv" >&2
  exit 1
fi
targets=$(realpath "$targets")
cd "$(dirname "$0")/.."
cargo build --quiet --locked --release --example one_name
program=${CARGO_TARGET_DIR:-target}/release/examples/one_name

# count NAME KIND TIMES: instructions of a whole run.
count() {
  local log
  log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$program" "$targets" "$1" "$2" "$3" ${min_score:+"$min_score"} 2>&1 >/dev/null) || {
    printf '%s\n' "$log" >&2
    return 1
  }
  printf '%s\n' "$log" | sed -n 's/.*Collected : //p'
}

printf '%15s  %-12s  %s\n' 'instructions' 'kind' 'name'
sum=0
names=0
while IFS='|' read -r kind name; do
  once=$(count "$name" "$kind" 1)
  often=$(count "$name" "$kind" $((times + 1)))
  each=$(((often - once) / times))
  printf '%15d  %-12s  %s\n' "$each" "$kind" "$name"
  sum=$((sum + each))
  names=$((names + 1))
done <<'NAMES'
person|Mohammad Hassan Rezaei
organization|ACME TRADING GMBH C/O JATRONICS SDN BHD
vessel|OCEAN FORTUNE 7
organization|ООО Научно-производственное предприятие Радиоавтоматика
person|محمد حسن عبد الله
NAMES
printf '%15d  mean of %d names\n' $((sum / names)) "$names"
