#!/usr/bin/env python3
"""The PyTorch twin: the article's models, built and trained as wavenet.cpp builds and trains them.

It is the judge of our numbers (the goldens come from it) and the rival of our speed, so it has to
be both exact and quick: plain eager PyTorch, with nothing in a step that a careful user would
leave out. `python/twin.py --recipe tree-76k --data FILE` trains and prints one JSON object.
"""

import argparse
import csv
import json
import math
import random
import statistics
import time
from pathlib import Path

import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parent.parent
WARM_UP_STEPS = 20


# --- Bricks -------------------------------------------------------------------------------------


class Brick:
    """A layer: its tensors and child layers are plain attributes, whose names make the state dict.

    Not nn.Module, whose hooks cost time on every call; a rival should not be slowed by our choice.
    """

    def state(self, prefix=""):
        """Every parameter and buffer by its dotted name, in the order of construction."""
        found = {}
        for name, value in vars(self).items():
            if isinstance(value, torch.Tensor):
                found[prefix + name] = value
            elif isinstance(value, Brick):
                found.update(value.state(prefix + name + "."))
        return found

    def named_parameters(self):
        return {name: t for name, t in self.state().items() if t.requires_grad}

    def parameters(self):
        return list(self.named_parameters().values())

    def train(self, training=True):
        """Only BatchNorm1d behaves differently; every brick hears of it all the same."""
        self.training = training
        for value in vars(self).values():
            if isinstance(value, Brick):
                value.train(training)
        return self

    def eval(self):
        return self.train(False)


class Linear(Brick):
    """x @ weight + bias, with weight (fan_in, fan_out), the transpose of nn.Linear's."""

    def __init__(self, fan_in, fan_out, bias=True):
        self.weight = (torch.randn(fan_in, fan_out) / fan_in**0.5).requires_grad_()
        self.bias = torch.zeros(fan_out, requires_grad=True) if bias else None

    def __call__(self, x):
        y = x @ self.weight
        return y if self.bias is None else y + self.bias


class BatchNorm1d(Brick):
    """Normalises each channel over all other axes, channels last.

    Unlike nn.BatchNorm1d, it uses the unbiased variance to normalise too, and expects (B, T, C).
    """

    def __init__(self, channels, eps=1e-5, momentum=0.1):
        self.eps, self.momentum, self.training = eps, momentum, True
        self.weight = torch.ones(channels, requires_grad=True)
        self.bias = torch.zeros(channels, requires_grad=True)
        self.running_mean = torch.zeros(channels)
        self.running_var = torch.ones(channels)

    def __call__(self, x):
        if self.training:
            axes = (0,) if x.dim() == 2 else (0, 1)
            mean = x.mean(axes, keepdim=True)
            var = x.var(axes, unbiased=True, keepdim=True)
            self.follow(self.running_mean, mean)
            self.follow(self.running_var, var)
        else:
            mean, var = self.running_mean, self.running_var
        return self.weight * ((x - mean) / torch.sqrt(var + self.eps)) + self.bias

    def follow(self, running, current):
        """Moves a running statistic; two roundings, not the single one of add_'s alpha."""
        with torch.no_grad():
            running.mul_(1 - self.momentum).add_(self.momentum * current.view(-1))


class Tanh(Brick):
    def __call__(self, x):
        return torch.tanh(x)


class Embedding(Brick):
    def __init__(self, entries, channels):
        self.weight = torch.randn(entries, channels).requires_grad_()

    def __call__(self, tokens):
        return F.embedding(tokens, self.weight)


class FlattenConsecutive(Brick):
    """(B, T, C) -> (B, T/n, n*C); once a single group is left, (B, n*C)."""

    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        b, t, c = x.shape
        return x.view(b, -1) if t == self.n else x.view(b, t // self.n, self.n * c)


class Sequential(Brick):
    """Bricks applied in the order they are named."""

    def __init__(self, **bricks):
        vars(self).update(bricks)
        self.order = list(bricks.values())

    def __call__(self, x):
        for brick in self.order:
            x = brick(x)
        return x


# --- Models -------------------------------------------------------------------------------------


def load_recipe(name):
    """A recipe by its name in recipes/, or by the path of a file."""
    path = Path(name) if str(name).endswith(".json") else ROOT / "recipes" / f"{name}.json"
    return json.loads(path.read_text())


def block_shapes(recipe):
    """For each block: characters it fuses, fan_in, fan_out."""
    model = recipe["model"]
    size, hidden = model["block_size"], model["hidden"]
    if model["kind"] == "mlp":
        fuse, depth = size, 1
    elif model["kind"] == "tree":
        fuse, depth = 2, int(math.log2(size))
    else:
        raise ValueError(f"twin: kind is mlp or tree, not {model['kind']!r}")
    if fuse**depth != size:
        raise ValueError(f"twin: block_size of a tree is a power of two, not {size}")
    return [(fuse, fuse * (hidden if i else model["embedding"]), hidden) for i in range(depth)]


def build(recipe, vocabulary_size):
    """Draws from torch's global generator: seed it just before, for the same weights every time."""
    embedding = Embedding(vocabulary_size, recipe["model"]["embedding"])
    blocks = {}
    for i, (fuse, fan_in, fan_out) in enumerate(block_shapes(recipe)):
        blocks[str(i)] = Sequential(
            flatten=FlattenConsecutive(fuse),
            linear=Linear(fan_in, fan_out, bias=False),
            norm=BatchNorm1d(fan_out),
            tanh=Tanh(),
        )
    head = Linear(recipe["model"]["hidden"], vocabulary_size)
    with torch.no_grad():
        head.weight *= 0.1  # An unsure head starts near the uniform loss.
    return Sequential(embedding=embedding, blocks=Sequential(**blocks), head=head)


# --- Data ---------------------------------------------------------------------------------------


def read_words(path):
    """Words of a plain list, one a line, or the first column of a .csv file with a header."""
    with open(path, encoding="utf-8", newline="") as file:
        if str(path).endswith(".csv"):
            return [row[0] for row in csv.reader(file)][1:]
        return file.read().splitlines()


def vocabulary_of(words):
    """Every character but the end marker '.', which is token 0; token i is character i - 1."""
    return "".join(sorted(set("".join(words))))


def windows(words, block_size, vocabulary):
    """Contexts (N, block_size) and targets (N): one example a character, one for the end."""
    token = {character: i for i, character in enumerate("." + vocabulary)}
    contexts, targets = [], []
    for word in words:
        tokens = [0] * block_size + [token[c] for c in word] + [0]
        for i in range(len(word) + 1):
            contexts.append(tokens[i : i + block_size])
            targets.append(tokens[i + block_size])
    return torch.tensor(contexts), torch.tensor(targets)


def split_words(words, seed=42):
    """80 % train, 10 % val, 10 % test of the words as CPython's shuffle orders them."""
    words = list(words)
    random.seed(seed)
    random.shuffle(words)
    first, second = int(0.8 * len(words)), int(0.9 * len(words))
    return {"train": words[:first], "val": words[first:second], "test": words[second:]}


def make_splits(words, block_size, vocabulary, seed=42):
    split = split_words(words, seed)
    return {name: windows(part, block_size, vocabulary) for name, part in split.items()}


# --- Training -----------------------------------------------------------------------------------


class Trainer:
    """A model, its data, and one SGD step at a time."""

    def __init__(self, recipe, words, seed=42, split_seed=42, compiled=False):
        self.settings = recipe["train"]
        vocabulary = vocabulary_of(words)
        self.splits = make_splits(words, recipe["model"]["block_size"], vocabulary, split_seed)
        self.contexts, self.targets = self.splits["train"]
        torch.manual_seed(seed)  # One stream: first the weights, then the minibatches.
        self.model = build(recipe, len(vocabulary) + 1)
        self.parameters = self.model.parameters()
        self.logits, self.loss = self.model, self.eager_loss
        if compiled:
            self.logits = torch.compile(self.model.__call__)
            self.loss = torch.compile(self.eager_loss)
        self.steps_done = 0

    def eager_loss(self, contexts, targets):
        return F.cross_entropy(self.model(contexts), targets)

    def learning_rate(self):
        dropped = self.steps_done >= self.settings["drop_at"]
        return self.settings["final_learning_rate" if dropped else "learning_rate"]

    def step(self):
        """One step; the loss stays a tensor, for reading it costs time."""
        batch = torch.randint(0, len(self.targets), (self.settings["batch_size"],))
        loss = self.loss(self.contexts[batch], self.targets[batch])
        for p in self.parameters:
            p.grad = None
        loss.backward()
        # Scale, then add: two roundings, as the article's own update line. All parameters in one
        # call each, which spares the walk through Python.
        with torch.no_grad():
            gradients = [p.grad for p in self.parameters]
            torch._foreach_mul_(gradients, -self.learning_rate())
            torch._foreach_add_(self.parameters, gradients)
        self.steps_done += 1
        return loss.detach()

    @torch.no_grad()
    def split_loss(self, name):
        """Mean loss of a whole split in eval mode, as one batch."""
        self.model.eval()
        loss = self.loss(*self.splits[name]).item()
        self.model.train()
        return loss


def train(recipe, words, steps, seed=42):
    """Yields the loss of each step."""
    trainer = Trainer(recipe, words, seed)
    for _ in range(steps):
        yield trainer.step().item()


def timed_steps(trainer, steps):
    """Losses, and milliseconds of each step but the first few, which pay for warming up."""
    losses, marks = [], [time.perf_counter()]
    for _ in range(steps):
        losses.append(trainer.step())
        marks.append(time.perf_counter())
    spent = [1e3 * (end - begin) for begin, end in zip(marks, marks[1:])]
    return [loss.item() for loss in losses], spent[min(WARM_UP_STEPS, steps // 3) :]


def timed_evaluation(trainer, repeats=5):
    """Milliseconds of the loss over val, the first of them not counted."""
    marks = [time.perf_counter()]
    for _ in range(repeats + 1):
        trainer.split_loss("val")
        marks.append(time.perf_counter())
    return 1e3 * statistics.median(end - begin for begin, end in zip(marks[1:], marks[2:]))


@torch.no_grad()
def draw_name(trainer, block_size):
    """The article's own loop over the characters of one name; how many they are, with the end."""
    context, drawn = [0] * block_size, 0
    while True:
        probabilities = F.softmax(trainer.logits(torch.tensor([context])), dim=1)
        token = torch.multinomial(probabilities, num_samples=1).item()
        context = context[1:] + [token]
        drawn += 1
        if token == 0:
            return drawn


def timed_names(trainer, seconds=2.0):
    """Characters a second, one name after the other, the first of them not counted."""
    block_size = trainer.splits["train"][0].shape[1]
    trainer.model.eval()
    draw_name(trainer, block_size)
    drawn, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        drawn += draw_name(trainer, block_size)
    return drawn / (time.perf_counter() - start)


def verify(path, words):
    """Holds the twin against a file of known losses; returns the worst differences."""
    golden = json.loads(Path(path).read_text())["recipes"]
    report = {}
    for name, known in golden.items():
        trainer = Trainer(load_recipe(name), words)
        losses, spent = timed_steps(trainer, len(known["losses"]))
        after = {s: trainer.split_loss(s) for s in known["after_200_steps"]}
        report[name] = {
            "bit_equal": losses == known["losses"],
            "loss_difference": max(abs(a - b) for a, b in zip(losses, known["losses"])),
            "split_difference": max(abs(after[s] - v) for s, v in known["after_200_steps"].items()),
            "parameters_equal": sum(p.numel() for p in trainer.parameters) == known["parameters"],
            "median_ms": statistics.median(spent),
        }
    return report


def command_line(description, recipe):
    """The flags that the twins have in common."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--recipe", default=recipe, help="a name in recipes/ or a JSON file")
    parser.add_argument("--data", default=str(ROOT / "data" / "ssa-2018.csv"))
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--split-seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--job", choices=["train", "evaluate", "sample"], default="train")
    parser.add_argument("--compile", action="store_true", help="torch.compile the model")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32",
                        help="of products, by torch.autocast; twin_wavenet.py alone")
    parser.add_argument("--no-eval", action="store_true", help="skip the split losses")
    return parser


def parse(parser):
    arguments = parser.parse_args()
    if arguments.compile and not hasattr(torch, "compile"):
        parser.error(f"--compile needs PyTorch 2, this is {torch.__version__}")
    if arguments.steps < 1:
        parser.error("--steps is at least 1")
    torch.set_num_threads(arguments.threads)
    return arguments


def timed_run(trainer, arguments):
    """Does the job, and tells what main prints of it."""
    if arguments.job == "evaluate":
        return {"ms": timed_evaluation(trainer)}
    if arguments.job == "sample":
        return {"characters_per_second": timed_names(trainer)}
    losses, spent = timed_steps(trainer, arguments.steps)
    result = {"recipe": arguments.recipe, "steps": arguments.steps}
    result["ms_per_step"] = {"median": statistics.median(spent), "mean": statistics.mean(spent)}
    if not arguments.no_eval:
        result["split_losses"] = {name: trainer.split_loss(name) for name in trainer.splits}
    result["losses"] = losses
    return result


def main():
    parser = command_line(__doc__.splitlines()[0], recipe="tree-76k")
    parser.add_argument("--verify", metavar="FILE", help="compare with a file of known losses")
    arguments = parse(parser)
    words = read_words(arguments.data)
    result = {"torch": torch.__version__, "threads": arguments.threads}
    if arguments.verify:
        result["verify"] = verify(arguments.verify, words)
    else:
        recipe = load_recipe(arguments.recipe)
        trainer = Trainer(
            recipe, words, arguments.seed, arguments.split_seed, compiled=arguments.compile
        )
        result.update(timed_run(trainer, arguments))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
