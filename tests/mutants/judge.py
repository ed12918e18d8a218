# SPDX-License-Identifier: Apache-2.0
"""`thecasim regress` asked about a core, scenario by scenario, until one tells it from the core that is."""
import hashlib
import os
import pathlib
import re
import subprocess
import tempfile
import threading
from dataclasses import dataclass

import yaml

LEVELS = ("trace", "device", "patient")
ENDS = ("crashed", "endless", "stopped")
SECONDS_MAX = 3600 # of one part, by the wall clock: a program that hangs, not a machine that is busy nor a core that is slow


@dataclass(frozen=True)
class Verdict:
    caught: bool
    suite: str = ""
    scenario: str = ""
    level: str = "" # outermost that differs, or how the life ended
    seconds: float = 0.0 # of processor time, all processes of regress together
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


class Spent(threading.local):
    seconds = 0.0 # of processor time, by what this thread started


class Judge:
    def __init__(self, program, baseline, suites):
        self.program, self.baseline, self.suites = str(program), pathlib.Path(baseline), suites
        self.spent = Spent()

    def run(self, command):
        """Its exit code, what it printed and what it said of errors; its processor time is added to what was spent."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            late = threading.Timer(SECONDS_MAX, child.kill)
            late.start()
            _, status, usage = os.wait4(child.pid, 0)
            late.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            self.spent.seconds += usage.ru_utime + usage.ru_stime
            for f in (out, err):
                f.seek(0)
            return child.returncode, out.read(), err.read()

    def regress(self, suite, core, *rest):
        command = [self.program, "regress", str(suite), "--candidate", str(core), "--jobs", "1", *rest]
        code, out, err = self.run(command)
        if code not in (0, 1):
            raise SystemExit(f"{' '.join(command)}: {code}\n{out}{err}")
        return code == 1, out

    def ask(self, suite, core):
        """Whether `core` differs from the baseline, and what is said of it."""
        return self.regress(suite, core, "--baseline", str(self.baseline))

    def differs(self, suite, core):
        """The same at half the price: held against the kept trace of the baseline."""
        return self.regress(suite, core, "--golden", f"{suite}.golden")[0]

    def keep(self):
        """Keeps the baseline's trace of all parts, and holds the baseline against it and itself: a suite in which a core differs
        from itself, or a life ends before its time, judges nothing. What was kept for the same core and program stands."""
        kept_for = hashlib.sha256(self.baseline.read_bytes() + pathlib.Path(self.program).read_bytes()).hexdigest()
        for suite in self.suites:
            for path in suite.parts:
                stamp = pathlib.Path(f"{path}.golden.of")
                if stamp.exists() and stamp.read_text() == kept_for:
                    continue
                pathlib.Path(f"{path}.golden").unlink(missing_ok=True)
                self.regress(path, self.baseline, "--golden", f"{path}.golden", "--write")
                differs, text = self.ask(path, self.baseline)
                if differs or self.differs(path, self.baseline):
                    raise SystemExit(f"{suite.name}: the core differs from itself\n{text}")
                stamp.write_text(kept_for)

    def judge(self, core, whole=False):
        """The first scenario that tells `core` from the baseline; `whole`: all of them are lived, for the outermost level."""
        first, level, seconds, start = None, "", 0.0, self.spent.seconds
        for suite in self.suites:
            for path in suite.parts:
                if not self.differs(path, core):
                    continue
                told = self.spent.seconds - start
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
            return Verdict(False, seconds=self.spent.seconds - start)
        return Verdict(True, *first[:2], level, seconds, first[2])
