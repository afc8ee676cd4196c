"""What the peers share: reading, one search loop, hits and times.

A matcher is an object with
  prepare(targets)        index a list of Target; counts as start-up
  search(kind, names)     for each name a list of (entity_id, score)
  pair(a, b, schema)      the score of two names
"""

import csv
import json
import os
import sys
import time
from collections import namedtuple
from importlib.metadata import version
from pathlib import Path

import numpy as np

Target = namedtuple("Target", "entity_id kind name")
TOP = 25
BATCH = 64


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, header, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(lines)


def by_kind(targets):
    kinds = {}
    for target in targets:
        kinds.setdefault(target.kind, []).append(target)
    return kinds


class Entities:
    """Turns one score a name into the best entities, for the names of one kind."""

    def __init__(self, targets):
        # The names of one entity must be neighbours for the maximum below.
        self.targets = sorted(targets, key=lambda t: t.entity_id)
        ids = [t.entity_id for t in self.targets]
        self.starts = [i for i, e in enumerate(ids) if i == 0 or ids[i - 1] != e]
        self.ids = [ids[i] for i in self.starts]

    def best(self, scores):
        """The TOP entities for each row of scores, in no order."""
        each = np.maximum.reduceat(scores, self.starts, axis=1)
        top = min(TOP, each.shape[1])
        for row in each:
            found = np.argpartition(row, -top)[-top:]
            yield [(self.ids[i], float(row[i])) for i in found if row[i] > 0]


def run(name, matcher, packages, others=()):
    """Screen, then score the pairs; the command line is INPUT OUTPUT, two folders."""
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    targets = [Target(r["entity_id"], r["kind"], r["name"]) for r in rows(source / "targets.csv")]
    queries = rows(source / "queries.csv")
    matcher.prepare(targets)

    # Processor time, from the start of the interpreter: on a machine with
    # other work, the clock on the wall would measure that as well.
    ready = time.process_time()
    hits = []
    for kind, group in by_kind([Target(q["id"], q["kind"], q["name"]) for q in queries]).items():
        for at in range(0, len(group), BATCH):
            batch = group[at : at + BATCH]
            found = matcher.search(kind, [q.name for q in batch])
            for query, candidates in zip(batch, found):
                hits += [(query.entity_id, e, f"{s:.6f}") for e, s in candidates]
    done = time.process_time()

    write(out / f"{name}.hits.csv", ["query_id", "entity_id", "score"], hits)
    pairs = [
        (r["case_id"], f"{matcher.pair(r['name1'], r['name2'], r['schema']):.6f}")
        for r in rows(source / "pairs.csv")
    ]
    write(out / f"{name}.pairs.csv", ["case_id", "score"], pairs)
    versions = {p: version(p) for p in packages} | dict(others)
    record(out, name, len(queries), done - ready, done, versions)


def record(out, name, queries, matching, total, versions):
    """Seconds of one core: for the matching alone, and with start-up."""
    facts = {"queries": queries, "matching": matching, "total": total, "versions": versions}
    (out / f"{name}.run.json").write_text(json.dumps(facts, indent=1))


if os.environ.get("OMP_NUM_THREADS") != "1":
    sys.exit("set OMP_NUM_THREADS=1: the peers are measured on one core")
