#!/usr/bin/env python3
"""Prints what tests/baselines/linear_prediction_test.cpp holds wavenet/baselines/linear_prediction.h against.

The definition in another way: the normal equations by scipy.linalg.solve_toeplitz, the distribution by
scipy.stats.t, the means of errors as sums over the whole past, every sample from nothing.
Needs numpy and scipy: `python3 python/linear_prediction.py`.
"""

import numpy as np
from scipy.linalg import solve_toeplitz
from scipy.stats import t as student

ORDER, BLOCK, WINDOW, FALL = 32, 16, 192, 16
SCALE = np.array([-0.6, 0.7, -0.1, 0.4, -0.05, -0.07, 0.03])
MIXTURE = np.arange(1, 13) / 78
STUDENTS = [(2, 1), (2, 2), (4, 0.5), (4, 1), (4, 2)] + [(8, 2 ** (k / 2)) for k in range(-2, 4)]


def code_of(x):
    f = np.sign(x) * np.log(1 + 255 * abs(x)) / np.log(256)
    return int(np.floor((f + 1) / 2 * 255 + 0.5))


def level_of(code):
    y = 2 * code / 255 - 1
    return float(np.float32(np.sign(y) * (256 ** abs(y) - 1) / 255))


def lower_edge(code):
    """The smallest float that has the code; that of silence is 0 but for rounding."""
    if code == 128:
        return 0.0
    y = 2 * (code - 0.5) / 255 - 1
    edge = np.float32(np.sign(y) * (256 ** abs(y) - 1) / 255)
    while code_of(float(edge)) >= code:
        edge = np.nextafter(edge, np.float32(-2))
    while code_of(float(edge)) < code:
        edge = np.nextafter(edge, np.float32(2))
    return float(edge)


def signal():
    """A triangle with noise, silence, then noise over all codes."""
    codes, state = [], 1
    for i in range(1000):
        state = (state * 1664525 + 1013904223) % 2**32
        if i < 600:
            codes.append(91 + abs(5 * i % 148 - 74) + (state >> 24) % 7)
        else:
            codes.append(128 if i < 700 else state >> 24)
    return codes


def window():
    age = np.arange(WINDOW)[::-1] + 0.5
    turn = np.where(age < FALL, age / FALL, 1 + (age - FALL) / (WINDOW - FALL))
    shape = np.sin(np.pi / 2 * turn)
    return shape / np.sqrt((shape**2).sum())


def main():
    codes = signal()
    edges = [-np.inf] + [lower_edge(code) for code in range(1, 256)] + [np.inf]
    before = WINDOW + ORDER
    x = np.array([level_of(128)] * before + [level_of(code) for code in codes])
    errors, nats = [], []
    for i, code in enumerate(codes):
        here = before + i
        if i % BLOCK == 0:
            y = x[here - WINDOW : here] * window()
            r = np.array([y[k:] @ y[: WINDOW - k] for k in range(ORDER + 1)])
            r[0] = r[0] * (1 + 3e-4) + 1e-9
            a = solve_toeplitz(r[:ORDER], r[1:])
            gain = np.sqrt(r[0] - a @ r[1:])
        m = float(np.clip(a @ x[here - ORDER : here][::-1], -1, 1))
        means = []
        for forget in (6, 12, 24, 200):
            keep = np.exp(-1 / forget)
            past = keep ** np.arange(i)[::-1]
            means.append(keep**i * 1e-4 + (1 - keep) * np.dot(past, errors))
        features = [1, *np.log(np.array(means) + 2e-5), np.log(gain + 2e-5), np.log(abs(m) + 1 / 255)]
        s = np.exp(SCALE @ features)
        low, high = (edges[code] - m) / s, (edges[code + 1] - m) / s
        if low > 0:  # the tail that is small
            low, high = -high, -low
        shares = [student.cdf(high / w, n) - student.cdf(low / w, n) for n, w in STUDENTS] + [1 / 256]
        nats.append(-np.log(MIXTURE @ shares))
        errors.append(abs(x[here] - m))
    for i in (0, 1, 16, 100, 333, 599, 600, 650, 699, 700, 720, 800, 999):
        print(f"{{{i}, {nats[i]:.12f}}},")
    print(f"mean {np.mean(nats):.12f}")


main()
