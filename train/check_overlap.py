"""Fails if a training line repeats test text.

usage: check_overlap.py --data DIR --texts FILE … --heldout FILE [--clips PREFIX.jsonl]

Test text is that of the development recordings (DIR/speech/dev), of samples.py and the held-out lines.  A test sentence
of five words or more must not be a training line, nor a sentence of one, nor said in a clip; shorter ones ("Yes.", "Any
questions?") are common to all dialogue.
"""

import argparse
import json
import sys

from samples import CLIPS, DICTATION, SHORT
from texts import key, sentences

SHORT_WORDS = 5


def reserved(data: str, heldout: str) -> dict[str, set[str]]:
    """The test sentences by where they come from."""
    with open(f"{data}/speech/dev/manifest.jsonl", encoding="utf-8") as lines:
        dev = {key(json.loads(line)["transcript"]) for line in lines}
    with open(heldout, encoding="utf-8") as lines:
        kept = {key(line) for line in lines}
    return {"development recordings": dev, "samples": {key(s) for s in DICTATION + SHORT + CLIPS}, "held-out lines": kept}


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--data", required=True)
    args.add_argument("--texts", required=True, nargs="+")
    args.add_argument("--heldout", required=True)
    args.add_argument("--clips", default="", help="index of the recordings that are trained on")
    opts = args.parse_args()
    trained = []
    for path in opts.texts:
        with open(path, encoding="utf-8") as lines:
            trained += [line.strip() for line in lines if line.strip()]
    if opts.clips:
        with open(opts.clips, encoding="utf-8") as lines:
            trained += [json.loads(line)["text"] for line in lines]
    whole = {key(line) for line in trained}
    parts = {s for line in trained for s in sentences(line) if len(s.split()) >= SHORT_WORDS}
    failed = False
    for origin, tests in reserved(opts.data, opts.heldout).items():
        repeated = sorted(t for t in tests if len(t.split()) >= SHORT_WORDS and (t in whole or t in parts))
        print(f"{origin}: {len(tests)} sentences, {len(repeated)} in the training text")
        for sentence in repeated[:10]:
            print(f"   {sentence}")
        failed |= bool(repeated)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
