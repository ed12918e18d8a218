# SPDX-License-Identifier: Apache-2.0
"""Results kept as lines of tab-separated words, and the tables made of them."""
import collections
import csv
import pathlib
import re

FIELDS = ["id", "key", "group", "file", "line", "before", "after", "verdict", "suite", "scenario", "level", "seconds"]
LEVELS = ["trace", "device", "patient", "refused", "crashed", "endless", "stopped"]


class Results:
    """One line for each mutant, appended as it is judged; a mutant whose key is known is not judged again."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.rows = {}
        if self.path.exists():
            with self.path.open(newline="") as f:
                for row in csv.DictReader(f, delimiter="\t"):
                    self.rows[row["id"]] = row

    def known(self, id_, key, trust):
        """The row of that mutant where it still holds; `trust`: one that was caught once counts as caught."""
        row = self.rows.get(id_)
        if row is None:
            return None
        sources, suites = key.split("/")
        same = row["key"].split("/")
        if same[0] == sources and (same[1] == suites or row["verdict"] in ("same", "broken")
                                   or (trust and row["verdict"] == "caught")):
            return row
        return None

    def add(self, row):
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", newline="") as f:
            out = csv.DictWriter(f, FIELDS, delimiter="\t", lineterminator="\n")
            if new:
                out.writeheader()
            out.writerow(row)
        self.rows[row["id"]] = row


def one_line(text):
    return " ".join(text.split())[:160]


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def table(title, rows):
    """A line for each group: judged, caught, by level, how fast."""
    groups = collections.OrderedDict()
    for row in sorted(rows, key=lambda r: r["group"]):
        if row["verdict"] in ("caught", "survived"):
            groups.setdefault(row["group"], []).append(row)
    every = [row for group in groups.values() for row in group]
    print(f"\n{title}")
    print(f"  {'':14} {'mutants':>7} {'caught':>7} {'share':>7} " + "".join(f"{level:>9}" for level in LEVELS) + "   median  slowest")
    for name, group in [*groups.items(), ("all", every)]:
        caught = [row for row in group if row["verdict"] == "caught"]
        seconds = [float(row["seconds"]) for row in caught]
        share = 100 * len(caught) / len(group) if group else 0.0
        by = "".join(f"{sum(row['level'] == level for row in caught) or '':>9}" for level in LEVELS)
        print(f"  {name:14} {len(group):7} {len(caught):7} {share:6.1f}% {by} {quantile(seconds, 0.5):6.2f} s {max(seconds, default=0.0):6.2f} s")
    return every


def scenarios(rows):
    count = collections.Counter((row["suite"], row["scenario"]) for row in rows if row["verdict"] == "caught")
    print("\ncaught first by")
    for (suite, scenario), n in count.most_common():
        print(f"  {suite + ' / ' + scenario:48} {n:5}")


def function_at(lines, number):
    """The function that line `number`, from 1, of a source is in; "": none."""
    for line in reversed(lines[:number]):
        found = re.match(r"[a-z].*?(\w+)\(", line)
        if found:
            return found[1]
    return ""


class Argued:
    """Survivors that nothing can tell from the core, each with the argument: by the text of its line, whose number moves. A text
    that stands in several functions takes the one that is meant, file.c:function, or file.c:* where the argument holds in each."""

    def __init__(self, path, sources):
        self.sources, self.why = sources, {}
        with pathlib.Path(path).open(newline="") as f:
            for row in csv.DictReader(f, delimiter="\t"):
                file, _, function = row["file"].partition(":")
                inside = self.functions(file, row["code"])
                meant = function in inside or (function == "*" and inside) or (not function and len(inside) == 1)
                if not meant:
                    raise SystemExit(f"{path}: {row['file']}: '{row['code']}' stands in {', '.join(sorted(inside)) or 'no line'}: name one")
                for name in inside if function in ("", "*") else [function]:
                    self.why[(file, name, row["code"], row["before"], row["after"])] = row["why"]

    def lines(self, file):
        return (self.sources / file).read_text().splitlines()

    def functions(self, file, code):
        lines = self.lines(file)
        return {function_at(lines, i) for i, line in enumerate(lines, 1) if line.strip() == code}

    def of(self, row):
        lines = self.lines(row["file"]) if row["line"] else []
        code = lines[int(row["line"]) - 1].strip() if lines else ""
        return self.why.get((row["file"], function_at(lines, int(row["line"] or 0)), code, row["before"], row["after"]))


def survivors(rows, argued):
    """Prints them, the argued ones last; how many there are of each."""
    left = [row for row in rows if row["verdict"] == "survived"]
    left.sort(key=lambda r: (r["file"], int(r["line"] or 0), r["id"]))
    open_, closed = [r for r in left if not argued.of(r)], [r for r in left if argued.of(r)]
    for title, some in (("survivors", open_), ("survivors that are equivalent", closed)):
        if some:
            print(f"\n{title}")
        for row in some:
            print(f"  {row['id']:26} {row['file']}:{row['line']}  {row['before']}  ->  {row['after']}")
            if argued.of(row):
                print(f"  {'':26} {argued.of(row)}")
    return len(open_), len(closed)
