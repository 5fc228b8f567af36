"""Clips as a folder of WAV files with a manifest, which `cargo xtask wer --data DIR` takes.

usage: folder.py --out DIR "SOURCE=PREFIX" …
"""

import argparse
import json
import os
import wave

from clips import load
from speak import RATE


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--out", required=True)
    args.add_argument("sources", nargs="+")
    opts = args.parse_args()
    os.makedirs(opts.out, exist_ok=True)
    with open(f"{opts.out}/manifest.jsonl", "w", encoding="utf-8") as manifest:
        for source, prefix in (pair.split("=", 1) for pair in opts.sources):
            for number, clip in enumerate(load(prefix, None, 60)):
                name = f"{source.replace(' ', '-')}-{number}.wav"
                with wave.open(f"{opts.out}/{name}", "wb") as file:
                    file.setparams((1, 2, RATE, 0, "NONE", ""))
                    file.writeframes(clip.pcm[clip.offset : clip.offset + clip.samples].tobytes())
                line = {"path": name, "transcript": clip.text, "source": source, "speaker": clip.voice}
                manifest.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
