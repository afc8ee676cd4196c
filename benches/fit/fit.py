#!/usr/bin/env python3
"""Fits rules/names/evidence.toml: one logistic regression a kind of party.

  fit.py EVIDENCE.csv TABLE.toml [--source TEXT] [--date DATE] [--folds N]

EVIDENCE.csv is what `cargo run --release --example evidence` prints. A weight
may only speak the way its feature is meant to (for or against), so that more
agreement never lowers a score: the fit is bounded, L-BFGS-B. Needs numpy and
scipy. With --folds the weights are fitted N times, each time without one part
of the queries, and the recall on the parts left out is printed.
"""
import argparse, csv, hashlib
import numpy as np
from scipy.optimize import minimize

KINDS = ("person", "organization", "vessel")
FIRST_AGAINST = "both_left"
# What names that agree as a whole sum up to: set by hand, since the labelled
# queries hold hardly any that agree so and are two parties.
SAME_LETTERS, CUT = 5.0, 4.0
RATES = (0.001, 0.005, 0.01, 0.05)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        data = list(rows)
    keys = head[5:]
    ids = np.array([row[0] for row in data])
    true = np.array([row[2] == "1" for row in data])
    kind = np.array([{"aircraft": "vessel", "unknown": "organization"}.get(row[3], row[3]) for row in data])
    pairs = np.array([row[1] == "pair" for row in data])
    return keys, ids, true, kind, pairs, np.array([row[5:] for row in data], float)


# A country agrees with many a party: it corroborates a name and never makes
# one. Its weight is at most this, whatever the labelled queries say.
MOST_FOR_COUNTRY = 0.8
# A ship's name with a place behind it is another ship as often as the same one
# (`DANIEL SAIGON`): the labelled queries hold too few of them, and leaving the
# place out counts at least this much against a match.
LEAST_AGAINST_PLACE_OF_VESSEL = 5.0


def fit(x, y, against, weight, ridge, limits):
    """Base and weights, all weights at least 0, or between the limits of their
    column."""
    z = np.where(against, -x, x)
    scale = z.std(axis=0)
    scale[scale == 0] = 1.0
    z = z / scale

    def loss(w):
        s = w[0] + z @ w[1:]
        p = 1 / (1 + np.exp(-s))
        value = np.sum(weight * (np.logaddexp(0, s) - y * s)) + 0.5 * ridge * np.sum(w[1:] ** 2)
        g = weight * (p - y)
        return value, np.concatenate([[g.sum()], z.T @ g + ridge * w[1:]])

    start = np.zeros(z.shape[1] + 1)
    bounds = [(None, None)] + [(0, None)] * z.shape[1]
    for column, (least, most) in limits.items():
        bounds[1 + column] = (least * scale[column], None if most is None else most * scale[column])
    w = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    return w[0], w[1:] / scale


def fit_kinds(keys, true, kind, x, chosen, weight, ridge):
    against = np.arange(len(keys)) >= keys.index(FIRST_AGAINST)
    table = {}
    for k in KINDS:
        rows = chosen & (kind == k)
        limits = {keys.index("country"): (0, MOST_FOR_COUNTRY)}
        if k == "vessel":
            limits[keys.index("part_place")] = (LEAST_AGAINST_PLACE_OF_VESSEL, None)
        table[k] = fit(x[rows], true[rows], against, weight[rows], ridge, limits)
    return table, against


def sums(table, against, kind, x):
    s = np.zeros(len(x))
    for k, (base, w) in table.items():
        rows = kind == k
        s[rows] = base + np.where(against, -x[rows], x[rows]) @ w
    return s


def recall(ids, true, s, positives, negatives):
    best, best_true = {}, {}
    for i, t, v in zip(ids, true, s):
        best[i] = max(best.get(i, -1e9), v)
        if t:
            best_true[i] = max(best_true.get(i, -1e9), v)
    found = np.array([best_true.get(i, -1e9) for i in positives])
    alarms = sorted((best.get(i, -1e9) for i in negatives), reverse=True)
    at = [(found > alarms[int(rate * len(alarms) + 1e-9)]).mean() for rate in RATES]
    area = np.mean([(found > a).mean() for a in alarms[: int(0.05 * len(alarms))]])
    return at, area


def calibration(ids, true, s):
    """Prints how often the best entry of a query is right, by its score."""
    best = {}
    for i, t, v in zip(ids, true, s):
        if i not in best or v > best[i][0]:
            best[i] = (v, t)
    score = 1 / (1 + np.exp(-np.array([v for v, _ in best.values()])))
    right = np.array([t for _, t in best.values()])
    edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01]
    for low, high in zip(edges, edges[1:]):
        band = (score >= low) & (score < high)
        if band.any():
            print(f"held out, best entry at {low:.2f} to {min(high, 1):.2f}: {band.sum():5d} queries, {right[band].mean():.3f} right")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence")
    parser.add_argument("table")
    parser.add_argument("--source", default="labelled queries")
    parser.add_argument("--date", default="2026-11-25")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--queries", help="the labelled queries, for --folds")
    parser.add_argument("--ridge", type=float, default=2.0)
    parser.add_argument("--pair", type=float, default=3.0, help="weight of a labelled pair of names")
    parser.add_argument("--other", type=float, default=0.3, help="weight of other entries met by a query that has a true one")
    o = parser.parse_args()
    keys, ids, true, kind, pairs, x = read(o.evidence)
    # Names that agree as a whole are not weighed.
    whole = ~x[:, [keys.index(key) for key in ("query_covered", "listed_covered")]].any(axis=1)
    positive = set(ids[true])
    weight = np.array([1.0 if t or i not in positive else o.other for i, t in zip(ids, true)])
    weight[pairs] = o.pair
    if o.folds:
        with open(o.queries, encoding="utf-8", newline="") as file:
            labelled = list(csv.DictReader(file))
        part = np.array([int(hashlib.md5(i.encode()).hexdigest(), 16) % o.folds for i in ids])
        s = np.zeros(len(x))
        for fold in range(o.folds):
            table, against = fit_kinds(keys, true, kind, x, (part != fold) & ~whole, weight, o.ridge)
            held = part == fold
            s[held] = sums(table, against, kind[held], x[held])
        s[whole] = CUT
        y, p = true[pairs], s[pairs]
        f1 = [(2 * (y & (p >= t)).sum() / max(1, y.sum() + (p >= t).sum()), t) for t in np.unique(p)]
        print(f"held out, pairs: best F1 {max(f1)[0]:.4f} of those that have a word in common")
        calibration(ids[~pairs], true[~pairs], s[~pairs])
        positives = [q["id"] for q in labelled if q["truth_entity_ids"]]
        for name, keep in (("all", lambda c: True), ("natural", lambda c: not c.startswith("near_"))):
            negatives = [q["id"] for q in labelled if not q["truth_entity_ids"] and keep(q["class"])]
            at, area = recall(ids, true, s, positives, negatives)
            print(f"held out, {name} negatives:", " ".join(f"{r:.4f}" for r in at), f"mean 0-5 % {area:.4f}")
    table, against = fit_kinds(keys, true, kind, x, ~whole, weight, o.ridge)
    with open(o.table, encoding="utf-8") as file:
        address = file.read().split("\n[address]\n")[1]
    with open(o.table, "w", encoding="utf-8") as file:
        file.write("# How much each thing that two names show speaks for or against their meaning\n"
                   "# one party, in logarithms of the odds. Made by benches/fit/fit.py; the\n"
                   "# features are described in src/matching/evidence.rs.\n\n"
                   'pack.id = "names-evidence"\npack.title = "Weights of evidence"\n'
                   f'pack.source = "{o.source}"\npack.date = {o.date}\npack.certainty = "own judgement"\n')
        for k in KINDS:
            base, w = table[k]
            file.write(f"\n[{k}]\nbase = {base:.4f}\nsame_letters = {SAME_LETTERS}\ncut = {CUT}\n")
            file.writelines(f"{key} = {abs(value):.4f}\n" for key, value in zip(keys, w))
        file.write("\n[address]\n" + address)


if __name__ == "__main__":
    main()
