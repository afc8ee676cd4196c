#!/usr/bin/env python3
"""Seeds for the fuzz target `reader`: the samples of every format, and the heads
of real lists where they lie beside the project.

    python3 fuzz/seeds.py [FOLDER_WITH_LISTS]

writes `fuzz/corpus/FORMAT/`, a folder for each format. A head is whole: of XML
the outer elements are closed, of JSON the arrays, of text whole lines are taken.
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent / "tests" / "data" / "lists"
LONGEST = 6000

# The format of each sample, and of each real list below the folder.
FILES = {
    "au-dfat": ["au_dfat.csv", "au_dfat.xlsx"],
    "bis-csv": ["entity_list.csv", "unverified.csv"],
    "bis-dpl": ["dpl.txt", "dpl.csv", "bis/dpl.txt"],
    "ca-sema-xml": ["ca_sema.xml", "ca_sema_2026.xml", "ca/sema-lmes.xml"],
    "ch-seco-xml": ["ch_seco.xml", "ch_seco_delta.xml", "ch/seco_example_2024-01-17.xml"],
    "csl-compact-json": ["csl.json"],
    "csl-csv": ["consolidated.csv", "csl/consolidated.csv"],
    "csl-json": ["consolidated.json"],
    "eu-annex-csv": ["eu_annexes.csv", "derived/eu_833-2014_annexes.csv", "derived/eu_269-2014_annex1.csv"],
    "eu-copy-json": ["eu_copy.json", "derived/eu_sanctions_2025-04-16.json"],
    "eu-fsf-csv": ["eu_fsf.csv"],
    "eu-fsf-xml": ["eu_fsf.xml"],
    "eu-global-xml": ["eu_global.xml", "eu/global_2016-02-11.xml"],
    "gb-conlist-csv": ["uk_conlist.csv", "uk/ConList_2016-02-12.csv"],
    "gb-uksl-csv": ["uk_list.csv"],
    "gb-uksl-xml": ["uk_list.xml"],
    "jp-eul": ["jp_eul.csv"],
    "ofac-advanced-xml": ["sdn_advanced.xml"],
    "ofac-xml": ["sdn.xml", "ofac/consolidated.xml"],
    "opensanctions-delta-json": ["os.delta.json", "opensanctions/entities.delta.json"],
    "opensanctions-ftm-json": ["os.ftm.json", "opensanctions/zala.entities.ftm.json"],
    "opensanctions-senzing-json": ["os.senzing.json", "opensanctions/us_congress.senzing.json"],
    "opensanctions-simple-csv": ["os.simple.csv", "opensanctions/interpol.targets.simple.csv"],
    "parsed-csv": ["parsed.csv", "derived/uk_parsed_2025-05.csv", "derived/eu_parsed_2025-05.csv"],
    "plain-csv": ["own.csv"],
    "registry-json": ["registry.json", "derived/jp_meti_end_user_list_2025-09-29.json"],
    "un-sc-xml": ["un_sc.xml", "un/consolidated.xml"],
}
# Files of one list, with form feeds between them.
TOGETHER = {
    "ofac-sdn-csv": [
        ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"],
        ["ofac/sdn.csv", "ofac/add.csv", "ofac/alt.csv", "ofac/sdn_comments.csv"],
    ],
}


def xml_head(text):
    """The beginning up to the end of an element, with what is open closed."""
    head = text[:LONGEST]
    head = head[: head.rfind("</")]
    head = head[: head.rfind(">") + 1]
    opened = []
    for tag in re.finditer(r"<(/?)([A-Za-z_][\w:.-]*)[^<>]*?(/?)>", head):
        if tag[1]:
            opened.pop()
        elif not tag[3]:
            opened.append(tag[2])
    return head + "".join(f"</{name}>" for name in reversed(opened))


def head(name, raw):
    if len(raw) <= LONGEST:
        return raw
    text = raw.decode("utf-8", "replace")
    if name.endswith(".xml"):
        return xml_head(text).encode()
    lines, taken = [], 0
    for line in text.splitlines(keepends=True):
        taken += len(line)
        if taken > LONGEST and lines:
            break
        lines.append(line)
    head = "".join(lines)
    if text.startswith("[") or (text.startswith("{\n")):
        # An array of objects, one a line or spread over lines.
        cut = max(head.rfind("\n  },"), head.rfind("},\n"))
        if cut > 0:
            head = head[: head.index("}", cut) + 1] + ("]" if text.startswith("[") else "]}")
    return head.encode()


def main():
    lists = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "lists"

    def find(name):
        place = (lists if "/" in name else SAMPLES) / name
        if not place.is_file():
            return None
        return head(name, place.read_bytes()) if "/" in name else place.read_bytes()

    def write(key, name, seed):
        folder = HERE / "corpus" / key
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("/", "_")).write_bytes(seed)
        print(f"{key:28} {name:44} {len(seed):6}")

    for key, names in FILES.items():
        for name in names:
            seed = find(name)
            if seed is not None:
                write(key, name, seed)
    for key, groups in TOGETHER.items():
        for names in groups:
            parts = [find(name) for name in names]
            if None not in parts:
                write(key, names[0], b"\x0c".join(part[:2000] for part in parts))


if __name__ == "__main__":
    main()
