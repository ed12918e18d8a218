# SPDX-License-Identifier: Apache-2.0
"""Dosing cores as shared objects: the one that is, and mutants of it, of which only what changed is compiled."""
import hashlib
import os
import pathlib
import shutil
import subprocess

SOURCES = pathlib.Path("firmware-core/src")
INCLUDES = pathlib.Path("firmware-core/include")
# As the Makefile compiles the core, without debug information, so that objects can be compared byte by byte.
FLAGS = ["-std=c11", "-ffreestanding", "-fno-semantic-interposition", "-fPIC", "-ffp-contract=off", "-w",
         "-Werror=return-type", "-Werror=implicit-function-declaration", "-Werror=incompatible-pointer-types",
         "-Werror=int-conversion", '-DDOSING_CORE_SOURCES="under-test"']


def parse_flags():
    """What libclang reads a source with."""
    return ["-std=c11", "-ffreestanding", f"-I{INCLUDES}", "-iquote", str(SOURCES)]


def sources():
    return sorted(SOURCES.glob("*.c"))


def all_files():
    """No two of which have one name."""
    return [*sorted(INCLUDES.glob("*.h")), *sorted(SOURCES.glob("*.[ch]"))]


def digest():
    """Of all sources of the core."""
    sum_ = hashlib.sha256()
    for path in all_files():
        sum_.update(path.name.encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()[:16]


class Compiler:
    """One compiler at one level, its objects of the core in `folder`."""

    def __init__(self, folder, cc="cc", level="-O2"):
        self.folder, self.cc, self.level = pathlib.Path(folder), cc.split(), level
        self.objects = self.folder / "objects"
        self.library = self.folder / "baseline.so"

    def compile(self, source, target, includes):
        command = [*self.cc, self.level, *FLAGS, f"-I{INCLUDES}", "-iquote", str(includes), "-c", "-o", str(target), str(source)]
        return subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def link(self, objects, target):
        subprocess.run([*self.cc, "-shared", "-o", str(target), *map(str, objects)], check=True)

    def core(self):
        """Builds the core as it is."""
        shutil.rmtree(self.objects, ignore_errors=True)
        self.objects.mkdir(parents=True)
        for path in sources():
            if not self.compile(path, self.objects / f"{path.stem}.o", SOURCES):
                raise SystemExit(f"{path} does not compile")
        self.link(sorted(self.objects.glob("*.o")), self.library)
        return self.library

    def mutant(self, folder, texts):
        """Builds the core with `texts` {name of a file of src: its bytes} into folder/core.so. What became of it: "differs",
        "same" (object code equal to the core's, all of it) or "broken" (it does not compile)."""
        folder.mkdir(parents=True, exist_ok=True)
        names = list(texts)
        for name, text in texts.items():
            (folder / name).write_bytes(text)
        if any(name.endswith(".h") for name in names):
            for path in all_files(): # a quoted include is looked for beside the file first
                if path.name not in texts:
                    shutil.copy(path, folder)
            names = [path.name for path in sources()]
        objects = {path.stem: self.objects / f"{path.stem}.o" for path in sources()}
        same = True
        for name in (n for n in names if n.endswith(".c")):
            target = folder / f"{name[:-2]}.o"
            if not self.compile(folder / name, target, folder if len(names) > len(texts) else SOURCES):
                return "broken"
            same = same and target.read_bytes() == objects[name[:-2]].read_bytes()
            objects[name[:-2]] = target
        if same:
            return "same"
        self.link([objects[stem] for stem in sorted(objects)], folder / "core.so")
        return "differs"


def clean(folder):
    shutil.rmtree(folder, ignore_errors=True)


def apply_patch(patch, folder):
    """The files of the core's src that `patch` changes, with it applied: {name: bytes}."""
    work = folder / "patched"
    clean(work)
    shutil.copytree(SOURCES.parent, work / SOURCES.parent)
    done = subprocess.run(["patch", "-s", "-p1", "-F0", "-d", str(work), "-i", os.path.abspath(patch)], capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise SystemExit(f"{patch}: the patch no longer applies: {done.stdout.strip()}")
    texts = {}
    for path in all_files():
        after = (work / path).read_bytes()
        if path.read_bytes() != after:
            texts[path.name] = after
    clean(work)
    if not texts:
        raise SystemExit(f"{patch}: changes nothing of {SOURCES}")
    return texts
