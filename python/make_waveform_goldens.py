#!/usr/bin/env python3
"""Writes tests/golden/waveform.safetensors: the spectral loss and its gradient, by torch.stft.

Made with PyTorch 1.13 on one thread (`/usr/bin/python3 python/make_waveform_goldens.py`), in double from
inputs in float, and kept in float.
"""

import torch

from golden import Golden, write_all

RESOLUTIONS = [(1024, 120, 600), (2048, 240, 1200), (512, 50, 240)]  # fft, hop, window
LEAST_POWER = 1e-8


def magnitudes(x, fft, hop, window):
    """x: [B, T] -> [B, bins, frames]"""
    hann = torch.hann_window(window, dtype=x.dtype)
    bins = torch.stft(x, fft, hop, window, hann, return_complex=True)
    return torch.sqrt(torch.clamp(bins.real**2 + bins.imag**2, min=LEAST_POWER))


def spectral_loss(x, targets, resolution):
    predicted, wanted = magnitudes(x, *resolution), magnitudes(targets, *resolution)
    convergence = torch.norm(wanted - predicted) / torch.norm(wanted)
    return convergence + torch.mean(torch.abs(torch.log(predicted) - torch.log(wanted)))


def emphasized(x):
    return x[:, 1:] - 0.85 * x[:, :-1]


def far_from_clamp(x, resolutions, ready):
    return all(magnitudes(ready(x)[None], *r).min() > 20 * LEAST_POWER**0.5 for r in resolutions)


def signal(resolutions, ready):
    """[1100], of which no bin lies where the clamp begins and the gradient jumps."""
    while True:
        x = torch.randn(1100) / 4
        if far_from_clamp(x, resolutions, ready):
            return x


def waveform():
    torch.manual_seed(5)
    golden = Golden("make_waveform_goldens.py")
    targets = torch.randn(2, 1100) / 4
    golden.add("all", targets=targets)
    t = targets.double()

    def differentiate(case, loss_of_net, resolutions, ready=lambda x: x):
        nets = [[signal(resolutions, ready) for _ in range(2)] for _ in range(2)]
        x = torch.stack([torch.stack(items) for items in nets], -1).requires_grad_()
        y = torch.stack([loss_of_net(net) for net in x.double().unbind(-1)])
        dy = torch.tensor([0.75, -1.25])
        y.backward(dy.double())
        golden.add(case, x=x, y=y.float(), dy=dy, dx=x.grad)

    for resolution in RESOLUTIONS:
        differentiate(
            f"spectral_{resolution[0]}", lambda x: spectral_loss(x, t, resolution), [resolution]
        )

    def whole(x, ready):
        far = sum(spectral_loss(ready(x), ready(t), r) for r in RESOLUTIONS) / len(RESOLUTIONS)
        return torch.mean((x - t) ** 2) + 0.5 * far

    differentiate("loss", lambda x: whole(x, lambda signal: signal), RESOLUTIONS)
    differentiate(
        "loss_emphasized",
        lambda x: whole(x, emphasized),
        RESOLUTIONS,
        lambda x: emphasized(x[None])[0],
    )
    return golden


if __name__ == "__main__":
    write_all({"waveform": waveform}, __doc__)
