#!/usr/bin/env python3
"""Reads a model file of ours with the public safetensors package and runs it in the twin.

Proves that the file is what others would call safetensors, that it holds the very tensors the
recipe asks for, and that PyTorch gets the same validation loss out of them. Exits 1, with one line
that says what differs, when something does.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

import twin

TRAINING_STATE = "train."  # Tensors named so belong to the trainer, not to the model.


class Mismatch(Exception):
    pass


def read(path):
    """Metadata, and the model's tensors by name."""
    try:
        with safe_open(path, framework="pt") as file:
            names = [name for name in file.keys() if not name.startswith(TRAINING_STATE)]
            return file.metadata() or {}, {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise Mismatch(f"cannot be read: {error}") from error


def require(metadata, key):
    if key not in metadata:
        raise Mismatch(f"metadata has no {key!r}, only {', '.join(sorted(metadata)) or 'nothing'}")
    return metadata[key]


def fill(model, tensors):
    """Copies the file's tensors into the model, which must want exactly these."""
    wanted = model.state()
    for name in sorted(wanted.keys() | tensors.keys()):
        if name not in tensors:
            raise Mismatch(f"{name} is missing")
        if name not in wanted:
            raise Mismatch(f"{name} is not a tensor of this recipe")
        ours, theirs = tensors[name], wanted[name]
        if ours.dtype != theirs.dtype:
            raise Mismatch(f"{name} is {ours.dtype}, the twin's is {theirs.dtype}")
        if ours.shape != theirs.shape:
            raise Mismatch(f"{name} is {list(ours.shape)}, the twin's is {list(theirs.shape)}")
        with torch.no_grad():
            theirs.copy_(ours)


def check(arguments):
    metadata, tensors = read(arguments.model)
    recipe = json.loads(require(metadata, "recipe"))
    vocabulary = require(metadata, "vocabulary")
    model = twin.build(recipe, len(vocabulary) + 1)
    fill(model, tensors)
    result = {"tensors": len(tensors), "parameters": sum(p.numel() for p in model.parameters())}
    if arguments.data:
        seed = int(require(metadata, "split_seed"))
        words = twin.split_words(twin.read_words(arguments.data), seed)["val"]
        unknown = set("".join(words)) - set(vocabulary)
        if unknown:
            raise Mismatch(f"the vocabulary lacks {''.join(sorted(unknown))!r} of {arguments.data}")
        contexts, targets = twin.windows(words, recipe["model"]["block_size"], vocabulary)
        with torch.no_grad():
            loss = torch.nn.functional.cross_entropy(model.eval()(contexts), targets).item()
        result.update(split="val", loss=loss, tokens=len(targets))
        if arguments.expect is not None and not abs(loss - arguments.expect) <= arguments.tolerance:
            raise Mismatch(
                f"val loss is {loss:.7f} in PyTorch, {arguments.expect:.7f} expected "
                f"(difference {abs(loss - arguments.expect):.1e})"
            )
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", help="words, one a line, or a .csv: prints the val loss")
    parser.add_argument("--expect", type=float, help="the val loss that wavenet eval gave")
    parser.add_argument("--tolerance", type=float, default=1e-5)
    arguments = parser.parse_args()
    if arguments.expect is not None and not arguments.data:
        parser.error("--expect needs --data")
    try:
        print(json.dumps(check(arguments)))
    except (Mismatch, ValueError, KeyError, FileNotFoundError) as error:
        message = f"no {error}" if isinstance(error, KeyError) else error
        sys.exit(f"{arguments.model}: {message}")


if __name__ == "__main__":
    main()
