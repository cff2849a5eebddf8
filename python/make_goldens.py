#!/usr/bin/env python3
"""Writes tests/golden/*.safetensors: what PyTorch computes, for our tests to be held against.

Made with PyTorch 1.13 on one thread (`/usr/bin/python3 python/make_goldens.py`), committed, and
the same bytes each time on one kind of machine. Another kind of CPU may round the last bit another
way (wider vectors sum in another order), so tests compare with a tolerance, save for plain copies
and the integers of the generator.
"""

import torch
import torch.nn.functional as F

import twin
from golden import Golden, draw, write_all

MADE_BY = "python/make_goldens.py"
RECIPES = ["mlp-3", "mlp-8", "tree-22k", "tree-76k"]
SMALL_TREE = {"model": {"kind": "tree", "block_size": 8, "embedding": 6, "hidden": 10}}


# --- Bricks -------------------------------------------------------------------------------------


def linear(golden, case, *leading):
    brick = twin.Linear(12, 7)
    with torch.no_grad():
        brick.bias += torch.randn(7)
    x = draw(*leading, 12)
    golden.differentiate(case, brick(x), x=x, weight=brick.weight, bias=brick.bias)


def batch_norm(golden, case, *shape):
    """Two training steps (the first one's gradients), then the same x in eval mode."""
    channels = shape[-1]
    brick = twin.BatchNorm1d(channels)
    with torch.no_grad():
        brick.weight += 0.5 * torch.randn(channels)
        brick.bias += torch.randn(channels)
        brick.running_mean += torch.randn(channels)
        brick.running_var += torch.rand(channels)
    golden.add(case, running_mean_0=brick.running_mean, running_var_0=brick.running_var)
    x = (1.5 * torch.randn(*shape) + 0.3).requires_grad_()
    golden.differentiate(case, brick(x), x=x, weight=brick.weight, bias=brick.bias)
    golden.add(case, running_mean_1=brick.running_mean, running_var_1=brick.running_var)
    x2 = torch.randn(*shape) - 0.5
    golden.add(case, x2=x2, y2=brick(x2))
    golden.add(case, running_mean_2=brick.running_mean, running_var_2=brick.running_var)
    golden.add(case, y_eval=brick.eval()(x))


def shapes(golden):
    x = draw(4, 8, 10)
    golden.differentiate("flatten", twin.FlattenConsecutive(8)(x), x=x)
    x = draw(4, 8, 10)
    golden.differentiate("flatten_consecutive", twin.FlattenConsecutive(2)(x), x=x)
    x = draw(4, 8, 10)
    golden.differentiate("flatten_consecutive_squeeze", twin.FlattenConsecutive(8)(x), x=x)
    x = draw(4, 8, 10)
    golden.differentiate("slice_step", x[:, ::2, :], x=x)
    x = draw(4, 8, 10)
    golden.differentiate("cat", torch.cat([x[:, ::2], x[:, 1::2]], dim=2), x=x)


def losses(golden):
    x = draw(6, 27)
    golden.differentiate("softmax", torch.softmax(x, dim=-1), x=x)
    logits, targets = (3 * torch.randn(32, 27)).requires_grad_(), torch.randint(0, 27, (32,))
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    golden.add("cross_entropy", logits=logits, targets=targets, loss=loss, dlogits=logits.grad)


def reductions(golden):
    for name, axes in {"0": (0,), "01": (0, 1)}.items():
        x = draw(8, 4, 10)
        golden.differentiate(f"mean_{name}", x.mean(axes, keepdim=True), x=x)
        x = draw(8, 4, 10)
        golden.differentiate(f"var_{name}", x.var(axes, unbiased=True, keepdim=True), x=x)


def products(golden):
    x, w = draw(4, 2, 5, 6), draw(6, 3)
    golden.differentiate("matmul_leading", x @ w, x=x, w=w)
    x, w = draw(4, 5, 6), draw(4, 6, 3)
    golden.differentiate("matmul_batched", x @ w, x=x, w=w)
    x, b = draw(4, 1, 5), draw(3, 1)
    golden.differentiate("broadcast_add", x + b, x=x, b=b)


def small_tree(golden):
    """A whole model: one training pass with its gradients, then the same batch in eval mode."""
    torch.manual_seed(7)
    model = twin.build(SMALL_TREE, 27)
    golden.add("tree/param", **model.named_parameters())
    tokens, targets = torch.randint(0, 27, (16, 8)), torch.randint(0, 27, (16,))
    logits = model(tokens)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    golden.add("tree", tokens=tokens, targets=targets, logits=logits, loss=loss)
    golden.add("tree/grad", **{name: p.grad for name, p in model.named_parameters().items()})
    running = {name: t for name, t in model.state().items() if "running_" in name}
    golden.add("tree/after", **running)
    golden.add("tree", logits_eval=model.eval()(tokens))


def bricks():
    golden = Golden(MADE_BY)
    torch.manual_seed(2018)
    linear(golden, "linear", 5, 4)
    linear(golden, "linear_2d", 5)
    batch_norm(golden, "batch_norm_2d", 32, 10)
    batch_norm(golden, "batch_norm_3d", 16, 4, 10)
    x = draw(3, 4, 5)
    golden.differentiate("tanh", torch.tanh(x), x=x)
    embedding, tokens = twin.Embedding(27, 10), torch.randint(0, 27, (6, 8))
    golden.differentiate("embedding", embedding(tokens), weight=embedding.weight, tokens=tokens)
    shapes(golden)
    losses(golden)
    reductions(golden)
    products(golden)
    small_tree(golden)
    return golden


# --- The generator ------------------------------------------------------------------------------


def rng():
    golden = Golden(MADE_BY)

    def fresh(name, function):
        torch.manual_seed(42)
        golden.add("rng", **{name: function()})

    for n in (1, 5, 15, 16, 17, 31, 32, 100, 1000):
        fresh(f"randn_{n}", lambda: torch.randn(n))
    torch.manual_seed(42)
    golden.add("rng", sequence_a=torch.randn(3))
    golden.add("rng", sequence_b=torch.randn(2))
    golden.add("rng", sequence_c=torch.randn(20))
    fresh("randn_f64_20", lambda: torch.randn(20, dtype=torch.float64))
    fresh("randint_1000", lambda: torch.randint(0, 182625, (1000,)))
    fresh("rand_20", lambda: torch.rand(20))
    fresh("rand_f64_20", lambda: torch.rand(20, dtype=torch.float64))
    torch.manual_seed(43)
    probabilities = torch.softmax(2 * torch.randn(50, 27), dim=-1)
    torch.manual_seed(42)
    drawn = torch.cat([torch.multinomial(row, 1) for row in probabilities])
    golden.add("rng", probabilities=probabilities, multinomial=drawn)
    torch.manual_seed(2147483647)
    golden.add("rng", randn_16_seed_2147483647=torch.randn(16))
    golden.tensors = {name[len("rng/") :]: tensor for name, tensor in golden.tensors.items()}
    return golden


# --- The article on the shipped names -----------------------------------------------------------


def article_ssa():
    golden = Golden(MADE_BY)
    words = twin.read_words(twin.ROOT / "data" / "ssa-2018.csv")
    for name in RECIPES:
        trainer = twin.Trainer(twin.load_recipe(name), words)
        first = torch.stack([trainer.step() for _ in range(100)])
        after = torch.tensor([trainer.split_loss("train"), trainer.split_loss("val")]).double()
        golden.add(name, losses=first, after_100=after)
    counts = [len(targets) for _, targets in trainer.splits.values()]
    golden.tensors["examples"] = torch.tensor(counts).int().numpy()
    return golden


if __name__ == "__main__":
    write_all({"bricks": bricks, "rng": rng, "article_ssa": article_ssa}, __doc__)
