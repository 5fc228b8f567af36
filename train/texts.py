"""Training sentences: real clinical text plus generated dictation.

usage: texts.py --data DIR --out texts.txt --open open.txt --heldout heldout.txt

Real text: the dialogues and sections of the training splits of MTS-Dialog and ACI-Bench and the PriMock57 transcripts
under DIR/notes.  Validation and test splits are never opened.  Generated text comes from clinic.py.  One clip a line,
cased and punctuated, numbers as words, so that the model writes what a note can use without a second pass.

The open lines are the real text alone, and words in no order: what the generator says is soon known by heart, and a model
that has heard too much of it writes its phrases where something else was said.
"""

import argparse
import collections
import csv
import glob
import json
import os
import random
import re

from clinic import say_number, sentence
from samples import CLIPS, DICTATION, SHORT

# terms of the public-domain list that the app suggests codes from
CODES = os.path.join(os.path.dirname(__file__), "../public/codes/icd10cm.txt")
MAX_WORDS = 24
HELD_OUT = 400


def read_corpus(data: str) -> list[str]:
    """Distinct sentences of the three training corpora that need no symbol beyond letters and plain punctuation."""
    csv.field_size_limit(10**8)
    found: set[str] = set()
    for row in rows(f"{data}/notes/mts-dialog/MTS-Dialog-TrainingSet.csv"):
        for line in row["dialogue"].split("\n"):
            collect(found, re.sub(r"^\s*\w+(\s\w+)?\s*:\s*", "", line))
        collect(found, row["section_text"])
    for row in rows(f"{data}/notes/aci-bench/train.csv"):
        for line in row["dialogue"].split("\n"):
            collect(found, re.sub(r"^\s*\[\w+\]\s*", "", line))
        collect(found, row["note"])
    for path in sorted(glob.glob(f"{data}/notes/primock57/transcripts/*.TextGrid")):
        with open(path, encoding="utf-8") as grid:
            for quoted in re.findall(r'text = "(.*)"', grid.read()):
                collect(found, quoted)
    return sorted(found)


def rows(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", errors="ignore") as table:
        return list(csv.DictReader(table))


def collect(found: set[str], text: str) -> None:
    text = re.sub(r"<[^>]*>|\[[^\]]*\]|\([^)]*\)", "", text).replace("\u2019", "'").replace("\u2013", "-")
    text = re.sub(r"\s+([,.?!])", r"\1", text)
    for part in re.split(r"(?<=[.?!])\s+", text):
        part = clean(part)
        words = part.split()
        if 1 <= len(words) <= MAX_WORDS and not re.search(r"[^A-Za-z' ,.?!-]", part):
            found.add(part)


def clean(part: str) -> str:
    """One sentence with a capital, a final mark and its whole numbers (below 10,000) written as words."""
    part = re.sub(r"(?<![\d./-])\d{1,4}(?![\d/:%]|[.,-]\d)", lambda m: say_number(int(m.group())), part)
    part = re.sub(r"(?<=\w)-(?=\w)", " ", part)
    part = re.sub(r"\b[A-Z]{5,}\b", lambda m: m.group().lower(), part)
    part = re.sub(r"\b(uh|um|uhm|umm|hmm|mm|erm)\b[,.]?\s*", "", part, flags=re.I)
    part = re.sub(r"\s*-+\s*", ", ", part)
    part = re.sub(r"(?:,\s*){2,}", ", ", part)
    part = re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\s+", " ", part)).strip(" ,-'")
    part = re.sub(r" (n't|'[a-z]{1,2})\b", r"\1", re.sub(r"\bi\b", "I", part))
    if not part or not re.search(r"[A-Za-z]{2}", part):
        return ""
    return part[0].upper() + part[1:] + ("" if part[-1] in ".?!" else ".")


def disordered(corpus: list[str], count: int, rng: random.Random) -> list[str]:
    """Words that nothing connects, to be written as they sound: of the corpus, rare ones more often than there, and of diagnoses."""
    spoken = collections.Counter(word for line in corpus for word in re.findall(r"[a-z]+(?:'[a-z]+)?", line.lower()))
    with open(CODES, encoding="utf-8") as codes:
        terms = sorted(set(re.findall(r" ([a-z]{5,14})(?=[\s,])", codes.read())) - set(spoken))
    words = [(word, times**0.5) for word, times in sorted(spoken.items())] + [(word, 0.5) for word in terms]
    chosen, weights = [word for word, _ in words], [weight for _, weight in words]
    return [clean(" ".join(rng.choices(chosen, weights, k=rng.randint(4, 9)))) for _ in range(count)]


def key(sentence: str) -> str:
    """What two sentences are compared by: lower-case words without punctuation."""
    return " ".join(re.sub(r"[^a-z' ]", " ", sentence.lower()).split())


def sentences(text: str) -> list[str]:
    return [key(part) for part in re.split(r"(?<=[.?!])\s+", text) if key(part)]


def shortest(line: str) -> int:
    return min((len(part.split()) for part in sentences(line)), default=0)


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--data", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--open", required=True)
    args.add_argument("--heldout", required=True, help="file for the sentences kept out of training, for evaluation")
    args.add_argument("--generated", type=int, default=40000)
    args.add_argument("--disordered", type=int, default=8000)
    args.add_argument("--seed", type=int, default=1)
    opts = args.parse_args()
    rng = random.Random(opts.seed)
    corpus = read_corpus(opts.data)
    # a held-out line's sentences leave the training text altogether, so only sentences of some length are held out
    lines = corpus + sorted({sentence(rng) for _ in range(opts.generated)})
    rng.shuffle(lines)
    os.makedirs(os.path.dirname(os.path.abspath(opts.out)), exist_ok=True)
    kept_out = [line for line in lines if len(line.split()) <= 16 and shortest(line) >= 5][:HELD_OUT]
    excluded = {part for line in kept_out + DICTATION + SHORT + CLIPS for part in sentences(line)}
    # recordings for measuring: their words are read here to be left out
    with open(f"{opts.data}/speech/dev/manifest.jsonl", encoding="utf-8") as dev:
        spoken = {key(json.loads(line)["transcript"]) for line in dev}
    excluded |= {text for text in spoken if len(text.split()) >= 5}
    lines = [line for line in lines if not excluded & set(sentences(line))]
    real = set(corpus)
    free = [line for line in lines if line in real] + disordered([line for line in lines if line in real], opts.disordered, rng)
    for path, part in ((opts.out, lines), (opts.open, free), (opts.heldout, kept_out)):
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(part) + "\n")
    print(f"{len(corpus)} corpus sentences, {len(lines)} lines to train on, {len(kept_out)} held out")


if __name__ == "__main__":
    main()
