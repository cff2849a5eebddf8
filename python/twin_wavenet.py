#!/usr/bin/env python3
"""The PyTorch twin of the WaveNet: its bricks, its training, and its speed.

Like twin.py it is both judge and rival: plain eager PyTorch, whose steps leave out whatever a
careful user would leave out. `python/twin_wavenet.py --recipe FILE --data FILE` trains and prints
one JSON object. A recipe's data is "lines" (batches of whole names, padded to the longest),
"text" (windows of running text, each after as many characters as the model can look back) or
"sound" (the same of a folder of 16-bit WAV files, as mu-law codes, with silence before each).
"""

import contextlib
import json
import math
import wave
import zlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import twin
from twin import Brick

IGNORED = -1  # The target of a position that counts for nothing.
BETAS = (0.9, 0.99)
EVAL_NAMES, EVAL_CHARACTERS = 1024, 8192  # How much is evaluated at once.
SILENCE, CODES = 128, 256  # of mu-law


# --- Bricks -------------------------------------------------------------------------------------


class Linear(twin.Linear):
    """The twin's, with the bias added in the same call as the product."""

    def __call__(self, x):
        return F.linear(x, self.weight.t(), self.bias)


def history(x, steps, padding):
    """x (B, T, C) after `steps` positions of what was before it."""
    if steps == 0 or padding == "none":
        return x
    first = x[:, :1].expand(-1, steps, -1)
    return torch.cat([first if padding == "first" else torch.zeros_like(first), x], dim=1)


class CausalConv1d(Linear):
    """y[t] = bias + the sum over taps k of x[t - (K-1-k) D] @ weight[k*Cin : (k+1)*Cin].

    Tap 0 is the oldest. Before its start, x is its first vector repeated (padding "first") or zeros
    ("zero"); with "none", the positions that would need padding are left out of y. Gathering the
    taps and multiplying once is faster here than F.conv1d and than one product a tap.
    """

    def __init__(self, fan_in, fan_out, width, dilation=1, bias=True, padding="first"):
        super().__init__(width * fan_in, fan_out, bias)
        self.width, self.dilation, self.padding = width, dilation, padding

    def taps(self, x, padding=None):
        """(B, T, Cin) -> (B, T, K*Cin): what each position sees, oldest first."""
        if self.width == 1:
            return x
        reach = (self.width - 1) * self.dilation
        x = history(x, reach, padding or self.padding)
        length = x.shape[1] - reach
        starts = range(0, reach + 1, self.dilation)
        return torch.cat([x[:, start : start + length] for start in starts], dim=2)

    def __call__(self, x, padding=None):
        return super().__call__(self.taps(x, padding))


class Dropout(Brick):
    def __init__(self, p):
        self.p, self.training = p, True

    def __call__(self, x):
        return F.dropout(x, self.p, self.training) if self.p else x


def gate(a, b):
    return torch.tanh(a) * torch.sigmoid(b)


class GatedResidualBlock(Brick):
    """(B, T, R) -> (B, T, R) for the next block and (B, T, S) for the head.

    The last block has no next one, so it gets no `residual` and gives None.
    """

    def __init__(self, residual, skip, width, dilation, has_residual=True, dropout=0.0):
        self.filter = CausalConv1d(residual, residual, width, dilation)
        self.gate = CausalConv1d(residual, residual, width, dilation)
        self.dropout = Dropout(dropout)
        self.residual = Linear(residual, residual) if has_residual else None
        self.skip = Linear(residual, skip)

    def __call__(self, x, padding=None, scored=None):
        taps = self.filter.taps(x, padding)  # The gate sees the same.
        z = gate(Linear.__call__(self.filter, taps), Linear.__call__(self.gate, taps))
        z = self.dropout(z)
        y = x[:, x.shape[1] - z.shape[1] :] + self.residual(z) if self.residual else None
        return y, self.skip(z if scored is None else z[:, -scored:])


class WaveNet(Brick):
    """tokens (B, T) -> logits (B, T, V) of what follows each of them."""

    def __init__(self, vocabulary, embedding, residual, skip, width, dilations, dropout=0.0):
        self.embedding = twin.Embedding(vocabulary, embedding)
        self.input = CausalConv1d(embedding, residual, width)
        last = len(dilations) - 1
        blocks = {
            str(i): GatedResidualBlock(residual, skip, width, dilation, i < last, dropout)
            for i, dilation in enumerate(dilations)
        }
        self.blocks = twin.Sequential(**blocks)
        self.post = Linear(skip, skip)
        self.head = Linear(skip, vocabulary)

    def __call__(self, tokens, scored=None):
        """With `scored`, the logits of that many last positions alone, and no padding at all."""
        padding = None if scored is None else "none"
        x = self.input(self.embedding(tokens), padding)
        total = None
        for block in self.blocks.order:
            x, skip = block(x, padding, scored)
            total = skip if total is None else total + skip
        return self.head(F.relu(self.post(F.relu(total))))


def receptive_field(recipe):
    """How many characters, the last one among them, a prediction sees."""
    model = recipe["model"]
    if model["kind"] != "wavenet":
        raise ValueError(f"twin_wavenet: kind is wavenet, not {model['kind']!r}")
    return 1 + (model["width"] - 1) * (1 + sum(model["dilations"]))


def build(recipe, vocabulary_size):
    """Draws from torch's global generator, in the order of the parameters."""
    settings = recipe["model"]
    sizes = {key: settings[key] for key in ("embedding", "residual", "skip", "width", "dilations")}
    model = WaveNet(vocabulary_size, **sizes, dropout=settings.get("dropout", 0.0))
    with torch.no_grad():
        model.head.weight *= 0  # The first loss is exactly ln V.
    return model


def masked_cross_entropy(logits, targets, label_smoothing=0.0):
    """The mean over the real targets; logits (..., V), targets (...)."""
    return F.cross_entropy(
        logits.reshape(-1, logits.shape[-1]),
        targets.reshape(-1),
        ignore_index=IGNORED,
        label_smoothing=label_smoothing,
    )


# --- Data ---------------------------------------------------------------------------------------


class Names:
    """Whole names: the end marker and the characters in, the characters and the end marker out."""

    def __init__(self, words, vocabulary):
        token = {character: i for i, character in enumerate("." + vocabulary)}
        self.lengths = torch.tensor([len(word) + 1 for word in words])
        self.tokens = torch.zeros(len(words), int(self.lengths.max()), dtype=torch.int64)
        self.targets = torch.full_like(self.tokens, IGNORED)
        for row, word in enumerate(words):
            characters = torch.tensor([token[c] for c in word], dtype=torch.int64)
            self.tokens[row, 1 : len(word) + 1] = characters
            self.targets[row, : len(word)] = characters
            self.targets[row, len(word)] = 0

    def rows(self, chosen):
        """Their tokens and targets as (B, T), T the longest of them; no count of scored ones."""
        longest = int(self.lengths[chosen].max())
        return self.tokens[chosen, :longest], self.targets[chosen, :longest], None

    def random_batch(self, size):
        """Drawn with replacement, as the article's minibatches are."""
        return self.rows(torch.randint(0, len(self.lengths), (size,)))

    def all_batches(self):
        return map(self.rows, torch.arange(len(self.lengths)).split(EVAL_NAMES))


class Text:
    """Running text: windows of `window` characters to predict, after `context` to look back at."""

    def __init__(self, text, vocabulary, window, context):
        token = {character: i for i, character in enumerate("." + vocabulary)}
        self.tokens = torch.tensor([token[c] for c in text])
        self.window, self.context = window, context
        self.starts = len(self.tokens) - self.context - window  # How many windows there are.
        if self.starts < 1:
            raise ValueError(f"twin_wavenet: {len(text)} characters hold no window of {window}")

    def rows(self, starts, window):
        """tokens (B, context + window), targets (B, window), window."""
        cut = self.tokens[starts[:, None] + torch.arange(self.context + window + 1)]
        return cut[:, :-1], cut[:, self.context + 1 :], window

    def random_batch(self, size):
        return self.rows(torch.randint(0, self.starts, (size,)), self.window)

    def all_batches(self):
        """Every character once, but for the first ones, which are only looked back at."""
        end = len(self.tokens) - self.context - 1
        for start in range(0, end, EVAL_CHARACTERS):
            yield self.rows(torch.tensor([start]), min(EVAL_CHARACTERS, end - start))


def mu_law(samples):
    """Codes of 16-bit samples, in f64."""
    x = samples.astype(np.float64) / 32768
    f = np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256)
    return np.floor((f + 1) / 2 * 255 + 0.5).astype(np.uint8)


def read_wav(path, samples=None):
    """The codes of a 16-bit mono WAV file, or of its first samples."""
    with wave.open(str(path)) as file:
        if file.getsampwidth() != 2 or file.getnchannels() != 1:
            raise ValueError(f"{path}: a 16-bit mono WAV file is wanted")
        return mu_law(np.frombuffer(file.readframes(samples or file.getnframes()), "<i2"))


class Sound(Text):
    """Takes end to end, before each as much silence as the model can look back, never predicted."""

    def __init__(self, takes, window, context):
        silence = np.full(context, SILENCE, np.uint8)
        parts = [part for take in takes for part in (silence, take)]
        real = [np.full(len(part), part is not silence) for part in parts]
        self.tokens = torch.from_numpy(np.concatenate(parts))
        self.real = torch.from_numpy(np.concatenate(real))
        self.window, self.context = window, context
        self.starts = len(self.tokens) - self.context - window

    def rows(self, starts, window):
        cut = starts[:, None] + torch.arange(self.context + window + 1)
        last = cut[:, self.context + 1 :]
        targets = self.tokens[last].long().masked_fill(~self.real[last], IGNORED)
        return self.tokens[cut[:, :-1]].long(), targets, window


def sound_splits(recipe, folder, context):
    """A file is val when the CRC-32 of its name, relative to the folder, is divisible by 10."""
    excluded = set(recipe["data"].get("exclude", "").split(","))
    takes = {"train": [], "val": []}
    for path in sorted(Path(folder).rglob("*.wav")):
        name = path.relative_to(folder)
        if not excluded & set(name.parts):
            part = "val" if zlib.crc32(name.as_posix().encode()) % 10 == 0 else "train"
            takes[part].append(read_wav(path))
    for part, those in takes.items():
        if not those:
            raise ValueError(f"twin_wavenet: {folder}: no file of it is {part}")
    return {part: Sound(those, recipe["data"]["piece"], context) for part, those in takes.items()}


def make_splits(recipe, path, split_seed):
    """The splits, and how many codes there are. Text is cut where it stands, names are shuffled."""
    data, context = recipe["data"], receptive_field(recipe) - 1
    if data["format"] == "lines":
        words = twin.read_words(path)
        vocabulary = twin.vocabulary_of(words)
        parts = twin.split_words(words, split_seed)
        return {name: Names(part, vocabulary) for name, part in parts.items()}, len(vocabulary) + 1
    if data["format"] == "sound":
        return sound_splits(recipe, path, context), CODES
    if data["format"] != "text":
        raise ValueError(f"twin_wavenet: format is lines, text or sound, not {data['format']!r}")
    text = Path(path).read_bytes().decode("utf-8")
    vocabulary = twin.vocabulary_of([text])
    first, second = int(0.8 * len(text)), int(0.9 * len(text))
    parts = {"train": text[:first], "val": text[first:second], "test": text[second:]}
    window = data["piece"]
    splits = {name: Text(part, vocabulary, window, context) for name, part in parts.items()}
    return splits, len(vocabulary) + 1


# --- Training -----------------------------------------------------------------------------------


def rate_at(settings, step):
    """The learning rate of a step, from 0, by the recipe's schedule."""
    base, final = settings["learning_rate"], settings.get("final_learning_rate", 0.0)
    schedule, warmup = settings["schedule"], settings.get("warmup", 0)
    if step < warmup:
        return base * (step + 1) / warmup
    if schedule == "cosine":
        turn = math.pi * (step - warmup) / (settings["steps"] - warmup)
        return final + (base - final) * 0.5 * (1 + math.cos(turn))
    if schedule == "step":
        return final if step >= settings["drop_at"] else base
    if schedule == "constant":
        return base
    raise ValueError(f"twin_wavenet: schedule is cosine, step or constant, not {schedule!r}")


def make_optimizer(parameters, settings):
    # Only matrices decay: biases and gains do not grow with the number of inputs.
    decay = settings.get("weight_decay", 0.0)
    groups = [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": decay},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]
    kind, rate = settings["optimizer"], settings["learning_rate"]
    if kind == "sgd":
        return torch.optim.SGD(groups, lr=rate, momentum=settings.get("momentum", 0.0))
    if kind != "adamw":
        raise ValueError(f"twin_wavenet: optimizer is adamw or sgd, not {kind!r}")
    betas = (settings.get("beta1", BETAS[0]), settings.get("beta2", BETAS[1]))
    eps = settings.get("eps", 1e-8)
    return torch.optim.AdamW(groups, lr=rate, betas=betas, eps=eps, **fastest_flags())


def fastest_flags():
    """The quickest AdamW that this PyTorch has for a CPU; all of them compute the same."""
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    return {"fused": True} if version >= (2, 4) else {"foreach": True}


class Updater:
    """From gradients to new weights: clipping, the optimiser at its rate, the mean of weights."""

    def __init__(self, parameters, settings):
        self.parameters, self.settings = parameters, settings
        self.optimizer = make_optimizer(parameters, settings)
        self.decay = settings.get("ema", 0.0)
        self.ema = [p.detach().clone() for p in parameters] if self.decay else []
        self.steps_done = 0

    def step(self):
        """Returns the norm of all gradients before it was clipped; None where nothing clips."""
        norm = None
        if self.settings.get("clip"):
            norm = torch.nn.utils.clip_grad_norm_(self.parameters, self.settings["clip"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(self.settings, self.steps_done)
        self.optimizer.step()
        for p in self.parameters:
            p.grad = None
        if self.ema:
            with torch.no_grad():
                torch._foreach_mul_(self.ema, self.decay)
                torch._foreach_add_(self.ema, self.parameters, alpha=1 - self.decay)
        self.steps_done += 1
        return norm

    @contextlib.contextmanager
    def averaged(self):
        """While it lasts, the model has the EMA's weights, if there is one."""
        saved = [p.data for p in self.parameters]
        for p, mean in zip(self.parameters, self.ema):
            p.data = mean
        try:
            yield
        finally:
            for p, value in zip(self.parameters, saved):
                p.data = value


class Trainer:
    """A model, its data, and one step at a time; what twin.timed_run wants."""

    def __init__(self, recipe, data, seed=42, split_seed=42, compiled=False, precision="f32"):
        settings = recipe["train"]
        self.rounds = precision == "bf16"
        self.splits, codes = make_splits(recipe, data, split_seed)
        torch.manual_seed(seed)  # One stream: first the weights, then the minibatches and dropout.
        self.model = build(recipe, codes)
        self.batch_size = settings["batch_size"]
        self.label_smoothing = settings.get("label_smoothing", 0.0)
        self.updater = Updater(self.model.parameters(), settings)
        self.loss = torch.compile(self.eager_loss) if compiled else self.eager_loss

    def eager_loss(self, tokens, targets, scored):
        return masked_cross_entropy(self.model(tokens, scored), targets, self.label_smoothing)

    def step(self):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.rounds):
            loss = self.loss(*self.splits["train"].random_batch(self.batch_size))
        loss.backward()
        self.updater.step()
        return loss.detach()

    @torch.no_grad()
    def split_loss(self, name):
        """Mean loss a target over a whole split, of the averaged weights, in eval mode."""
        total, count = 0.0, 0
        self.model.eval()
        with self.updater.averaged():
            for tokens, targets, scored in self.splits[name].all_batches():
                real = int((targets != IGNORED).sum())
                loss = masked_cross_entropy(self.model(tokens, scored), targets)
                total, count = total + loss.item() * real, count + real
        self.model.train()
        return total / count


def main():
    parser = twin.command_line(__doc__.splitlines()[0], recipe="wavenet-names")
    arguments = twin.parse(parser)
    recipe = twin.load_recipe(arguments.recipe)
    recipe["train"]["steps"] = arguments.steps  # The schedule spans the run, as in the program.
    trainer = Trainer(
        recipe,
        arguments.data,
        arguments.seed,
        arguments.split_seed,
        compiled=arguments.compile,
        precision=arguments.precision,
    )
    result = {"torch": torch.__version__, "threads": arguments.threads}
    result["parameters"] = sum(p.numel() for p in trainer.model.parameters())
    result.update(twin.timed_run(trainer, arguments))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
