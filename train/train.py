"""Train or go on training the starter model on spoken clips.

usage: train.py --work DIR --start HF_FOLDER --minutes N [--processes P] [--share NAME=WEIGHT,...] ...

Losses: token cross-entropy; where the decoder looks, against the times of the words (guide); the phone of each frame.
The phone head is not exported.  Each process takes its own batches on one thread, and all step together with the mean of
their gradients: on a machine that is shared this wastes less than threads that wait for each other in every product.

The learning rate reaches nothing when the minutes are over, so that the last weights are the best.  DIR/last.pt holds
everything to resume; DIR/out is a Hugging Face folder with the averaged weights of the lowest word error rate so far,
replaced file by file so that it can be read at any time; DIR/curve.tsv has a line for each
evaluation: steps, hours of audio, CPU minutes, word error rate.
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
from clips import BLANK, BOS, CHARACTERS, EOS, IGNORED, Batch, bucketed, collate, load
from evaluate import word_errors
from muon import Muon
from speak import PHONES

# Inputs of the decoder that are replaced by a random piece, so that it listens instead of guessing on.
CORRUPTED = 0.08
# 1,024 pieces, as the shipped pack has them: a pack keeps the pieces, and not the merges that a text is encoded with.
TOKENIZER = os.path.join(os.path.dirname(__file__), "tokenizer.json")
# Minutes of work that a stop may cost.
SAVED_EVERY = 3


def losses(model, heads, batch: Batch, weights: dict[str, float]):
    encoded, valid = network.encode(model, batch.audio, batch.valid)
    total, shown = decoder_loss(model, encoded, valid, batch, weights)
    labels = batch.phones[:, : encoded.shape[1]].flatten()
    phones = F.cross_entropy(heads.phone(encoded).flatten(0, 1).float(), labels, ignore_index=IGNORED)
    if (labels != IGNORED).any():
        total, shown["phone"] = total + weights["phone"] * phones, phones.item()
    if weights["ctc"]:
        log = F.log_softmax(heads.character(encoded).float(), -1).transpose(0, 1)
        target = torch.tensor([c for row in batch.characters for c in row], dtype=torch.long)
        lengths = torch.tensor([len(row) for row in batch.characters])
        ctc = F.ctc_loss(log, target, valid.sum(-1), lengths, blank=BLANK, zero_infinity=True)
        total, shown["ctc"] = total + weights["ctc"] * ctc, ctc.item()
    return total, shown


def decoder_loss(model, encoded, valid, batch: Batch, weights: dict[str, float]):
    wrong = (torch.rand(batch.inputs.shape) < CORRUPTED) & (batch.inputs != BOS) & (batch.inputs != EOS)
    inputs = torch.where(wrong, torch.randint_like(batch.inputs, 259, model.config.vocab_size), batch.inputs)
    logits, crossed = network.decode(model, inputs, network.memory(model, encoded), valid)
    ce = F.cross_entropy(logits.flatten(0, 1).float(), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=0.05)
    spoken = (batch.guide.sum(-1) > 0) & (batch.labels != IGNORED)
    guide = torch.zeros(())
    if weights["guide"] and spoken.any():
        allowed = batch.guide[:, :, : encoded.shape[1]]
        inside = [(w.mean(1).float() * allowed).sum(-1)[spoken] for w in crossed[1:]]
        guide = -torch.stack(inside).clamp(min=1e-4).log().mean()
    return ce + weights["guide"] * guide, {"ce": ce.item(), "guide": guide.item()}


def split_parameters(model, heads):
    """Muon takes the matrices inside the layers; embeddings, convolutions, norms and heads stay with Adam."""
    inner = [p for n, p in model.named_parameters() if ".layers." in n and p.ndim == 2]
    chosen = {id(p) for p in inner}
    return inner, [p for p in [*model.parameters(), *heads.parameters()] if id(p) not in chosen]


class Together:
    """Means over all processes, through memory that they share."""

    def __init__(self, rank: int, rows: torch.Tensor, barrier) -> None:
        self.rank, self.rows, self.barrier = rank, rows, barrier

    def mean(self, tensors: list[torch.Tensor]) -> list[torch.Tensor]:
        torch.cat([t.flatten() for t in tensors], out=self.rows[self.rank])
        self.barrier.wait()
        mean = self.rows.mean(0)
        self.barrier.wait()
        return [part.view(t.shape) for part, t in zip(mean.split([t.numel() for t in tensors]), tensors)]

    @torch.no_grad()
    def spread(self, tensors: list[torch.Tensor], owner: dict[torch.Tensor, int]) -> None:
        """Every process gets each tensor as its owner has it."""
        places = self.rows[0][: sum(t.numel() for t in tensors)].split([t.numel() for t in tensors])
        for place, tensor in zip(places, tensors):
            if owner[tensor] == self.rank:
                place.copy_(tensor.flatten())
        self.barrier.wait()
        for place, tensor in zip(places, tensors):
            if owner[tensor] != self.rank:
                tensor.copy_(place.view(tensor.shape))
        self.barrier.wait()


def batches(opts, rank: int, tokenizer: Tokenizer):
    """Without end; the clips are read anew for each round, so that new ones may come at any time."""
    rng = np.random.default_rng([rank, int(time.time())])
    shares = {k: float(v) for k, v in (pair.split("=") for pair in opts.share.split(",") if pair)}
    while True:
        clips = []
        for clip in load(f"{opts.work}/speech/*", None, opts.max_seconds):
            share = next((share for name, share in shares.items() if clip.voice.startswith(name)), 1.0)
            clips += [clip] * int(share + rng.random())
        if rank == 0:
            print(f"{len(clips)} clips, {sum(c.samples for c in clips) / 16000 / 3600:.2f} h", flush=True)
        for group in bucketed(clips, opts.batch_seconds, rng)[: opts.round]:
            yield collate(group, tokenizer, Augment(), rng)


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


def rate_scale(step: int, done: float) -> float:
    """Up over 60 steps, level for a quarter of the time, then down to nothing in a straight line."""
    return min(1.0, (step + 1) / 60) * max(0.0, min(1.0, (1 - done) / 0.75))


def train(rank: int, opts, rows: torch.Tensor, barrier) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    together = Together(rank, rows, barrier)
    weights = {k: float(v) for k, v in (pair.split("=") for pair in opts.weights.split(","))}
    tokenizer = Tokenizer.from_file(TOKENIZER)
    model = MoonshineStreamingForConditionalGeneration.from_pretrained(opts.start, attn_implementation="eager")
    assert network.check_parity(model) < 1e-3, "the fast forward pass differs from the reference"
    heads = network.Heads(model.config.encoder_config.hidden_size, len(PHONES), len(CHARACTERS) + 1)
    inner, outer = split_parameters(model, heads)
    muon, adam = Muon(inner, opts.rate, rank, opts.processes), torch.optim.AdamW(outer, opts.rate, (0.9, 0.98), weight_decay=0.01)
    averaged = [p.detach().clone() for p in model.parameters()]
    state = {"step": 0, "elapsed": 0.0, "hours": 0.0, "best": 9.0, "evaluated": 0.0, "cpu": 0.0}
    last = f"{opts.work}/last.pt"
    if os.path.exists(last):
        saved = torch.load(last)
        for name, part in (("model", model), ("heads", heads), ("muon", muon), ("adam", adam)):
            part.load_state_dict(saved[name])
        averaged, state = saved["averaged"], state | saved["state"]
    torch.manual_seed(rank + state["step"])
    running = collections.defaultdict(list)
    began, mark, printed, saved_at = time.time(), state["elapsed"], time.time(), state["elapsed"]
    counted = time.process_time()
    native = torch.cpu._is_avx512_bf16_supported()
    parameters = inner + outer
    for batch in batches(opts, rank, tokenizer):
        scale = rate_scale(state["step"], state["elapsed"] / opts.minutes)
        for optimizer, rate in ((muon, opts.rate), (adam, opts.rate * 0.6)):
            for part in optimizer.param_groups:
                part["lr"] = rate * scale
        with torch.autocast("cpu", torch.bfloat16, enabled=native):
            total, shown = losses(model, heads, batch, weights)
        for p in parameters:
            p.grad = None
        total.backward()
        # how long it has taken and how much was heard travel with the gradients: all processes must agree on them
        told = torch.tensor([mark + (time.time() - began) / 60, batch.audio.numel() / 16000 / 3600])
        *mean, told = together.mean([p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters] + [told])
        state["elapsed"], state["hours"] = told[0].item(), state["hours"] + told[1].item() * opts.processes
        for p, gradient in zip(parameters, mean):
            p.grad = gradient
        if torch.isfinite(torch.nn.utils.clip_grad_norm_(parameters, 1.0)):
            muon.step()
            adam.step()
        together.spread(inner, muon.owner)
        state["step"] += 1
        state["cpu"], counted = state["cpu"] + (time.process_time() - counted) / 60 * opts.processes, time.process_time()
        keep = min(opts.average, state["step"] / (state["step"] + 9))
        torch._foreach_lerp_(averaged, [p.detach() for p in model.parameters()], 1 - keep)
        for name, value in shown.items():
            running[name].append(value)
        if rank == 0 and time.time() - printed > 30:
            figures = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in running.items())
            print(f"{time.strftime('%H:%M:%S')} step {state['step']} {state['elapsed']:.1f} min {state['hours']:.2f} h rate {opts.rate * scale:.5f} {figures}", flush=True)
            running.clear()
            printed = time.time()
        finished = state["elapsed"] >= min(opts.minutes, opts.stop)
        if finished or state["elapsed"] - state["evaluated"] > opts.every:
            state["evaluated"] = state["elapsed"]
            if rank == 0:
                current = [p.detach().clone() for p in model.parameters()]
                assign(model, averaged)
                judge(model, tokenizer, opts, state)
                assign(model, current)
        if rank == 0 and (finished or state["elapsed"] - saved_at > SAVED_EVERY):
            saved_at = state["elapsed"]
            parts = {"model": model, "heads": heads, "muon": muon, "adam": adam}
            save_state(last, {**{k: v.state_dict() for k, v in parts.items()}, "averaged": averaged, "state": state})
        if finished:
            break


def judge(model, tokenizer: Tokenizer, opts, state: dict) -> None:
    """Measures the model, notes it in the curve and keeps it if it is the best so far."""
    rate, examples = word_errors(model, tokenizer, load(f"{opts.work}/heldout")[: opts.judged])
    for reference, heard in examples[:4]:
        print(f"   {reference}\n   > {heard}")
    print(f"{time.strftime('%H:%M:%S')} step {state['step']} WER {100 * rate:.1f} % best {100 * state['best']:.1f} %", flush=True)
    with open(f"{opts.work}/curve.tsv", "a", encoding="utf-8") as curve:
        print(state["step"], f"{state['hours']:.1f}\t{state['cpu']:.0f}\t{100 * rate:.1f}", sep="\t", file=curve)
    save_folder(model, tokenizer, f"{opts.work}/newest")
    if rate < state["best"]:
        state["best"] = rate
        save_folder(model, tokenizer, f"{opts.work}/out")


@torch.no_grad()
def assign(model, values: list[torch.Tensor]) -> None:
    for p, value in zip(model.parameters(), values):
        p.copy_(value)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--work", required=True)
    args.add_argument("--start", required=True)
    args.add_argument("--minutes", type=float, required=True, help="length of the learning-rate schedule")
    args.add_argument("--stop", type=float, default=float("inf"), help="minutes after which to save and stop early")
    args.add_argument("--processes", type=int, default=2)
    args.add_argument("--share", default="", help="how often clips come in a round, by the beginning of their voice's name; 1 if not named")
    args.add_argument("--round", type=int, default=150, help="most batches of a process before the clips are read anew")
    args.add_argument("--max-seconds", type=float, default=12)
    args.add_argument("--batch-seconds", type=float, default=50)
    args.add_argument("--rate", type=float, default=2.5e-3)
    args.add_argument("--average", type=float, default=0.997)
    args.add_argument("--weights", default="phone=1,ctc=0,guide=1")
    args.add_argument("--judged", type=int, default=40, help="clips in an evaluation")
    args.add_argument("--every", type=float, default=10, help="minutes between evaluations")
    opts = args.parse_args()
    model = MoonshineStreamingForConditionalGeneration.from_pretrained(opts.start)
    heads = network.Heads(model.config.encoder_config.hidden_size, len(PHONES), len(CHARACTERS) + 1)
    size = sum(p.numel() for p in [*model.parameters(), *heads.parameters()]) + 2
    rows = torch.zeros(opts.processes, size).share_memory_()
    barrier = torch.multiprocessing.get_context("spawn").Barrier(opts.processes)
    torch.multiprocessing.spawn(train, (opts, rows, barrier), nprocs=opts.processes)


if __name__ == "__main__":
    main()
