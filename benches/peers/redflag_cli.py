"""redflag itself, by name and kind, and once more with the country of the party.

redflag_cli.py INPUT OUTPUT PROGRAM
"""

import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from common import TOP, record, rows


def seconds(*command):
    """Processor time of a command, all its threads together."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([str(c) for c in command], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    source, out, program = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    count = len(rows(source / "queries.csv"))

    def match(queries, hits):
        return seconds(
            program, "match", source / queries, "--list", source / "targets.csv",
            "--threads", 1, "--top", TOP, "--min-score", 0.4, "--output", hits,
        )

    for name, queries in [("redflag", "queries.csv"), ("redflag_country", "queries-country.csv")]:
        start = match("none.csv", out / "none.csv")
        total = match(queries, out / f"{name}.hits.csv")
        record(out, name, count, total - start, total, {"redflag": version.stdout.split()[1]})
    seconds(program, "compare", "--pairs", source / "pairs.csv", "--output", out / "redflag.pairs.csv")


main()
