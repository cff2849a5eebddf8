#!/usr/bin/env python3
"""Holds what our program computes of sound against PyTorch: logits, losses, and steps of training.

    build/release/bench/sound_dump logits runs/speech prompt.wav 3 logits.safetensors
    python/check_sound.py logits logits.safetensors --model runs/speech --sound prompt.wav
    build/release/bench/sound_dump steps wavenet-speech FOLDER 50 steps.safetensors
    python/check_sound.py steps steps.safetensors

The net is written down once more, with F.conv1d and channels first, and the mu-law codes and the
silence before a file are made here, so that no mistake is shared. Each figure of logits stands beside
the distance of either side from the same in f64; steps have that with --double. Prints one JSON
object; exits 1 where a difference is above the tolerance.
"""

import argparse
import json
import sys
import wave
from pathlib import Path

import torch
import torch.nn.functional as F

import twin_wavenet
from safetensors_file import read_safetensors

TRAINING_STATE = "train."


# --- The net ------------------------------------------------------------------------------------


def convolve(parameters, name, x, width=1, dilation=1):
    """x (B, Cin, T), without padding; our weights are (width Cin, Cout), the oldest tap first."""
    weight = parameters[name + ".weight"]
    kernel = weight.view(width, -1, weight.shape[1]).permute(2, 1, 0)
    return F.conv1d(x, kernel, parameters[name + ".bias"], dilation=dilation)


def logits_of(parameters, sizes, codes, wanted):
    """codes (B, T) -> logits (B, wanted, V) of what follows the last ones."""
    width = sizes["width"]
    x = F.embedding(codes, parameters["embedding.weight"]).transpose(1, 2)
    x = convolve(parameters, "input", x, width)
    skips = 0
    for i, dilation in enumerate(sizes["dilations"]):
        block = f"blocks.{i}."
        opening = torch.sigmoid(convolve(parameters, block + "gate", x, width, dilation))
        z = torch.tanh(convolve(parameters, block + "filter", x, width, dilation)) * opening
        skips = skips + convolve(parameters, block + "skip", z[:, :, -wanted:])
        if block + "residual.weight" in parameters:
            x = x[:, :, -z.shape[2] :] + convolve(parameters, block + "residual", z)
    hidden = F.relu(convolve(parameters, "post", F.relu(skips)))
    return convolve(parameters, "head", hidden).transpose(1, 2)


def after_silence(codes, field):
    """What is read to predict each of the codes (N): (1, field - 1 + N)."""
    return torch.cat([codes.new_full((field,), twin_wavenet.SILENCE), codes[:-1]])[None]


# --- Checks -------------------------------------------------------------------------------------


def distance(a, b):
    """The largest difference, relative to the largest value of b."""
    a, b = torch.as_tensor(a).double(), torch.as_tensor(b).double()
    return float((a - b).abs().max() / b.abs().max())


def compared(ours, theirs, exact):
    return {
        "difference": distance(ours, theirs),
        "ours_from_f64": distance(ours, exact),
        "torch_from_f64": distance(theirs, exact),
    }


def parameters_of(tensors, dtype, prefix=""):
    return {
        name[len(prefix) :]: torch.tensor(array, dtype=dtype)
        for name, array in tensors.items()
        if name.startswith(prefix) and not name.startswith(TRAINING_STATE)
    }


@torch.no_grad()
def check_logits(arguments):
    dump, metadata = read_safetensors(arguments.dump)
    recipe = json.loads(metadata["recipe"])
    field = twin_wavenet.receptive_field(recipe)
    model = arguments.model / "model.safetensors" if arguments.model.is_dir() else arguments.model
    tensors, _ = read_safetensors(model)
    heard = twin_wavenet.read_wav(arguments.sound, len(dump["codes"]))
    codes = torch.from_numpy(heard).long()
    if codes.tolist() != dump["codes"].tolist():
        raise ValueError(f"{arguments.sound}: the codes differ")
    read = after_silence(codes, field)
    made = {
        dtype: logits_of(parameters_of(tensors, dtype), recipe["model"], read, len(codes))[0]
        for dtype in (torch.float32, torch.float64)
    }
    theirs, exact = made[torch.float32], made[torch.float64]
    losses = {dtype: F.cross_entropy(y, codes, reduction="none") for dtype, y in made.items()}
    return {
        "positions": len(codes),
        "loss": float(losses[torch.float64].mean()),
        "largest_logit": float(exact.abs().max()),
        "logits": compared(dump["logits"], theirs, exact),
        "cached": compared(dump["cached"], theirs, exact),
        "losses": compared(dump["losses"], losses[torch.float32], losses[torch.float64]),
    }


def minibatch(dump, step):
    """Inputs (B, past + T) and targets (B, T) of all shards."""
    parts = []
    for kind in ("inputs", "targets"):
        names = sorted(name for name in dump if name.startswith(f"{kind}/{step}/"))
        parts.append(torch.cat([torch.from_numpy(dump[name]).long() for name in names]))
    inputs, targets = parts
    following = inputs[:, inputs.shape[1] - targets.shape[1] + 1 :]
    known = targets[:, :-1] != twin_wavenet.IGNORED
    if not torch.equal(following[known], targets[:, :-1][known]):
        raise ValueError(f"step {step}: an input is not the target before it")
    return inputs, targets


def train(dump, recipe, dtype):
    """The loss of each step, the parameters after the last, and their average."""
    settings, steps = recipe["train"], len(dump["losses"])
    parameters = parameters_of(dump, dtype, "initial/")
    leaves = [tensor.requires_grad_() for tensor in parameters.values()]
    optimizer = twin_wavenet.make_optimizer(leaves, settings)
    average = {name: tensor.detach().clone() for name, tensor in parameters.items()}
    losses = []
    for step in range(steps):
        inputs, targets = minibatch(dump, step)
        logits = logits_of(parameters, recipe["model"], inputs, targets.shape[1])
        loss = twin_wavenet.masked_cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        if settings.get("clip"):
            torch.nn.utils.clip_grad_norm_(leaves, settings["clip"])
        for group in optimizer.param_groups:
            group["lr"] = twin_wavenet.rate_at(settings, step)
        optimizer.step()
        decay = min(settings.get("ema", 0.0), (1 + step) / (10 + step))
        for name, mean in average.items():
            mean.mul_(decay).add_(parameters[name].detach(), alpha=1 - decay)
        losses.append(float(loss.detach()))
    return losses, {name: p.detach() for name, p in parameters.items()}, average


def worst_step(ours, theirs):
    differences = [abs(a - b) / b for a, b in zip(ours, theirs)]
    step = max(range(len(ours)), key=differences.__getitem__)
    return {"difference": differences[step], "at_step": step}


def worst_tensor(dump, prefix, theirs):
    differences = {
        name: distance(dump[prefix + name], value) for name, value in theirs.items()
    }
    name = max(differences, key=differences.get)
    return {"difference": differences[name], "of": name}


def check_steps(arguments):
    dump, metadata = read_safetensors(arguments.dump)
    recipe = json.loads(metadata["recipe"])
    ours = dump["losses"].tolist()
    losses, final, average = train(dump, recipe, torch.float32)
    result = {
        "steps": len(ours),
        "first": ours[0],
        "last": ours[-1],
        "losses": worst_step(ours, losses),
        "final": worst_tensor(dump, "final/", final),
    }
    if recipe["train"].get("ema"):
        result["average"] = worst_tensor(dump, "average/", average)
    if arguments.double:
        exact, weights, _ = train(dump, recipe, torch.float64)
        result["ours_from_f64"] = worst_step(ours, exact)
        result["torch_from_f64"] = worst_step(losses, exact)
        result["final_ours_from_f64"] = worst_tensor(dump, "final/", weights)
        theirs = {"final/" + name: value for name, value in final.items()}
        result["final_torch_from_f64"] = worst_tensor(theirs, "final/", weights)
    return result


def failures(result, tolerance):
    """What differs by more. Losses of training are judged by f64 where it was asked for; parameters
    are told and not judged: where a gradient is next to nothing, AdamW makes a step of its rounding.
    """
    exact = result.get("ours_from_f64")
    judged = {name: result.get(name) for name in ("logits", "cached")}
    judged["losses"] = exact or result["losses"]
    for name, found in judged.items():
        if found and not found["difference"] <= tolerance:
            yield f"{name} differ by {found['difference']:.1e}, more than {tolerance:g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    checks = parser.add_subparsers(dest="check", required=True)
    logits = checks.add_parser("logits", help="of every position of a file")
    logits.add_argument("dump", type=Path, help="what sound_dump logits wrote")
    logits.add_argument("--model", type=Path, required=True, help="a run folder or a model file")
    logits.add_argument("--sound", type=Path, required=True, help="the WAV file")
    steps = checks.add_parser("steps", help="of training")
    steps.add_argument("dump", type=Path, help="what sound_dump steps wrote")
    steps.add_argument("--double", action="store_true", help="also train in f64: takes longer")
    for check in (logits, steps):
        check.add_argument("--tolerance", type=float, default=1e-5)
        check.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    try:
        run = check_logits if arguments.check == "logits" else check_steps
        result = {"torch": torch.__version__, **run(arguments)}
    except (ValueError, KeyError, OSError, wave.Error) as error:
        sys.exit(f"check_sound: {error}")
    print(json.dumps(result))
    wrong = list(failures(result, arguments.tolerance))
    if wrong:
        sys.exit(f"check_sound: {'; '.join(wrong)}")


if __name__ == "__main__":
    main()
