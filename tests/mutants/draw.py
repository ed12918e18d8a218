# SPDX-License-Identifier: Apache-2.0
"""Mutants drawn by a seed: first a line of the core that holds any site, then a kind of site on it, then one mutant."""
import hashlib

import build
import sites

# What is data rather than code: a test recomputes every entry of this table, and a hand-made fault changes one.
LEFT_OUT = {"dosing_crc_table.c"}


def all_changes():
    found = []
    for path in sorted(build.SOURCES.glob("*.[ch]")):
        if path.name not in LEFT_OUT:
            found += sites.changes(str(path), path.name, build.parse_flags())
    return found


class Draw:
    """Draws without putting back. The same seed, number and sources give the same mutant, on any machine."""

    def __init__(self, seed):
        self.seed, self.tries = seed, 0
        self.lines = {}
        for change in all_changes():
            self.lines.setdefault((change.file, change.line), {}).setdefault(change.kind, []).append(change)
        self.sites = sum(len(k) for line in self.lines.values() for k in line.values())
        self.drawn = set()

    def below(self, n, what):
        sum_ = hashlib.sha256(f"{self.seed} {self.tries} {what}".encode()).digest()
        return int.from_bytes(sum_[:8], "big") % n

    def next(self):
        keys = sorted(self.lines)
        while True:
            self.tries += 1
            line = self.lines[keys[self.below(len(keys), "line")]]
            kind = sorted(line)[self.below(len(line), "kind")]
            change = line[kind][self.below(len(line[kind]), "change")]
            if change not in self.drawn:
                self.drawn.add(change)
                return change
