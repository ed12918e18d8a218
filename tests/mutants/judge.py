# SPDX-License-Identifier: Apache-2.0
"""`thecasim regress` asked about a core, scenario by scenario, until one tells it from the core that is."""
import hashlib
import pathlib
import re
import subprocess
import time
from dataclasses import dataclass

import yaml

LEVELS = ("trace", "device", "patient")
ENDS = ("crashed", "endless", "stopped")
SECONDS_MAX = 120 # of one scenario, by the wall clock: a machine that is busy, not a core that is slow


@dataclass(frozen=True)
class Verdict:
    caught: bool
    suite: str = ""
    scenario: str = ""
    level: str = "" # outermost that differs, or how the life ended
    seconds: float = 0.0
    lines: str = "" # what regress said


def absolute(node, folder):
    """Includes of a suite that is written elsewhere."""
    if isinstance(node, dict):
        return {k: str((folder / v).resolve()) if k == "include" and (folder / v).exists() else absolute(v, folder)
                for k, v in node.items()}
    return [absolute(v, folder) for v in node] if isinstance(node, list) else node


class Suite:
    """A suite cut into parts of some scenarios each, so that the first that tells the cores apart ends the search."""

    def __init__(self, path, folder, size=6):
        self.path = pathlib.Path(path)
        whole = yaml.safe_load(self.path.read_text())
        self.name = whole["suite"]["name"]
        self.parts = []
        scenarios = [absolute(scenario, self.path.parent) for scenario in whole["scenarios"]]
        for i in range(0, len(scenarios), size):
            part = {**whole, "suite": {**whole["suite"], "cpu": "1 s"}, "scenarios": scenarios[i:i + size]}
            text = yaml.safe_dump(part, sort_keys=False, width=120)
            # named by its content: another run may be reading that of an earlier suite
            to = pathlib.Path(folder) / f"{self.name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.yaml"
            to.parent.mkdir(parents=True, exist_ok=True)
            if not to.exists():
                to.write_text(text)
            self.parts.append(to)

    def digest(self):
        sum_ = hashlib.sha256()
        for path in self.parts:
            sum_.update(path.read_bytes())
        return sum_.hexdigest()[:12]


def differing(text):
    """What regress says of the scenarios in which the cores differ: [(scenario, outermost level)], in order."""
    if "cannot be loaded" in text:
        return [("none", "refused")]
    found = []
    for block in re.split(r"^  (?=[a-z0-9])", text.split("\nfirst difference:")[0], flags=re.M)[1:]:
        head, _, rest = block.partition("\n")
        if re.search(r"\d (within|different|broken)", head):
            ends = [end for end in ENDS if re.search(rf"^ +candidate {end}", rest, re.M)]
            levels = [level for level in LEVELS if re.search(rf"^ +{level} +\S", rest, re.M)]
            found.append((head.split()[0], (ends or levels[-1:] or ["trace"])[0]))
    return found


def outer(a, b):
    """The outermost of two levels."""
    order = ("", *LEVELS, "refused", *ENDS)
    return a if order.index(a) >= order.index(b) else b


class Judge:
    def __init__(self, program, baseline, suites):
        self.program, self.baseline, self.suites = str(program), str(baseline), suites

    def regress(self, suite, core, *rest):
        command = [self.program, "regress", str(suite), "--candidate", str(core), "--jobs", "1", *rest]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.returncode == 1, done.stdout

    def ask(self, suite, core):
        """Whether `core` differs from the baseline, and what is said of it."""
        return self.regress(suite, core, "--baseline", self.baseline)

    def differs(self, suite, core):
        """The same at half the price: held against the kept trace of the baseline."""
        return self.regress(suite, core, "--golden", f"{suite}.golden")[0]

    def keep(self):
        """Keeps the baseline's trace of all parts, and holds the baseline against it and itself: a suite in which a core differs
        from itself, or a life ends before its time, judges nothing."""
        for suite in self.suites:
            for path in suite.parts:
                pathlib.Path(f"{path}.golden").unlink(missing_ok=True)
                self.regress(path, self.baseline, "--golden", f"{path}.golden", "--write")
                differs, text = self.ask(path, self.baseline)
                if differs or self.differs(path, self.baseline):
                    raise SystemExit(f"{suite.name}: the core differs from itself\n{text}")

    def judge(self, core, whole=False):
        """The first scenario that tells `core` from the baseline; `whole`: all of them are lived, for the outermost level."""
        first, level, seconds, start = None, "", 0.0, time.monotonic()
        for suite in self.suites:
            for path in suite.parts:
                if not self.differs(path, core):
                    continue
                told = time.monotonic() - start
                asked, text = self.ask(path, core)
                if not asked: # a life that took too long once, on a busy machine
                    continue
                seconds = seconds or told
                for scenario, found in differing(text) or [("none", "trace")]:
                    level = outer(level, found)
                    first = first or (suite.name, scenario, text)
                if not whole:
                    return Verdict(True, *first[:2], level, seconds, first[2])
        if first is None:
            return Verdict(False, seconds=time.monotonic() - start)
        return Verdict(True, *first[:2], level, seconds, first[2])
