"""The amplifier models in PyTorch: what ours is held against, and what it is measured against.

Nets of causal convolutions from samples to samples, plain nn.Conv1d throughout, named as ours are:
"array1.layer3.conv.weight".

    python3 python/twin_amplifier.py --shape standard --steps 5     # milliseconds a step, as JSON
"""

import argparse
import json
import time

import torch
from torch import nn

DOUBLING = [2**i for i in range(10)]
SEVEN = [1, 3, 7, 17, 41, 101, 239]
A2_TAPS = [(6, d) for d in SEVEN + SEVEN] + [(15, 1), (15, 13)] + [(6, d) for d in SEVEN]


def a1(first, second, dilations):
    """Two arrays of kernel 3: inputs, channels, outputs of the head, its kernel, its bias, taps."""
    taps = [[(3, d) for d in some] for some in dilations]
    return [(1, first, second, 1, False, taps[0]), (first, second, 1, 1, True, taps[1])]


SHORT = (DOUBLING[:7], DOUBLING[7:] + DOUBLING)
SHAPES = {
    "standard": ([a1(16, 8, (DOUBLING, DOUBLING))], torch.tanh, 0.02),
    "lite": ([a1(12, 6, SHORT)], torch.tanh, 0.02),
    "feather": ([a1(8, 4, SHORT)], torch.tanh, 0.02),
    "nano": ([a1(4, 2, SHORT)], torch.tanh, 0.02),
    "a2": (
        [[(1, channels, 1, 16, True, A2_TAPS)] for channels in (3, 8)],
        nn.functional.leaky_relu,
        0.01,
    ),
}


class Layer(nn.Module):
    def __init__(self, channels, kernel, dilation, bend):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, kernel, dilation=dilation)
        self.mixin = nn.Conv1d(1, channels, 1, bias=False)
        self.layer1x1 = nn.Conv1d(channels, channels, 1)
        self.bend = bend

    def forward(self, u, condition):
        z = self.conv(u)
        length = z.shape[-1]
        a = self.bend(z + self.mixin(condition[..., -length:]))
        return u[..., -length:] + self.layer1x1(a), a


class Array(nn.Module):
    def __init__(self, inputs, channels, outputs, kernel, bias, taps, bend):
        super().__init__()
        self.rechannel = nn.Conv1d(inputs, channels, 1, bias=False)
        self.layers = []
        for number, (width, dilation) in enumerate(taps, 1):
            self.layers.append(Layer(channels, width, dilation, bend))
            self.add_module(f"layer{number}", self.layers[-1])
        self.head = nn.Conv1d(channels, outputs, kernel, bias=bias)

    def forward(self, x, condition, total, wanted):
        """The residual, and the head, which reads the last `wanted` samples of its sum."""
        u = self.rechannel(x)
        for layer in self.layers:
            u, a = layer(u, condition)
            a = a[..., -wanted:]
            total = a if total is None else total[..., -wanted:] + a
        return u, self.head(total)


class Net(nn.Module):
    def __init__(self, arrays, bend, head_scale):
        super().__init__()
        self.arrays = [Array(*array, bend) for array in arrays]
        for number, array in enumerate(self.arrays, 1):
            self.add_module(f"array{number}", array)
        self.head_scale = head_scale

    def forward(self, x, wanted):
        """[B, past + wanted] -> [B, wanted]."""
        condition = x[:, None]
        u, total = condition, None
        for number, array in enumerate(self.arrays):
            behind = self.arrays[number:]
            before = sum(a.head.kernel_size[0] - 1 for a in behind)
            u, total = array(u, condition, total, wanted + before)
        return self.head_scale * total[:, 0]


class Amplifier(nn.Module):
    """[B, past + wanted] -> [B, wanted, nets]."""

    def __init__(self, shape):
        super().__init__()
        nets, bend, head_scale = SHAPES[shape]
        self.nets = [Net(arrays, bend, head_scale) for arrays in nets]
        for number, net in enumerate(self.nets, 1):
            self.add_module(f"net{number}", net)

    def forward(self, x, wanted):
        return torch.stack([net(x, wanted) for net in self.nets], -1)

    def named(self):
        """Parameters by our names."""
        alone = len(self.nets) == 1
        return {
            name.removeprefix("net1.") if alone else name: p for name, p in self.named_parameters()
        }

    def past(self):
        def of(array):
            convolutions = [layer.conv for layer in array.layers] + [array.head]
            return sum((c.kernel_size[0] - 1) * c.dilation[0] for c in convolutions)

        return max(sum(of(array) for array in net.arrays) for net in self.nets)


def seconds_of_steps(shape, steps, batch=16, wanted=8192):
    model = Amplifier(shape)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.004)
    x = 0.1 * torch.randn(batch, model.past() + wanted)
    y = 0.1 * torch.randn(batch, wanted)
    seconds = []
    for _ in range(steps + 1):  # the first warms up
        start = time.perf_counter()
        optimizer.zero_grad()
        (model(x, wanted) - y[..., None]).square().mean().backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", choices=SHAPES, default="standard")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    seconds = seconds_of_steps(arguments.shape, arguments.steps)
    print(json.dumps({"ms_per_step": {"mean": 1e3 * sum(seconds) / len(seconds)}}))


if __name__ == "__main__":
    main()
