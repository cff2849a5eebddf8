#!/usr/bin/env python3
"""Writes tests/golden/amplifier.safetensors: amplifier models in PyTorch, answers and gradients.

Of the standard shape and of A2 (two nets side by side) what they answer to a few samples after their
past, and the gradients of every weight. Weights and samples are drawn by a formula that the test has
too, so that the file holds results alone. Made with PyTorch 1.13 on one thread
(`/usr/bin/python3 python/make_amplifier_goldens.py`), like the goldens of make_goldens.py.
"""

import torch

import twin_amplifier
from golden import Golden, write_all

ITEMS, WANTED = 2, 24


def drawn(count, seed):
    """Numbers in [-1, 1): a linear congruential generator's high bits."""
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state >> 8) / 2**23 - 1)
    return torch.tensor(values, dtype=torch.float64).float()


def fill(model):
    """Each tensor by its place, within the bounds that PyTorch draws from."""
    with torch.no_grad():
        for number, (name, tensor) in enumerate(model.named().items()):
            weight = model.named()[name.replace(".bias", ".weight")]
            bound = weight[0].numel() ** -0.5
            tensor.copy_(bound * drawn(tensor.numel(), number + 1).view(tensor.shape))


def make():
    golden = Golden("python/make_amplifier_goldens.py")
    for shape in ("standard", "a2"):
        model = twin_amplifier.Amplifier(shape)
        fill(model)
        length = model.past() + WANTED
        x = drawn(ITEMS * length, 77).view(ITEMS, length)
        y = model(x, WANTED)
        dy = drawn(y.numel(), 78).view(y.shape)
        y.backward(dy)
        gradients = {
            name: torch.zeros_like(p) if p.grad is None else p.grad
            for name, p in model.named().items()
        }
        golden.add(shape, y=y)
        golden.add(f"{shape}/gradients", **gradients)
    return golden


if __name__ == "__main__":
    write_all({"amplifier": make}, __doc__)
