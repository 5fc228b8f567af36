"""Find out when each phone and word of a recording was spoken.  usage: align.py --work DIR --start HF_FOLDER --clips PREFIX

The phone head of DIR/last.pt says how likely each phone is in each frame; flite's lexicon says which phones the text has;
the best path through them (Viterbi), with a pause allowed between words, gives the times.  They are written into
PREFIX.jsonl, so that recordings teach the encoder and the decoder's attention as synthesised speech does.  A recording
that does not fit its text is left without times.  With --check N nothing is written: the first N clips of PREFIX, whose
times the synthesiser told, are aligned to see how far off the beginnings of their words are.
"""

import argparse
import json
import os
from dataclasses import asdict

import numpy as np
import torch
from transformers import MoonshineStreamingForConditionalGeneration

import network
from clips import CHARACTERS, FRAME, LABEL_DELAY, NUMBERS, load, sound
from speak import PAUSE, PHONES, RATE, Clip, Flite, assemble
from train import assign

# Mean log-probability of a frame below which a path is not believed; no frame counts for less than the floor.
WORST, FLOOR = -2.2, -7.0
# The engine whose lexicon is asked; it is the fastest.
SPEAKER = "kal16"


@torch.no_grad()
def likelihoods(model, head, audio: np.ndarray) -> np.ndarray:
    """[frames, phones], natural logarithms."""
    count = len(audio) // FRAME * FRAME
    encoded, _ = network.encode(model, torch.from_numpy(audio[None, :count]), torch.ones(1, count, dtype=torch.long))
    return head(encoded)[0].log_softmax(-1).clamp(min=FLOOR).numpy()


def best_path(scores: np.ndarray, phones: list[int], optional: list[bool]) -> tuple[np.ndarray, float]:
    """The last frame of each phone plus one (equal to the one before if an optional phone is left out); mean score."""
    frames, states = len(scores), len(phones)
    reward, skippable = scores[:, phones], np.array(optional)
    best = np.full(states, -np.inf)
    best[0] = reward[0, 0]
    if optional[0]:
        best[1] = reward[0, 1]
    step = np.zeros((frames, states), np.int8)
    for t in range(1, frames):
        stay, one, two = best, np.r_[-np.inf, best[:-1]], np.r_[-np.inf, -np.inf, best[:-2]]
        two = np.where(np.r_[False, skippable[:-1]], two, -np.inf)
        options = np.stack([stay, one, two])
        step[t] = options.argmax(0)
        best = options.max(0) + reward[t]
    state = states - 1
    if optional[-1] and best[-2] > best[-1]:
        state = states - 2
    mean, ends = best[state] / frames, np.zeros(states, int)
    for t in range(frames - 1, -1, -1):
        ends[state] = max(ends[state], t + 1)
        state -= int(step[t, state]) if t else 0
    return np.maximum.accumulate(ends), float(mean)


def aligned(clip: Clip, audio: np.ndarray, flite: Flite, model, head) -> Clip:
    spoken, said = flite.speak(clip.text, SPEAKER, 1.0)
    if not said.words:
        return clip
    names, tokens, optional = [PAUSE], [0], [True]
    start = 0
    places = [(begin, end, index + 1) for index, begin, end in said.words]
    for name, end in said.phones:
        word = next((i for begin, finish, i in places if begin <= start < finish), 0)
        if name != PAUSE and word:
            if tokens[-1] not in (0, word):
                names, tokens, optional = names + [PAUSE], tokens + [0], optional + [True]
            names, tokens, optional = names + [name], tokens + [word], optional + [False]
        start = end
    names, tokens, optional = names + [PAUSE], tokens + [0], optional + [True]
    scores = likelihoods(model, head, audio)
    if len(scores) <= len(names):
        return clip
    ends, mean = best_path(scores, [NUMBERS[n] for n in names], optional)
    if not mean > WORST:
        return clip
    times = [min(clip.samples, max(0, int(e) * FRAME - LABEL_DELAY)) for e in ends]
    times[-1] = clip.samples
    kept = [i for i, end in enumerate(times) if end > (times[i - 1] if i else 0)]
    parts = ([of[i] for i in kept] for of in (names, times, tokens))
    return assemble(clip.text, clip.voice, clip.samples, *parts, numbered=True)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--work", required=True)
    args.add_argument("--clips", required=True)
    args.add_argument("--start", required=True, help="Hugging Face folder of the same architecture")
    args.add_argument("--check", type=int, default=0)
    opts = args.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(f"{opts.work}/last.pt")
    model = MoonshineStreamingForConditionalGeneration.from_pretrained(opts.start, attn_implementation="eager")
    assign(model, saved["averaged"])
    heads = network.Heads(model.config.encoder_config.hidden_size, len(PHONES), len(CHARACTERS) + 1)
    heads.load_state_dict(saved["heads"])
    flite, timed, clips = Flite(), 0, load(opts.clips, None, 60)
    model.eval()
    if opts.check:
        off = []
        for stored in clips[: opts.check]:
            clip = Clip(stored.text, stored.voice, stored.samples, [], [])
            found = {index: start for index, start, _ in aligned(clip, sound(stored), flite, model, heads.phone).words}
            off += [abs(start - found[index]) / RATE for index, start, _ in stored.words if index in found]
        low, high = np.quantile(off, [0.5, 0.9])
        print(f"{len(off)} words begin within {1000 * low:.0f} ms (half of them) and {1000 * high:.0f} ms (nine in ten)")
        return
    with open(opts.clips + ".jsonl.new", "w", encoding="utf-8") as index:
        for stored in clips:
            clip = Clip(stored.text, stored.voice, stored.samples, [], [])
            clip = aligned(clip, sound(stored), flite, model, heads.phone)
            timed += bool(clip.words)
            index.write(json.dumps(asdict(clip), separators=(",", ":")) + "\n")
    os.replace(opts.clips + ".jsonl.new", opts.clips + ".jsonl")
    print(f"{opts.clips}: {timed} of {len(clips)} recordings with times")


if __name__ == "__main__":
    main()
