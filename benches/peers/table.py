"""Scores every hits file with the evaluation's own scorer and prints the tables.

table.py EVAL OUTPUT COMMIT
"""

import datetime
import json
import platform
import subprocess
import sys
from pathlib import Path

# File name, title, and the score from which its makers call two names the
# same; rapidfuzz and the sketch of Watchman's idea come without one.
MATCHERS = [
    ("redflag", "redflag", 0.60),
    ("redflag_country", "redflag, given the country", None),
    ("logic_v2", "nomenklatura logic-v2", 0.70),
    ("best_pairs", "best-pairs Jaro-Winkler (Watchman's idea)", None),
    ("jaro_winkler", "Jaro-Winkler, whole name", None),
    ("token_sort", "token_sort_ratio", None),
]
RATES = ["0.001", "0.005", "0.01", "0.05"]


def score(evaluation, out, what, *arguments):
    """One run of score.py, as its JSON."""
    result = out / f"{what}.json"
    command = [sys.executable, evaluation / "score.py", *arguments, "--json", result]
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL)
    return json.loads(result.read_text())


def short(value):
    return f"{value:.3f}".removeprefix("0")


def recalls(result):
    return " / ".join(short(result["at_fpr"][rate]["recall"]) for rate in RATES)


def speed(run, what):
    return f"{run['queries'] / run[what]:,.0f}"


def measure(evaluation, out, name, usual):
    """What the tables need of one matcher, or nothing if it did not run."""
    if not (out / f"{name}.run.json").exists():
        return None
    run = json.loads((out / f"{name}.run.json").read_text())
    hits = ["screen", out / "truth.csv", out / f"{name}.hits.csv"]
    every = score(evaluation, out, f"{name}.all", *hits)
    natural = score(evaluation, out, f"{name}.natural", *hits, "--neg", "natural")
    best = at_usual = "–"
    if (out / f"{name}.pairs.csv").exists():
        scores = [evaluation / "pairs_dev.csv", out / f"{name}.pairs.csv"]
        pairs = score(evaluation, out, f"{name}.pairs", "pairs", *scores, "--threshold", usual or 0)
        best = f"{short(pairs['best']['f1'])} at {pairs['best']['threshold']:.2f}"
        if usual:
            at_usual = f"{short(pairs['at_threshold']['f1'])} at {usual:.2f}"
    cells = [recalls(every), recalls(natural), short(every["partial_auc_fpr5"])]
    cells += [speed(run, "matching"), speed(run, "total"), best, at_usual]
    return cells, every, run["versions"]


def as_text(header, lines):
    width = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(line, width)).rstrip()
        for line in [header, ["-" * w for w in width], *lines]
    )


def as_markdown(header, lines):
    return "\n".join("| " + " | ".join(line) + " |" for line in [header, ["---"] * len(header), *lines])


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(l.split(":", 1)[1].strip() for l in lines if l.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def head(measured, first, commit):
    versions = {}
    for found in measured.values():
        versions.update(found[2])
    versions["redflag"] += f" ({commit})"
    parts = [f"{package} {number}" for package, number in versions.items()]
    parts += [f"Python {platform.python_version()}", processor()]
    return (
        f"{first['n_pos'] + first['n_neg']:,} queries: {first['n_pos']:,} of listed parties, "
        f"{first['n_neg']:,} of others ({first['n_neg_natural']:,} natural, {first['n_neg_near']:,} near). "
        f"Measured {datetime.date.today()} with {', '.join(parts)}."
    )


def main():
    evaluation, out, commit = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    measured, summary = {}, []
    for name, title, usual in MATCHERS:
        found = measure(evaluation, out, name, usual)
        if found:
            measured[name] = found
        summary.append([title, *(found[0] if found else ["could not run"] + ["–"] * 6)])
    first = measured["redflag"][1]

    tables = [
        (
            "Recall where 0.1 / 0.5 / 1 / 5 % of the negatives raise a hit; queries per second of one core",
            ["matcher", "recall, all negatives", "recall, natural negatives", "pAUC",
             "q/s, matching", "q/s, with start-up", "pairs, best F1", "pairs, usual F1"],
            summary,
        ),
        (
            "Recall by class where 0.5 % of all negatives raise a hit",
            ["class", "queries", *(title for name, title, _ in MATCHERS if name in measured)],
            [
                [name, str(group["n"])]
                + [short(found[1]["per_class"][name]["recall"]["0.005"]) for found in measured.values()]
                for name, group in first["per_class"].items()
            ],
        ),
    ]
    for path, style, mark in [("table.txt", as_text, ""), ("table.md", as_markdown, "**")]:
        parts = [head(measured, first, commit)]
        for title, header, lines in tables:
            parts += [f"{mark}{title}{mark}", style(header, lines)]
        (out / path).write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print((out / "table.txt").read_text(encoding="utf-8"), end="")


main()
