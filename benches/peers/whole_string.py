"""Jaro-Winkler and token_sort_ratio: every name against every name of its kind."""

import re
import sys

import numpy as np
from anyascii import anyascii
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from common import Entities, by_kind, run


def plain(name):
    """ASCII in lower case; dots and apostrophes away, other marks a space."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"[.'`]", "", anyascii(name).lower())).split())


def sorted_words(name):
    return " ".join(sorted(plain(name).split()))


def both_orders(targets):
    """`LAST, First` also as `First LAST`: Jaro-Winkler lives by the beginning."""
    for target in targets:
        yield target
        last, comma, first = target.name.partition(",")
        if comma and target.kind == "person":
            yield target._replace(name=f"{first} {last}")


class WholeString:
    def __init__(self, fold, scorer, scale, orders):
        self.fold, self.scorer, self.scale, self.orders = fold, scorer, scale, orders

    def prepare(self, targets):
        self.kinds = {}
        for kind, group in by_kind(both_orders(targets) if self.orders else targets).items():
            entities = Entities(group)
            self.kinds[kind] = entities, [self.fold(t.name) for t in entities.targets]

    def search(self, kind, names):
        entities, folded = self.kinds[kind]
        queries = [self.fold(n) for n in names]
        scores = process.cdist(queries, folded, scorer=self.scorer, dtype=np.float32, workers=1)
        return entities.best(scores / self.scale)

    def pair(self, a, b, schema):
        return self.scorer(self.fold(a), self.fold(b)) / self.scale


if __name__ == "__main__":
    name = sys.argv[3]
    # ratio over words sorted beforehand is token_sort_ratio; the names of the
    # list are then sorted once and not once a query.
    matcher = {
        "token_sort": WholeString(sorted_words, fuzz.ratio, 100, False),
        "jaro_winkler": WholeString(plain, JaroWinkler.similarity, 1, True),
    }[name]
    run(name, matcher, ["rapidfuzz", "anyascii", "numpy"])
