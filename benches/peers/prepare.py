"""Writes what the matchers may see, and apart from it what only the scorer may.

prepare.py EVAL OUTPUT SAMPLE   (SAMPLE 0: all queries)
"""

import hashlib
import shutil
import sys
from pathlib import Path

from common import rows, write


def sample(queries, wanted):
    """About `wanted` queries, each class in proportion, the same at every run."""
    classes = {}
    for query in queries:
        classes.setdefault(query["class"], []).append(query)
    kept = set()
    for group in classes.values():
        group.sort(key=lambda q: hashlib.sha256(q["id"].encode()).digest())
        share = max(1, round(wanted * len(group) / len(queries)))
        kept.update(q["id"] for q in group[:share])
    return [q for q in queries if q["id"] in kept]


def main():
    source, out, wanted = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    queries = rows(source / "queries_dev.csv")
    if 0 < wanted < len(queries):
        queries = sample(queries, wanted)
    seen = out / "input"
    seen.mkdir(parents=True, exist_ok=True)
    write(out / "truth.csv", list(queries[0]), [list(q.values()) for q in queries])
    # Without the class and the truth; the country apart, for the row that may use it.
    for name, columns in [
        ("queries.csv", ["id", "name", "kind"]),
        ("queries-country.csv", ["id", "name", "kind", "country"]),
    ]:
        write(seen / name, columns, [[q[c] for c in columns] for q in queries])
    # Nothing to match: what is left is start-up.
    write(seen / "none.csv", ["id", "name", "kind"], [["none", "-", "person"]])
    pairs = ["case_id", "name1", "name2", "schema"]
    write(seen / "pairs.csv", pairs, [[p[c] for c in pairs] for p in rows(source / "pairs_dev.csv")])
    shutil.copyfile(source / "targets.csv", seen / "targets.csv")


main()
