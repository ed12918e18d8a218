#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Reads a folder that `thecasim export` wrote as a stranger would: by its datapackage.json and the Python standard library
# alone. Checks the description itself, each file's bytes and SHA-256, each table's head, types, ranges, names, missing
# values, primary and foreign keys. With HASHES, which `thecasim verify --hash` printed, the CSV of every table is packed
# into the bytes that the dataset holds and must give the same BLAKE2b: the round trip is exact, to the bit.
#
#   check.py FOLDER [HASHES]
import csv
import hashlib
import json
import math
import pathlib
import re
import struct
import sys

NAME = re.compile(r"^[a-z0-9._-]+$")
TYPES = {"string": str, "integer": int, "number": float}
wrong = []


def fail(text):
    if len(wrong) < 40:
        print(text)
    wrong.append(text)


def value_of(field, text):
    """The value of a cell; None where it has none."""
    if text == "":
        return None
    if field["type"] == "integer" and not re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        raise ValueError(text)
    return TYPES[field["type"]](text)


def check_value(where, field, value):
    rules = field.get("constraints", {})
    if value is None:
        if rules.get("required"):
            fail(f"{where}: no value, and one is required")
        return
    if "enum" in rules and value not in rules["enum"]:
        fail(f"{where}: {value!r} is none of {rules['enum'][:3]}...")
    if value != value or value < rules.get("minimum", value) or value > rules.get("maximum", value):
        fail(f"{where}: {value!r} is outside its range")


def check_package(package):
    """What the specifications require of datapackage.json, and what we promise beyond."""
    names = [one["name"] for one in package["resources"]]
    for name in names + [package["name"]]:
        if not NAME.match(name):
            fail(f"name {name!r} is not lower case, digits, '.', '_' and '-'")
    if len(set(names)) != len(names):
        fail("two resources have one name")
    if "imulated" not in package["description"] or package["provenance"]["simulated"] is not True:
        fail("datapackage.json does not say that all is simulated")
    for key in ("program", "version", "core_id", "seed", "study"):
        if not package["provenance"].get(key):
            fail(f"provenance lacks {key}")
    if package["profile"] not in ("data-package", "tabular-data-package") or not package["sources"][0]["title"]:
        fail("no profile, or no source")
    for one in package["resources"]:
        if "schema" in one:
            check_schema(one, {other["name"]: other for other in package["resources"]})


def check_schema(one, others):
    schema = one["schema"]
    columns = [field["name"] for field in schema["fields"]]
    if one["profile"] != "tabular-data-resource" or schema["missingValues"] != [""]:
        fail(f"{one['name']}: not a tabular resource with '' for what is missing")
    if len(set(columns)) != len(columns):
        fail(f"{one['name']}: two columns have one name")
    for field in schema["fields"]:
        if field["type"] not in TYPES or not field.get("description"):
            fail(f"{one['name']}.{field['name']}: no type or no description")
        if field["type"] == "number" and "unit" not in field:
            fail(f"{one['name']}.{field['name']}: a number without a unit")
    for column in schema["primaryKey"]:
        if column not in columns:
            fail(f"{one['name']}: key {column} is no column")
    if schema.get("foreignKeys") == [] or not schema["primaryKey"]:
        fail(f"{one['name']}: no primary key, or an empty list of foreign ones")
    for link in schema.get("foreignKeys", []):
        other = others.get(link["reference"]["resource"])
        if other is None or link["reference"]["fields"] != other["schema"]["primaryKey"]:
            fail(f"{one['name']}: {link} does not lead to a key")


def check_file(folder, one):
    content = (folder / one["path"]).read_bytes()
    if len(content) != one["bytes"] or "sha256:" + hashlib.sha256(content).hexdigest() != one["hash"]:
        fail(f"{one['path']}: not the bytes that datapackage.json tells of")


def check_table(folder, one, keys):
    """Fills keys[name] with the values of the primary key, and returns those of the links."""
    schema = one["schema"]
    fields = schema["fields"]
    place = {field["name"]: i for i, field in enumerate(fields)}
    seen, links, rows = set(), [(link, set()) for link in schema.get("foreignKeys", [])], 0
    with open(folder / one["path"], encoding=one["encoding"], newline="") as f:
        reader = csv.reader(f, strict=True)
        head = next(reader)
        if head != [field["name"] for field in fields]:
            fail(f"{one['path']}: its head is not the schema's")
        for rows, row in enumerate(reader, 1):
            if len(row) != len(fields):
                fail(f"{one['path']}:{rows + 1}: {len(row)} cells of {len(fields)}")
                continue
            for field, text in zip(fields, row):
                try:
                    check_value(f"{one['path']}:{rows + 1}: {field['name']}", field, value_of(field, text))
                except ValueError:
                    fail(f"{one['path']}:{rows + 1}: {field['name']}: {text!r} is no {field['type']}")
            key = tuple(row[place[name]] for name in schema["primaryKey"])
            if key in seen:
                fail(f"{one['path']}:{rows + 1}: key {key} stands twice")
            seen.add(key)
            for link, values in links:
                values.add(tuple(row[place[name]] for name in link["fields"]))
    if rows != one["rows"]:
        fail(f"{one['path']}: {rows} rows of {one['rows']}")
    keys[one["name"]] = seen
    return links


def check_links(one, links, keys):
    for link, values in links:
        lost = values - keys[link["reference"]["resource"]]
        if lost:
            fail(f"{one['name']}: {sorted(lost)[:3]} are not in {link['reference']['resource']}")


def packed(kind, values):
    """Values as the little-endian bytes of the dataset; texts with their final zero."""
    if kind == "text":
        return b"".join(text.encode() + b"\0" for text in values)
    letter = {"int64": "q", "int32": "i", "float64": "d", "float32": "f", "int8": "b"}[kind]
    return struct.pack(f"<{len(values)}{letter}", *values)


def fields_of_dataset():
    """Type of each field, and the numbers of names, by the page that documents them."""
    types, table, lists = {}, None, {}
    for line in pathlib.Path("sim/dataset/DATASET.md").read_text().splitlines():
        if line.startswith("## "):
            table = line[3:].removeprefix("Names: ")
        cells = re.match(r"\| `(\w+)` \| ([\w, ]+) \| ", line)
        if cells:
            types[f"{table}/{cells[1]}"] = cells[2]
        named = re.match(r"- (\d+) `(\w+)`", line)
        if named:
            lists.setdefault(table, {})[named[2]] = int(named[1])
    return types, lists


def numbers(one, field, texts, kind, lists):
    if kind == "int8, named":
        names = next(names for names in lists.values() if set(field["constraints"]["enum"]) <= set(names))
        return "int8", [names[text] for text in texts]
    if kind in ("float64", "float32"):
        return kind, [math.nan if text == "" else float(text) for text in texts]
    return kind, texts if kind == "text" else [int(text) for text in texts]


def check_round_trip(folder, package, hashes):
    """The bytes of each column against the hash of the dataset's own. Where a value is missing, the dataset may hold any
    NaN; all that a run writes are the one that Python packs too, up to its sign."""
    types, lists = fields_of_dataset()
    told = dict(reversed(line.split("  ")) for line in pathlib.Path(hashes).read_text().splitlines())
    done = 0
    for one in package["resources"]:
        if "schema" not in one or one["name"] not in {name.split("/")[0] for name in told}:
            continue
        with open(folder / one["path"], encoding="utf-8", newline="") as f:
            columns = list(zip(*list(csv.reader(f))[1:])) or [()] * len(one["schema"]["fields"])
        for field, texts in zip(one["schema"]["fields"], columns):
            name = f"{one['name']}/{field['name']}"
            if name not in told:
                continue
            kind, values = numbers(one, field, texts, types[name], lists)
            done += 1
            if told[name] not in hashes_of(kind, values):
                fail(f"{name}: the CSV does not read back as the dataset")
    if done != len(told) - 1:
        fail(f"{done} columns were read back, of {len(told) - 1} of the dataset")
    return done


def hashes_of(kind, values):
    bare = [hashlib.blake2b(packed(kind, values), digest_size=32).hexdigest()]
    if kind.startswith("float"):
        turned = [-value if math.isnan(value) else value for value in values]
        bare.append(hashlib.blake2b(packed(kind, turned), digest_size=32).hexdigest())
    return bare


def main(folder, hashes=None):
    folder = pathlib.Path(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    check_package(package)
    keys, links, done = {}, [], 0
    for one in package["resources"]:
        check_file(folder, one)
        if "schema" in one:
            links.append((one, check_table(folder, one, keys)))
    for one, found in links:
        check_links(one, found, keys)
    told = {one["path"] for one in package["resources"]} | {"datapackage.json", "README.txt"}
    for path in folder.iterdir():
        if path.name not in told:
            fail(f"{path.name}: nothing tells of it")
    if not (folder / "README.txt").read_text().splitlines()[0].endswith("simulated."):
        fail("README.txt does not begin by saying that all is simulated")
    if hashes is not None:
        done = check_round_trip(folder, package, hashes)
    print(f"{folder}: {len(links)} tables, {sum(one['rows'] for one, _ in links)} rows"
          + (f", {done} columns read back to the bit" if hashes is not None else "")
          + (f"; {len(wrong)} faults" if wrong else ""))
    return 1 if wrong else 0


sys.exit(main(*sys.argv[1:]))
