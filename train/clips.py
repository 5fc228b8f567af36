"""Clips on disk to batches in memory: audio, tokens, frame labels and where each token was spoken."""

import glob
import json
import os
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from augment import Augment, babble, silence
from speak import PHONES, RATE

CHARACTERS = {c: i for i, c in enumerate(" 'abcdefghijklmnopqrstuvwxyz")}
BLANK = len(CHARACTERS)
NUMBERS = {name: number for number, name in enumerate(PHONES)}
FRAME = 320
IGNORED = -100
BOS, EOS = 1, 2
SILENT_SHARE = 0.03
BABBLE_SHARE = 0.05
# the front end looks back 25 ms, so that a frame describes what was spoken a little earlier
LABEL_DELAY = 240
GUIDE_MARGIN = 5


@dataclass
class Stored:
    pcm: np.ndarray
    offset: int
    samples: int
    text: str
    voice: str
    phones: list
    words: list


@dataclass
class Batch:
    """`audio`/`valid` [B, S]; `inputs`/`labels` [B, U]; `phones` [B, T]; `guide` [B, U, T] is 1 where a token may look."""

    audio: torch.Tensor
    valid: torch.Tensor
    inputs: torch.Tensor
    labels: torch.Tensor
    phones: torch.Tensor
    guide: torch.Tensor
    characters: list[list[int]]


def load(pattern: str, voices: set[str] | None = None, max_seconds: float = 15.0) -> list[Stored]:
    """Every clip of the PREFIX.pcm/.jsonl pairs that match, in order; a last, half-written clip is left out."""
    found = []
    for index in sorted(glob.glob(pattern + ".jsonl")):
        pcm, offset = np.memmap(os.path.splitext(index)[0] + ".pcm", dtype="<i2", mode="r"), 0
        with open(index, encoding="utf-8") as lines:
            for line in lines:
                if not line.endswith("\n"):
                    break
                row = json.loads(line)
                end = offset + row["samples"]
                wanted = (voices is None or row["voice"] in voices) and row["samples"] <= max_seconds * RATE
                if wanted and end <= len(pcm):
                    found.append(Stored(pcm, offset, row["samples"], row["text"], row["voice"], row["phones"], row["words"]))
                offset = end
    return found


def bucketed(clips: list[Stored], seconds: float, rng: np.random.Generator) -> list[list[Stored]]:
    """Shuffled batches of clips of like length, each at most `seconds` of audio with its padding."""
    order = [clips[i] for i in rng.permutation(len(clips))]
    batches = []
    for start in range(0, len(order), 400):
        batch: list[Stored] = []
        for clip in sorted(order[start : start + 400], key=lambda c: c.samples):
            if batch and (len(batch) + 1) * (clip.samples + RATE // 2) > seconds * RATE:
                batches.append(batch)
                batch = []
            batch.append(clip)
        if batch:
            batches.append(batch)
    return [batches[i] for i in rng.permutation(len(batches))]


def collate(clips: list[Stored], tokenizer: Tokenizer, augment: Augment | None, rng: np.random.Generator) -> Batch:
    rows, stretch = [], augment.stretch(rng) if augment else 1.0
    for clip in clips:
        draw = rng.random() if augment else 1.0
        if draw < SILENT_SHARE:
            rows.append((silence(clip.samples, rng), 0, [], None))
        elif draw < SILENT_SHARE + BABBLE_SHARE:
            voices = [sound(clips[i]) for i in rng.integers(len(clips), size=rng.integers(3, 10))]
            rows.append((babble(voices, clip.samples, rng), 0, [], None))
        else:
            changed = augment(sound(clip), stretch, rng) if augment else (sound(clip), 0)
            rows.append((*changed, tokenizer.encode(clip.text).ids, clip))
    longest = max(len(r[0]) for r in rows)
    size, frames = len(rows), -(-longest // FRAME)
    depth = max(len(r[2]) for r in rows) + 1
    audio, valid = torch.zeros(size, frames * FRAME), torch.zeros(size, frames * FRAME, dtype=torch.long)
    inputs, labels = torch.full((size, depth), EOS), torch.full((size, depth), IGNORED)
    phones, guide = torch.full((size, frames), IGNORED), torch.zeros(size, depth, frames)
    for i, (wave, shift, ids, clip) in enumerate(rows):
        count = len(wave) // FRAME * FRAME
        audio[i, :count], valid[i, :count] = torch.from_numpy(wave[:count]), 1
        inputs[i, 0], inputs[i, 1 : len(ids) + 1] = BOS, torch.tensor(ids, dtype=torch.long)
        labels[i, : len(ids)], labels[i, len(ids)] = torch.tensor(ids, dtype=torch.long), EOS
        if clip is None:
            phones[i, : count // FRAME] = 0
        elif clip.phones:
            phones[i, : count // FRAME] = frame_labels(clip, shift, stretch, count // FRAME)
            mark(guide[i], clip, [tokenizer.id_to_token(t) for t in ids], shift, stretch, count // FRAME)
    characters = [[] if r[3] is None else [CHARACTERS[c] for c in r[3].text.lower() if c in CHARACTERS] for r in rows]
    return Batch(audio, valid, inputs, labels, phones, guide, characters)


def sound(clip: Stored) -> np.ndarray:
    return clip.pcm[clip.offset : clip.offset + clip.samples].astype(np.float32) / 32768


def frame_labels(clip: Stored, shift: int, stretch: float, frames: int) -> torch.Tensor:
    """The phone at each 20 ms frame; before and after the speech it is a pause."""
    ends = np.array([end for _, end in clip.phones]) * stretch + shift
    ids = np.array([NUMBERS.get(n, IGNORED) for n, _ in clip.phones] + [0])
    times = np.arange(frames) * FRAME - LABEL_DELAY
    return torch.from_numpy(ids[np.searchsorted(ends, times, side="right")])


def mark(guide: torch.Tensor, clip: Stored, pieces: list[str], shift: int, stretch: float, frames: int) -> None:
    """Sets the frames of each token: its share of the word's time by its letters, and a margin; the end for EOS."""
    times = {index: (start * stretch + shift, end * stretch + shift) for index, start, end in clip.words}
    word, letters = -1, {}
    owners = []
    for piece in pieces:
        word += piece.startswith("\u2581")
        owners.append(word)
        letters[word] = letters.get(word, 0) + len(piece.strip("\u2581"))
    done: dict[int, int] = {}
    for u, (piece, owner) in enumerate(zip(pieces, owners)):
        first = done.get(owner, 0)
        done[owner] = first + len(piece.strip("\u2581"))
        if owner in times:
            start, end = times[owner]
            total = max(1, letters[owner])
            low = (start + (end - start) * first / total) / FRAME
            high = (start + (end - start) * done[owner] / total) / FRAME
            guide[u, max(0, int(low) - GUIDE_MARGIN) : min(frames, int(high) + GUIDE_MARGIN)] = 1
    if clip.words:
        guide[len(pieces), max(0, int(clip.words[-1][2] * stretch + shift) // FRAME - GUIDE_MARGIN) : frames] = 1
