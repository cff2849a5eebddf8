"""What the scripts that write goldens share: a collection of named tensors, and random inputs."""

import argparse
from pathlib import Path

import torch

from safetensors_file import save_safetensors


class Golden:
    """Collects named tensors; a copy at once, for some are changed in place later."""

    def __init__(self, made_by):
        self.tensors = {}
        self.made_by = made_by

    def add(self, case, **named):
        for name, tensor in named.items():
            key = f"{case}/{name}"
            assert key not in self.tensors, key
            tensor = tensor.detach().clone().contiguous()
            if tensor.dtype == torch.int64:
                tensor = tensor.int()
            self.tensors[key] = tensor.numpy()

    def differentiate(self, case, y, **inputs):
        """Stores the inputs, y, a random dy, and for each input that wants it, its gradient."""
        self.differentiate_all(case, {"y": y}, **inputs)

    def differentiate_all(self, case, outputs, **inputs):
        """The same for several outputs, whose random gradients are sent back together."""
        upstream = {f"d{name}": torch.randn(y.shape) for name, y in outputs.items()}
        torch.autograd.backward(list(outputs.values()), list(upstream.values()))
        self.add(case, **outputs, **upstream, **inputs)
        self.add(case, **{f"d{name}": t.grad for name, t in inputs.items() if t.requires_grad})

    def save(self, path):
        save_safetensors(path, self.tensors, {"torch": torch.__version__, "made_by": self.made_by})
        print(f"{path}: {len(self.tensors)} tensors, {path.stat().st_size} bytes")


def draw(*shape):
    return torch.randn(*shape).requires_grad_()


def write_all(makers, about):
    """The main of such a script: makers are functions by the name of the file that each one's Golden goes to."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    default = Path(__file__).resolve().parent.parent / "tests" / "golden"
    parser.add_argument("--out", type=Path, default=default)
    out = parser.parse_args().out
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    for name, make in makers.items():
        make().save(out / f"{name}.safetensors")
