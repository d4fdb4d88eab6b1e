"""Reads the desk's exports as the tools do that they are for, and prints what came of it as JSON.

    python3 -I -S tests/browser/desk/samples/importers.py LIBRARIES (csv | jsonl | label-studio | doccano) FILE [CONFIGURATION]

`importers.mjs` runs it.
"""
import csv
import json
import pathlib
import sys
import types

LIBRARIES, KIND, FILE, *REST = sys.argv[1:]
sys.path.insert(0, LIBRARIES)


def read_csv():
    with open(FILE, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_jsonl():
    with open(FILE, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def read_label_studio():
    """What Label Studio's own package says of the configuration, and of each task, prediction and annotation."""
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface(pathlib.Path(REST[0]).read_text(encoding="utf-8"))
    interface.validate()
    tasks = json.loads(pathlib.Path(FILE).read_text(encoding="utf-8"))
    errors = []
    for task in tasks:
        if not interface.validate_task({"data": task["data"]}):
            errors.append(["task", task])
        for prediction in task["predictions"]:
            errors += interface.validate_prediction(prediction, return_errors=True)
        for annotation in task["annotations"]:
            if not interface.validate_annotation(annotation):
                errors.append(["annotation", annotation])
    control = interface.get_control("emotion")
    return {"tasks": tasks, "errors": errors, "labels": list(control.labels), "to": control.to_name, "tag": control.tag}


def stand_in(name, **attributes):
    """A module that doccano's importer names, and does not need here."""
    sys.modules[name] = types.ModuleType(name)
    for attribute, value in attributes.items():
        setattr(sys.modules[name], attribute, value)


def read_doccano():
    """Text, labels and metadata as doccano's own importer makes them, up to where it writes to its database."""
    anything = {name: type(name, (), {}) for name in ["CategoryType", "LabelType", "RelationType", "SpanType", "Category", "Label", "Relation", "Span", "TextLabel", "DataFrame", "UniversalDetector", "BILOU", "IOB2", "IOBES", "IOE2", "Tokens"]}
    example = type("Example", (), {"__init__": lambda self, **values: self.__dict__.update(values)})
    stand_in("examples")
    stand_in("examples.models", Example=example)
    stand_in("projects")
    stand_in("projects.models", Project=type("Project", (), {}))
    for name in ["labels", "label_types", "labels.models", "label_types.models", "pandas", "chardet", "pyexcel", "pyexcel.exceptions", "seqeval", "seqeval.scheme"]:
        stand_in(name, **anything)

    from doccano_pipeline.data import TextData
    from doccano_pipeline.label import CategoryLabel
    from doccano_pipeline.parsers import JSONLParser
    from doccano_pipeline.readers import FileName, Reader

    reader = Reader([FileName(FILE, "generated.jsonl", "upload.jsonl")], JSONLParser(encoding="utf_8"))
    made = []
    for row in reader:
        labels = [CategoryLabel.parse(row["example_uuid"], label) for label in row.pop("label")]
        row.pop("#line_number")
        post = TextData.parse(**row).create(None)
        made.append({"text": post.text, "labels": [label.label for label in labels], "meta": post.meta, "upload_name": post.upload_name})
    return {"examples": made, "errors": [str(error) for error in reader.errors]}


READERS = {"csv": read_csv, "jsonl": read_jsonl, "label-studio": read_label_studio, "doccano": read_doccano}
json.dump(READERS[KIND](), sys.stdout)
