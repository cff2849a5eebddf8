#!/usr/bin/env python3
"""Writes tests/golden/sound.safetensors: a small WaveNet of sound in PyTorch, 256 mu-law codes.

Its logits after silence, and 50 steps of training by pieces: of pieces that begin cold, of pieces
with a past, and of one whose rest has no targets. Made with PyTorch 1.13 on one thread
(`/usr/bin/python3 python/make_sound_goldens.py`), like the goldens of make_goldens.py.
"""

import torch

import check_sound
import twin_wavenet as wavenet
from golden import Golden, write_all
from make_wavenet_goldens import optimizer_of, with_biases

NET = {"embedding": 6, "residual": 8, "skip": 10, "width": 2, "dilations": [1, 2, 4, 1, 2, 4]}
PIECE, PIECES = 24, 4  # samples predicted in a piece, pieces of a minibatch
TRAINING = {
    "steps": 50,
    "optimizer": "adamw",
    "schedule": "cosine",
    "learning_rate": 3e-3,
    "warmup": 5,
    "weight_decay": 0.05,
    "clip": 1.0,
}
EMA = 0.95
LOUDNESS = 4  # of the head: so that some steps are clipped and some are not
FIELD = wavenet.receptive_field({"model": {"kind": "wavenet", **NET}})


def tones(samples):
    """Codes of a sound that rises, with noise: i64."""
    t = torch.arange(samples, dtype=torch.float64)
    x = 0.3 * torch.sin(0.2 * t + 2e-4 * t * t) + 0.02 * torch.randn(samples, dtype=torch.float64)
    return torch.from_numpy(wavenet.mu_law((32768 * x).round().numpy())).long()


def piece(codes, begin, cold=False, real=PIECE):
    """What is read and what is to be predicted: `real` codes from `begin`, then nothing."""
    past = FIELD - 1
    padded = torch.cat([torch.full((FIELD,), wavenet.SILENCE), codes])
    inputs = padded[begin : begin + past + PIECE].clone()
    if cold:
        inputs[: past + 1] = wavenet.SILENCE
    targets = codes[begin : begin + PIECE].clone()
    targets[real:] = wavenet.IGNORED
    inputs[past + 1 + real :] = wavenet.SILENCE
    return inputs, targets


def batches(codes, count):
    """One piece of each starts the sound, one is short; the third starts cold in its midst."""
    starts = torch.randint(FIELD, len(codes) - PIECE, (count, 3)).tolist()
    for short, cold, warm in starts:
        pieces = [
            piece(codes, 0),
            piece(codes, short, real=7),
            piece(codes, cold, cold=True),
            piece(codes, warm),
        ]
        yield tuple(torch.stack(part) for part in zip(*pieces))


def expected_logits(parameters, codes):
    read = check_sound.after_silence(codes, FIELD)
    return check_sound.logits_of(parameters, NET, read, len(codes))


def logits(golden, model, codes):
    """At every position of a sound before which stands silence; the twin has to agree."""
    parameters = model.named_parameters()
    made = expected_logits(parameters, codes)[0]
    twins = model(check_sound.after_silence(codes, FIELD), len(codes))[0]
    assert check_sound.distance(made.detach(), twins.detach()) < 1e-6
    losses = torch.nn.functional.cross_entropy(made, codes, reduction="none")
    golden.add("sound", codes=codes, logits=made, losses=losses)


def training(golden, model, codes):
    """50 steps over five minibatches: every loss; the weights and their mean at the end."""
    named = model.named_parameters()
    updater = optimizer_of(list(named.values()), TRAINING)
    mean = {name: p.detach().clone() for name, p in named.items()}
    made = list(batches(codes, 5))
    for i, (inputs, targets) in enumerate(made):
        assert inputs.shape == (PIECES, FIELD - 1 + PIECE) and targets.shape == (PIECES, PIECE)
        golden.add("train", **{f"inputs_{i}": inputs, f"targets_{i}": targets})
    losses, clipped = [], 0
    for step in range(TRAINING["steps"]):
        inputs, targets = made[step % len(made)]
        answers = check_sound.logits_of(named, NET, inputs, PIECE)
        loss = wavenet.masked_cross_entropy(answers, targets)
        loss.backward()
        losses.append(loss.detach())
        clipped += int(updater.step() > TRAINING["clip"])
        decay = min(EMA, (1 + step) / (10 + step))
        for name, value in mean.items():
            value.mul_(decay).add_(named[name].detach(), alpha=1 - decay)
    assert 5 < clipped < 45, clipped
    golden.add("train", losses=torch.stack(losses))
    golden.add("train/final", **named)
    golden.add("train/average", **mean)


def make():
    golden = Golden("python/make_sound_goldens.py")
    torch.manual_seed(1609)
    model = with_biases(wavenet.WaveNet(wavenet.CODES, **NET))
    with torch.no_grad():
        model.head.weight *= LOUDNESS
    golden.add("initial", **model.named_parameters())
    codes = tones(400)
    logits(golden, model, codes[:60])
    training(golden, model, codes)
    return golden


if __name__ == "__main__":
    write_all({"sound": make}, __doc__)
