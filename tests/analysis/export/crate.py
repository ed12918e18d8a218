#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Reads an RO-Crate that `thecasim export --format rocrate` wrote as a stranger would, with the Python standard library alone:
# the metadata's own entity, the root with what the specification requires of it, no reference to nothing, every file listed
# with its size and SHA-256, and the run with program, core, config and seed.
#
#   crate.py FOLDER DATASET.h5
import hashlib
import json
import pathlib
import re
import sys

folder, dataset = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
wrong = []
entity = {}
for one in crate["@graph"]:
    if one["@id"] in entity:
        wrong.append(f"{one['@id']} stands twice")
    entity[one["@id"]] = one


def references(value):
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        yield value["@id"]


for one in crate["@graph"]:
    for key, value in one.items():
        for target in references(value) if key not in ("@id", "value") else ():
            if target not in entity and not target.startswith("https://w3id.org/ro/crate/"):
                wrong.append(f"{one['@id']}.{key} leads to nothing: {target}")
about = entity["ro-crate-metadata.json"]
version = about["conformsTo"]["@id"]
if crate["@context"] != version + "/context" or about["about"]["@id"] != "./":
    wrong.append("the metadata's own entity is not the specification's")
root = entity["./"]
for key in ("name", "description", "datePublished", "license", "hasPart"):
    if not root.get(key):
        wrong.append(f"the root has no {key}")
if not re.fullmatch(r"\d{4}-\d\d-\d\d", root["datePublished"]) or "imulated" not in root["description"]:
    wrong.append("the root has no day, or does not say that all is simulated")
parts = {one["@id"] for one in root["hasPart"]}
for path in folder.iterdir():
    if path.name == "ro-crate-metadata.json":
        continue
    content = path.read_bytes()
    told = entity.get(path.name, {})
    if path.name not in parts or told.get("@type") != "File":
        wrong.append(f"{path.name}: no part of the crate")
    if told.get("contentSize") != str(len(content)) or told.get("sha256") != hashlib.sha256(content).hexdigest():
        wrong.append(f"{path.name}: not the bytes that the metadata tells of")
if (folder / "dataset.h5").read_bytes() != dataset.read_bytes():
    wrong.append("the dataset is not the one that was exported")
run = entity["#run"]
for target in ("#program", "#core"):
    if target not in references(run["instrument"]) or not entity[target]["name"]:
        wrong.append(f"the run has no {target}")
if "config.yaml" not in references(run["object"]) or not entity["#provenance-seed"]["value"] or not entity["#program"]["softwareVersion"]:
    wrong.append("the run has no config, seed or version")
for text in wrong:
    print(f"{folder}: {text}")
print(f"{folder}: {len(entity)} entities, {len(parts)} files" + (f"; {len(wrong)} faults" if wrong else ""))
sys.exit(1 if wrong else 0)
