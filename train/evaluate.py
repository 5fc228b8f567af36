"""Word error rates of a model on clips.  usage: evaluate.py --model HF_FOLDER [--count N] [--show] PREFIX …"""

import argparse
import re

import jiwer
import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import MoonshineStreamingForConditionalGeneration

import network
from clips import Stored, collate, load


def normal(text: str) -> str:
    """Lower case without punctuation; an empty text becomes a mark, since jiwer needs a word."""
    return " ".join(re.sub(r"[^a-z' ]", " ", text.lower()).split()) or "_"


def word_errors(model, tokenizer: Tokenizer, clips: list[Stored]) -> tuple[float, list[tuple[str, str]]]:
    """The rate over all clips, greedy, and (reference, heard) of each."""
    model.eval()
    pairs, rng = [], np.random.default_rng(0)
    ordered = sorted(clips, key=lambda c: c.samples)
    for start in range(0, len(ordered), 10):
        part = ordered[start : start + 10]
        batch = collate(part, tokenizer, None, rng)
        heard = network.greedy(model, batch.audio, batch.valid)
        pairs += [(clip.text, tokenizer.decode(ids)) for clip, ids in zip(part, heard)]
    model.train()
    rng.shuffle(pairs)
    return jiwer.wer([normal(r) for r, _ in pairs], [normal(h) for _, h in pairs]), pairs


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--model", required=True)
    args.add_argument("--count", type=int, default=100)
    args.add_argument("--show", action="store_true")
    args.add_argument("prefixes", nargs="+")
    opts = args.parse_args()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(f"{opts.model}/tokenizer.json")
    model = MoonshineStreamingForConditionalGeneration.from_pretrained(opts.model)
    for prefix in opts.prefixes:
        clips = load(prefix, None, 60)[: opts.count]
        rate, pairs = word_errors(model, tokenizer, clips)
        for reference, heard in pairs if opts.show else []:
            print(f"  {reference}\n> {heard}")
        print(f"{prefix}: {len(clips)} clips, WER {100 * rate:.1f} %")


if __name__ == "__main__":
    main()
