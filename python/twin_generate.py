#!/usr/bin/env python3
"""How many codes a second PyTorch draws from the WaveNet's twin, one stream on one thread.

    python/twin_generate.py --recipe wavenet-speech --way full     the whole receptive field a code
    python/twin_generate.py --recipe wavenet-speech --way cached   rings, as a careful user has them

Both draw from random weights, which cost as much as learned ones; no bias and no head is left at
zero. They are held against each other first. Prints one JSON object.
"""

import argparse
import json
import sys
import time

import torch
import torch.nn.functional as F

import twin
import twin_wavenet as wavenet


class Full:
    """The net over all that a prediction sees, anew for each code; the head at the last alone."""

    def __init__(self, model, recipe):
        self.model = model
        field = wavenet.receptive_field(recipe)
        self.seen = torch.full((1, field), wavenet.SILENCE)

    def logits(self):
        return self.model(self.seen, 1)[0, 0]

    def push(self, code):
        self.seen = torch.cat([self.seen[:, 1:], torch.tensor([[code]])], dim=1)


class Layer:
    """A gated block, a code at a time, in five calls that allocate nothing.

    Its ring has a row for each of the last `dilation` inputs and the present one, which the layer
    below writes there. The filter's and the gate's products are one, sigmoid(b) is
    (1 + tanh(b / 2)) / 2 so that they share a tanh, and a 1 behind z multiplies the biases.
    """

    def __init__(self, block, dilation, z):
        channels = block.skip.weight.shape[0]
        weight = torch.cat([block.filter.weight, block.gate.weight / 2], dim=1).t().contiguous()
        self.past = weight[:, :channels].contiguous()
        self.present = weight[:, channels:].contiguous()
        self.bias = torch.cat([block.filter.bias, block.gate.bias / 2])
        self.rows = list(torch.zeros(dilation + 1, channels))
        self.products = torch.zeros(2 * channels)
        self.filter, self.gate = self.products.split(channels)
        self.z, self.z_and_one = z[:-1], z
        self.residual = None
        if block.residual:
            self.residual = torch.cat([block.residual.weight / 2, block.residual.bias[None]]).t()
            self.residual = self.residual.contiguous()

    def step(self, time, above):
        """Reads its ring's present row, writes that of the layer above."""
        period = len(self.rows)
        row = self.rows[time % period]
        torch.addmv(self.bias, self.past, self.rows[(time + 1) % period], out=self.products)
        torch.addmv(self.products, self.present, row, out=self.products)
        self.products.tanh_()
        torch.addcmul(self.filter, self.filter, self.gate, out=self.z)
        if self.residual is not None:
            torch.addmv(row, self.residual, self.z_and_one, out=above.rows[time % len(above.rows)])


class Cached:
    """A code at a time: rings, every tensor made beforehand, all skips as one product."""

    def __init__(self, model, recipe):
        blocks = list(model.blocks.order)
        residual, skip = blocks[0].skip.weight.shape
        if recipe["model"]["width"] != 2:
            raise ValueError("twin_generate: the cached loop knows layers of width 2")
        self.input_past, self.input_present = self.tables(model)
        zs = torch.ones(len(blocks), residual + 1)  # The last of each stays 1.
        dilations = recipe["model"]["dilations"]
        self.layers = [Layer(b, d, z) for b, d, z in zip(blocks, dilations, zs)]
        skips = [torch.cat([b.skip.weight / 2, b.skip.bias[None]]).t() for b in blocks]
        self.skips, self.zs = torch.cat(skips, dim=1).contiguous(), zs.view(-1)
        self.post, self.post_bias = model.post.weight.t().contiguous(), model.post.bias
        self.head, self.head_bias = model.head.weight.t().contiguous(), model.head.bias
        self.total, self.hidden = torch.zeros(skip), torch.zeros(skip)
        self.answer = torch.zeros(len(self.head_bias))
        self.time, self.last = 0, wavenet.SILENCE
        for _ in range(wavenet.receptive_field(recipe)):  # After silence for ever.
            self.push(wavenet.SILENCE)

    def tables(self, model):
        """The embedding and the first layer as rows to look up, one table a tap."""
        past, present = model.input.weight.chunk(2)
        table = model.embedding.weight
        return list(table @ past), list(table @ present + model.input.bias)

    def push(self, code):
        first, time = self.layers[0], self.time
        row = first.rows[time % len(first.rows)]
        torch.add(self.input_past[self.last], self.input_present[code], out=row)
        for layer, above in zip(self.layers, self.layers[1:] + [None]):
            layer.step(time, above)
        torch.mv(self.skips, self.zs, out=self.total)
        torch.addmv(self.post_bias, self.post, self.total.relu_(), out=self.hidden)
        torch.addmv(self.head_bias, self.head, self.hidden.relu_(), out=self.answer)
        self.time, self.last = time + 1, code

    def logits(self):
        return self.answer


def draw(logits):
    return torch.multinomial(F.softmax(logits, dim=0), 1).item()


def hold_together(model, recipe, codes=20):
    """Both ways give the same logits; returns the largest relative difference."""
    full, cached, worst = Full(model, recipe), Cached(model, recipe), 0.0
    for _ in range(codes):
        a, b = full.logits(), cached.logits()
        worst = max(worst, float((a - b).abs().max() / a.abs().max()))
        code = draw(a)
        full.push(code)
        cached.push(code)
    if not worst < 1e-5:
        raise ValueError(f"twin_generate: the two ways differ by {worst:.1e}")
    return worst


def codes_a_second(way, seconds):
    """The first tenth of the time is not counted."""
    for part in (seconds / 10, seconds):
        drawn, start = 0, time.perf_counter()
        while time.perf_counter() - start < part:
            way.push(draw(way.logits()))
            drawn += 1
    return drawn / (time.perf_counter() - start)


@torch.inference_mode()
def run(arguments):
    recipe = twin.load_recipe(arguments.recipe)
    torch.manual_seed(arguments.seed)
    model = wavenet.build(recipe, wavenet.CODES)
    for name, tensor in model.named_parameters().items():
        if name.endswith("bias"):
            tensor.copy_(0.3 * torch.randn(tensor.shape))
    head = model.head.weight
    head.copy_(torch.randn(head.shape) / head.shape[0] ** 0.5)
    model.eval()
    result = {"torch": torch.__version__, "difference": hold_together(model, recipe)}
    way = {"full": Full, "cached": Cached}[arguments.way](model, recipe)
    return {**result, "characters_per_second": codes_a_second(way, arguments.seconds)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", default="wavenet-speech", help="a name in recipes/ or a file")
    parser.add_argument("--way", choices=["full", "cached"], required=True)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    try:
        print(json.dumps(run(arguments)))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
