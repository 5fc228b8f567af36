"""Train or go on training the starter model on spoken clips.

usage: train.py --work DIR --start HF_FOLDER --minutes N [--voices slt,...] [--memory-steps K] ...

Losses: token cross-entropy; where the decoder looks, against the times the synthesiser told (guide); the phone of each
frame; character CTC.  The last two sit on heads that are not exported.  `--memory-steps` adds decoder-only steps on
recent encoder output: the decoder costs a seventh of a full step and needs the most passes.

DIR/last holds everything to resume; DIR/out is a Hugging Face folder with the averaged weights of the lowest word error
rate so far, replaced file by file so that it can be read at any time.
"""

import argparse
import collections
import os
import time

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import MoonshineStreamingForConditionalGeneration

import network
from augment import Augment
from clips import BLANK, CHARACTERS, IGNORED, Batch, bucketed, collate, load
from evaluate import word_errors
from muon import Muon
from speak import PHONES


def losses(model, heads, batch: Batch, weights: dict[str, float]):
    encoded, valid = network.encode(model, batch.audio, batch.valid)
    total, shown = decoder_loss(model, encoded, valid, batch, weights)
    phones = F.cross_entropy(heads.phone(encoded).flatten(0, 1), batch.phones[:, : encoded.shape[1]].flatten(), ignore_index=IGNORED)
    total, shown["phone"] = total + weights["phone"] * phones, phones.item()
    if weights["ctc"]:
        log = F.log_softmax(heads.character(encoded), -1).transpose(0, 1)
        target = torch.tensor([c for row in batch.characters for c in row], dtype=torch.long)
        lengths = torch.tensor([len(row) for row in batch.characters])
        ctc = F.ctc_loss(log, target, valid.sum(-1), lengths, blank=BLANK, zero_infinity=True)
        total, shown["ctc"] = total + weights["ctc"] * ctc, ctc.item()
    return total, shown, encoded.detach(), valid


def decoder_loss(model, encoded, valid, batch: Batch, weights: dict[str, float]):
    logits, crossed = network.decode(model, batch.inputs, network.memory(model, encoded), valid)
    ce = F.cross_entropy(logits.flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=0.05)
    spoken = (batch.guide.sum(-1) > 0) & (batch.labels != IGNORED)
    guide = torch.zeros(())
    if weights["guide"] and spoken.any():
        allowed = batch.guide[:, :, : encoded.shape[1]]
        inside = [(w.mean(1) * allowed).sum(-1)[spoken] for w in crossed[1:]]
        guide = -torch.stack(inside).clamp(min=1e-4).log().mean()
    return ce + weights["guide"] * guide, {"ce": ce.item(), "guide": guide.item()}


def split_parameters(model, heads):
    """Muon takes the matrices inside the layers; embeddings, convolutions, norms and heads stay with Adam."""
    inner = [p for n, p in model.named_parameters() if ".layers." in n and p.ndim == 2]
    chosen = {id(p) for p in inner}
    return inner, [p for p in [*model.parameters(), *heads.parameters()] if id(p) not in chosen]


def save_folder(model, tokenizer: Tokenizer, folder: str) -> None:
    fresh = folder + ".new"
    model.save_pretrained(fresh)
    tokenizer.save(f"{fresh}/tokenizer.json")
    os.makedirs(folder, exist_ok=True)
    for name in sorted(os.listdir(fresh)):
        os.replace(f"{fresh}/{name}", f"{folder}/{name}")
    os.rmdir(fresh)


def save_state(path: str, state: dict) -> None:
    torch.save(state, path + ".new")
    os.replace(path + ".new", path)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--work", required=True)
    args.add_argument("--start", required=True)
    args.add_argument("--minutes", type=float, required=True, help="length of the learning-rate schedule")
    args.add_argument("--voices", default="")
    args.add_argument("--clips", default="speech/*", help="pattern of PREFIXes below the work folder")
    args.add_argument("--max-seconds", type=float, default=15)
    args.add_argument("--batch-seconds", type=float, default=60)
    args.add_argument("--memory-steps", type=int, default=0)
    args.add_argument("--rate", type=float, default=2e-3)
    args.add_argument("--weights", default="phone=1,ctc=0,guide=0.3")
    args.add_argument("--every", type=float, default=8, help="minutes between evaluations")
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--restart-schedule", action="store_true")
    opts = args.parse_args()
    torch.set_num_threads(opts.threads)
    torch.manual_seed(0)
    rng = np.random.default_rng(int(time.time()))
    voices = set(opts.voices.split(",")) if opts.voices else None
    weights = {k: float(v) for k, v in (pair.split("=") for pair in opts.weights.split(","))}
    tokenizer = Tokenizer.from_file(f"{opts.start}/tokenizer.json")
    model = MoonshineStreamingForConditionalGeneration.from_pretrained(opts.start, attn_implementation="eager")
    assert network.check_parity(model) < 1e-3, "the fast forward pass differs from the reference"
    heads = network.Heads(model.config.encoder_config.hidden_size, len(PHONES), len(CHARACTERS) + 1)
    inner, outer = split_parameters(model, heads)
    muon, adam = Muon(inner, opts.rate), torch.optim.AdamW(outer, opts.rate, (0.9, 0.98), weight_decay=0.01)
    averaged = [p.detach().clone() for p in model.parameters()]
    state = {"step": 0, "elapsed": 0.0, "hours": 0.0, "best": 9.0}
    last = f"{opts.work}/last.pt"
    if os.path.exists(last):
        saved = torch.load(last)
        for name, part in (("model", model), ("heads", heads), ("muon", muon), ("adam", adam)):
            part.load_state_dict(saved[name])
        averaged, state = saved["averaged"], saved["state"]
    if opts.restart_schedule:
        state["elapsed"] = 0.0
    running, recent = collections.defaultdict(list), collections.deque(maxlen=24)
    began, mark, evaluated, printed = time.time(), state["elapsed"], time.time(), time.time()
    finished = False
    while not finished:
        clips = load(f"{opts.work}/{opts.clips}", voices, opts.max_seconds)
        print(f"{len(clips)} clips, {sum(c.samples for c in clips) / 16000 / 3600:.2f} h", flush=True)
        for group in bucketed(clips, opts.batch_seconds, rng):
            batch = collate(group, tokenizer, Augment(), rng)
            state["elapsed"] = mark + (time.time() - began) / 60
            done = min(1.0, state["elapsed"] / opts.minutes)
            scale = min(1.0, (state["step"] + 1) / 60) * max(0.02, min(1.0, (1 - done) / 0.25))
            for optimizer, rate in ((muon, opts.rate), (adam, opts.rate * 0.6)):
                for part in optimizer.param_groups:
                    part["lr"] = rate * scale
            total, shown, encoded, valid = losses(model, heads, batch, weights)
            recent.append((encoded, valid, batch))
            update(total, [muon, adam], inner + outer)
            for _ in range(opts.memory_steps if len(recent) > 8 else 0):
                encoded, valid, old = recent[int(rng.integers(len(recent)))]
                total, _ = decoder_loss(model, encoded, valid, old, weights)
                update(total, [muon, adam], inner + outer)
            state["step"] += 1
            state["hours"] += batch.audio.numel() / 16000 / 3600
            keep = min(0.99, state["step"] / (state["step"] + 9))
            torch._foreach_lerp_(averaged, [p.detach() for p in model.parameters()], 1 - keep)
            for name, value in shown.items():
                running[name].append(value)
            if time.time() - printed > 30:
                figures = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in running.items())
                print(f"{time.strftime('%H:%M:%S')} step {state['step']} {state['elapsed']:.1f} min {state['hours']:.2f} h rate {opts.rate * scale:.5f} {figures}", flush=True)
                running.clear()
                printed = time.time()
            finished = done >= 1
            if finished or time.time() - evaluated > 60 * opts.every:
                current = [p.detach().clone() for p in model.parameters()]
                assign(model, averaged)
                rate, examples = word_errors(model, tokenizer, load(f"{opts.work}/heldout", voices)[:40])
                for reference, heard in examples[:4]:
                    print(f"   {reference}\n   > {heard}")
                print(f"{time.strftime('%H:%M:%S')} step {state['step']} WER {100 * rate:.1f} % best {100 * state['best']:.1f} %", flush=True)
                if rate < state["best"]:
                    state["best"] = rate
                    save_folder(model, tokenizer, f"{opts.work}/out")
                assign(model, current)
                parts = {"model": model, "heads": heads, "muon": muon, "adam": adam}
                save_state(last, {**{k: v.state_dict() for k, v in parts.items()}, "averaged": averaged, "state": state})
                evaluated = time.time()
            if finished:
                break


def update(total: torch.Tensor, optimizers: list, parameters: list) -> None:
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    total.backward()
    norm = torch.nn.utils.clip_grad_norm_([p for p in parameters if p.grad is not None], 1.0)
    if torch.isfinite(norm):
        for optimizer in optimizers:
            optimizer.step()


@torch.no_grad()
def assign(model, values: list[torch.Tensor]) -> None:
    for p, value in zip(model.parameters(), values):
        p.copy_(value)


if __name__ == "__main__":
    main()
