# SPDX-License-Identifier: Apache-2.0
"""Whether a mutant changes what a pump gives in a day: asked of more scenarios than those that are to catch it."""
import hashlib
import json
import pathlib
from dataclasses import dataclass

import yaml

import judge

SHARE = 0.001 # of what the core that is gives in a window of 24 hours; and a motor pulse at least, which is what a pump resolves
DRAWN = 96    # scenarios of each seed


@dataclass(frozen=True)
class Change:
    share: float = 0.0 # of the window that exceeds what is allowed by most; 1: a life that ended, or a core that is refused
    where: str = ""


def tolerant(path, folder):
    """The suite with SHARE of a volume allowed, and nothing else asked of it: its scenarios at the device's level."""
    whole = yaml.safe_load(pathlib.Path(path).read_text())
    whole["tolerance"] = {"volume": SHARE}
    whole["scenarios"] = [{**judge.absolute(s, pathlib.Path(path).parent), "levels": ["device"]} for s in whole["scenarios"]]
    text = yaml.safe_dump(whole, sort_keys=False, width=120)
    to = pathlib.Path(folder) / f"volume-{hashlib.sha256(text.encode()).hexdigest()[:12]}.yaml"
    to.parent.mkdir(parents=True, exist_ok=True)
    if not to.exists():
        to.write_text(text)
    return to


def of_unit(unit):
    """The change of one life."""
    where = f"{unit['scenario']}, patient {unit['patient']}"
    if unit["candidate"]["end"] != unit["baseline"]["end"]:
        return Change(1.0, where)
    for d in unit["differences"]:
        if d["what"] == "volume of 24 h" and d["beyond"]:
            return Change(abs(d["candidate"] - d["baseline"]) / max(abs(d["baseline"]), 1e-12), where)
    return Change()


class Scale:
    """All scenarios that a mutant's volumes are looked for in: suites, and those drawn from some seeds."""

    def __init__(self, asked, suites, seeds, folder):
        self.asked = asked
        self.lists = [(tolerant(path, folder), ()) for path in suites]
        self.lists += [(self.lists[0][0], ("--search", str(DRAWN), "--seed", str(seed))) for seed in seeds]

    def change(self, core):
        """The widest change of a day's volume; Change(): none that a pump resolves."""
        widest = Change()
        for suite, drawn in self.lists:
            differs, text = self.asked.regress(suite, core, "--baseline", str(self.asked.baseline), "--json", *drawn)
            if not text.startswith("{"):
                return Change(1.0, text.strip()) # it cannot be loaded
            for unit in json.loads(text)["units"] if differs else []:
                widest = max(widest, of_unit(unit), key=lambda c: c.share)
        return widest
