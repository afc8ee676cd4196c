#!/usr/bin/env bash
# Compares redflag's name matching with open peers; see README.md beside this file.
set -euo pipefail

usage="usage: run.sh [EVAL [OUTPUT]] [--sample N] [--venv DIR]"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
sample=0 venv='' folders=()

while (($#)); do
    case $1 in
    --sample | --venv)
        (($# > 1)) || { echo "run.sh: $1 needs a value; $usage" >&2 && exit 2; }
        if [[ $1 == --venv ]]; then venv=$2; else sample=$2; fi
        shift 2
        ;;
    -h | --help) echo "$usage" && exit ;;
    -*) echo "run.sh: unknown option $1; $usage" >&2 && exit 2 ;;
    *) folders+=("$1") && shift ;;
    esac
done
eval_dir=${folders[0]:-$root/../shared/eval}
out=${folders[1]:-$root/target/peers}

# A number, and not more than two folders.
if [[ ! $sample =~ ^[0-9]+$ ]] || ((${#folders[@]} > 2)); then
    echo "run.sh: $usage" >&2
    exit 2
fi
for file in targets.csv queries_dev.csv pairs_dev.csv score.py; do
    if [[ ! -f $eval_dir/$file ]]; then
        echo "run.sh: $eval_dir has no $file. The evaluation kit is not part of this" \
            "repository; give its folder as the first argument. Nothing was run." >&2
        exit 2
    fi
done
python=${PYTHON:-python3}
if ! "$python" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
    echo "run.sh: the fixed versions need Python 3.11 to 3.13 with venv; set PYTHON to one." >&2
    exit 2
fi

if [[ -z $venv ]]; then
    venv=$(mktemp -d)
    trap 'rm -rf "$venv"' EXIT
fi
"$python" -m venv "$venv"
pip=("$venv/bin/pip" --disable-pip-version-check install --quiet --no-deps)
"${pip[@]}" --requirement "$here/requirements.txt"
# PyICU comes as source and needs a compiler and ICU's headers. Where these are
# missing, a package that brings ICU along does; the table says which it was.
icu=1
if ! "$venv/bin/python" -c 'import icu' 2>/dev/null; then
    "${pip[@]}" pyicu==2.17 >"$venv/icu.log" 2>&1 ||
        "${pip[@]}" --only-binary :all: icukit-pyicu==78.3.1 >>"$venv/icu.log" 2>&1 ||
        icu=0
fi
"$venv/bin/python" -c 'import icu' 2>>"$venv/icu.log" || icu=0

(cd "$root" && cargo build --release --locked --quiet --bin redflag)
redflag=${CARGO_TARGET_DIR:-$root/target}/release/redflag
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo "no commit")
if [[ -n $(git -C "$root" status --porcelain -- src rules Cargo.lock 2>/dev/null) ]]; then
    commit+=" with changes"
fi

# One core for everybody.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$out"
# Nothing of an earlier run may get into this table.
rm -f "$out"/*.run.json "$out"/*.hits.csv "$out"/*.pairs.csv

step() {
    echo "run.sh: $1" >&2
    shift
    "$venv/bin/python" "$here/$@"
}
step "queries" prepare.py "$eval_dir" "$out" "$sample"
step "redflag" redflag_cli.py "$out/input" "$out" "$redflag"
step "token_sort_ratio" whole_string.py "$out/input" "$out" token_sort
step "Jaro-Winkler" whole_string.py "$out/input" "$out" jaro_winkler
step "best-pairs Jaro-Winkler, a minute or two" best_pairs.py "$out/input" "$out"
if ((icu)); then
    step "logic-v2, some minutes" logic_v2.py "$out/input" "$out"
else
    tail -n 5 "$venv/icu.log" >&2
    echo "run.sh: logic-v2 is LEFT OUT: PyICU could not be installed (see README.md)." >&2
fi
step "table: $out/table.txt and table.md" table.py "$eval_dir" "$out" "$commit"
