#!/usr/bin/env python3
"""Writes tests/golden/wavenet.safetensors: the WaveNet's ops, blocks and training in PyTorch.

Made with PyTorch 1.13 on one thread (`/usr/bin/python3 python/make_wavenet_goldens.py`), like the
goldens of make_goldens.py; what is said there of bytes and tolerances holds here too.
"""

import torch
import torch.nn.functional as F

import twin
import twin_wavenet as wavenet
from golden import Golden, draw, write_all

CONVOLUTIONS = [(2, 1), (2, 2), (2, 4), (3, 1), (3, 2), (5, 2), (1, 1), (3, 8)]  # (K, D)
PADDED_WITH_ZEROS = [(2, 1), (2, 4), (3, 2), (3, 8)]
NET = {"embedding": 5, "residual": 6, "skip": 9, "width": 2, "dilations": [1, 2, 4]}
TRAINED_NET = {"embedding": 8, "residual": 12, "skip": 16, "width": 2, "dilations": [1, 2, 4]}
TRAINING = {
    "steps": 50,
    "optimizer": "adamw",
    "schedule": "cosine",
    "learning_rate": 3e-3,
    "warmup": 5,
    "weight_decay": 0.05,
    "beta1": 0.9,
    "beta2": 0.99,
    "clip": 1.0,
    "ema": 0.95,
}


def with_biases(brick):
    """Biases that start at zero would hide a mistake in what they are added to."""
    with torch.no_grad():
        for name, tensor in brick.named_parameters().items():
            if name.endswith("bias"):
                tensor += 0.3 * torch.randn(tensor.shape)
    return brick


def optimizer_of(parameters, settings):
    """The Updater with PyTorch's plain loop over the parameters, not its variants for speed."""
    updater = wavenet.Updater(parameters, settings)
    for group in updater.optimizer.param_groups:
        group["foreach"] = False
    return updater


# --- Ops and blocks -----------------------------------------------------------------------------


def causal_conv1d(golden, case, width, dilation, padding="first", bias=True):
    brick = with_biases(wavenet.CausalConv1d(5, 7, width, dilation, bias, padding))
    x = draw(3, 11, 5)
    y = brick(x)
    # The twin gathers taps; PyTorch's own convolution has to agree.
    padded = wavenet.history(x, (width - 1) * dilation, padding).transpose(1, 2)
    weight = brick.weight.view(width, 5, 7).permute(2, 1, 0)
    own = F.conv1d(padded, weight, brick.bias, dilation=dilation).transpose(1, 2)
    assert torch.allclose(y, own, rtol=1e-5, atol=1e-5), case
    biases = {"bias": brick.bias} if bias else {}
    golden.differentiate(case, y, x=x, weight=brick.weight, **biases)


def convolutions(golden):
    for width, dilation in CONVOLUTIONS:
        causal_conv1d(golden, f"causal_conv1d_k{width}_d{dilation}", width, dilation)
    for width, dilation in PADDED_WITH_ZEROS:
        causal_conv1d(golden, f"causal_conv1d_k{width}_d{dilation}_zero", width, dilation, "zero")
    causal_conv1d(golden, "causal_conv1d_k2_d2_no_bias", 2, 2, bias=False)


def gate(golden):
    """With a few values far out, where both curves are flat."""
    a, b = 2 * torch.randn(3, 4, 7), 2 * torch.randn(3, 4, 7)
    a[0, 0, :4] = torch.tensor([20.0, -20.0, 100.0, -100.0])
    b[0, 1, :4] = torch.tensor([20.0, -20.0, 100.0, -100.0])
    a.requires_grad_(), b.requires_grad_()
    golden.differentiate("gate", wavenet.gate(a, b), filter=a, gate=b)


def gated_residual_block(golden, case, has_residual):
    block = with_biases(wavenet.GatedResidualBlock(6, 9, 2, 2, has_residual))
    x = draw(3, 11, 6)
    y, skip = block(x)
    outputs = {"y": y, "skip": skip} if has_residual else {"skip": skip}
    golden.differentiate_all(case, outputs, x=x, **block.named_parameters())


def losses(golden):
    """Rows whose target is -1 count for nothing, with and without label smoothing."""
    targets = torch.randint(0, 11, (20,))
    targets[torch.tensor([0, 3, 4, 11, 19])] = wavenet.IGNORED
    values = 3 * torch.randn(20, 11)
    for case, smoothing in {"cross_entropy": 0.0, "cross_entropy_smoothed": 0.1}.items():
        logits = values.clone().requires_grad_()
        loss = wavenet.masked_cross_entropy(logits, targets, smoothing)
        loss.backward()
        golden.add(case, logits=logits, targets=targets, loss=loss, dlogits=logits.grad)


# --- The whole model ----------------------------------------------------------------------------


def padded(lengths, vocabulary):
    """Random tokens as names are: 0, then characters; targets are the next ones, then 0."""
    tokens = torch.zeros(len(lengths), max(lengths), dtype=torch.int64)
    targets = torch.full_like(tokens, wavenet.IGNORED)
    for row, length in enumerate(lengths):
        characters = torch.randint(1, vocabulary, (length - 1,))
        tokens[row, 1:length] = characters
        targets[row, : length - 1] = characters
        targets[row, length - 1] = 0
    return tokens, targets


def whole_model(golden):
    model = with_biases(wavenet.WaveNet(11, **NET))
    golden.add("wavenet/param", **model.named_parameters())
    tokens, targets = padded([9, 6, 3, 1], 11)
    logits = model(tokens)
    logits.retain_grad()
    loss = wavenet.masked_cross_entropy(logits, targets)
    loss.backward()
    golden.add("wavenet", tokens=tokens, targets=targets, logits=logits, loss=loss)
    golden.add("wavenet", dlogits=logits.grad)
    golden.add("wavenet/grad", **{name: p.grad for name, p in model.named_parameters().items()})
    leaf = logits.detach().requires_grad_()
    smoothed = wavenet.masked_cross_entropy(leaf, targets, label_smoothing=0.1)
    smoothed.backward()
    golden.add("wavenet", smoothed_loss=smoothed, smoothed_dlogits=leaf.grad)


# --- Training -----------------------------------------------------------------------------------


def name_batches(count, size):
    """The first names of the shipped list as they are shuffled."""
    words = twin.read_words(twin.ROOT / "data" / "ssa-2018.csv")
    first = twin.split_words(words)["train"][: count * size]
    names = wavenet.Names(first, twin.vocabulary_of(words))
    return [names.rows(rows)[:2] for rows in torch.arange(count * size).split(size)]


def training(golden, dtype=torch.float32):
    """50 steps over 5 batches: what every step gave, and the weights and their mean at the end."""
    model = with_biases(wavenet.WaveNet(27, **TRAINED_NET))
    named = model.named_parameters()
    with torch.no_grad():
        model.head.weight *= 5  # Loud, so that some steps are clipped and some are not.
    batches = name_batches(5, 8)
    golden.add("train/initial", **named)
    for i, (tokens, targets) in enumerate(batches):
        golden.add("train", **{f"tokens_{i}": tokens, f"targets_{i}": targets})
    for tensor in named.values():
        tensor.data = tensor.data.to(dtype)
    updater = optimizer_of(list(named.values()), TRAINING)
    losses, norms, rates = [], [], []
    for step in range(TRAINING["steps"]):
        tokens, targets = batches[step % len(batches)]
        loss = wavenet.masked_cross_entropy(model(tokens), targets)
        loss.backward()
        rates.append(wavenet.rate_at(TRAINING, step))
        losses.append(loss.detach())
        norms.append(updater.step())
    assert 5 < sum(norm > TRAINING["clip"] for norm in norms) < 45, norms
    golden.add("train", losses=torch.stack(losses), norms=torch.stack(norms))
    golden.add("train", rates=torch.tensor(rates, dtype=torch.float64))
    golden.add("train/final", **named)
    golden.add("train/ema", **dict(zip(named, updater.ema)))


def small_steps(golden, case, settings):
    """Five steps on mean((x @ weight + bias - target)^2): the parameters before and after each."""
    line = with_biases(wavenet.Linear(4, 3))
    x, target = torch.randn(16, 4), torch.randn(16, 3)
    golden.add(case, x=x, target=target, weight_0=line.weight, bias_0=line.bias)
    updater = optimizer_of(line.parameters(), {"schedule": "constant", **settings})
    for step in range(1, 6):
        loss = ((line(x) - target) ** 2).mean()
        loss.backward()
        updater.step()
        after = {"loss": loss, "weight": line.weight, "bias": line.bias}
        golden.add(case, **{f"{name}_{step}": tensor for name, tensor in after.items()})


def make():
    golden = Golden("python/make_wavenet_goldens.py")
    torch.manual_seed(2016)
    convolutions(golden)
    gate(golden)
    gated_residual_block(golden, "block", has_residual=True)
    gated_residual_block(golden, "last_block", has_residual=False)
    losses(golden)
    whole_model(golden)
    training(golden)
    small_steps(golden, "sgd", {"optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.9})
    adamw = {"optimizer": "adamw", "learning_rate": 0.05, "weight_decay": 0.1}
    small_steps(golden, "adamw", {**adamw, "beta1": 0.9, "beta2": 0.99})
    return golden


if __name__ == "__main__":
    write_all({"wavenet": make}, __doc__)
