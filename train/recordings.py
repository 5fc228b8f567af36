"""Labelled recordings to clips.  usage: recordings.py --folder DIR --reserved DIR --out PREFIX

DIR holds `manifest.jsonl` and the sound files that it names.  A recording whose words are also said in one of the
`--reserved` folder's is left out.  The clips have no times; align.py finds them once there is a model that can.
"""

import argparse
import json
import re
from dataclasses import asdict

import numpy as np
import soundfile

from speak import RATE, Clip, resample
from texts import clean, key

SHORT_WORDS = 5


def transcripts(folder: str) -> list[str]:
    with open(f"{folder}/manifest.jsonl", encoding="utf-8") as lines:
        return [json.loads(line)["transcript"] for line in lines]


def written(transcript: str) -> str:
    """As the training texts are: cased, punctuated, plain; empty if it needs other symbols.  Single letters are capitals."""
    if transcript.isupper():
        transcript = " ".join(w if len(w) == 1 else w.lower() for w in transcript.split())
    transcript = re.sub(r"[\"()\[\]]|^'|'$", "", transcript.replace("\u2019", "'"))
    transcript = re.sub(r"\s*[;:]\s*", ", ", transcript).strip()
    text = f"{transcript}." if re.fullmatch(r"[A-Z]( [A-Z])*", transcript) else clean(transcript)
    return "" if re.search(r"[^A-Za-z' ,.?!]", text) else text


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--folder", required=True)
    args.add_argument("--reserved", required=True)
    args.add_argument("--out", required=True)
    opts = args.parse_args()
    reserved = {t for t in map(key, transcripts(opts.reserved)) if len(t.split()) >= SHORT_WORDS}
    total, kept, repeated = 0, 0, 0
    with open(f"{opts.folder}/manifest.jsonl", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    with open(opts.out + ".pcm", "wb") as pcm, open(opts.out + ".jsonl", "w", encoding="utf-8") as index:
        for entry in entries:
            text = written(entry["transcript"])
            if not text or key(text) in reserved or key(entry["transcript"]) in reserved:
                repeated += bool(text)
                continue
            sound, rate = soundfile.read(f"{opts.folder}/{entry['path']}", dtype="float32")
            audio = resample((sound * 32767).astype("<i2"), rate) if rate != RATE else (sound * 32767).astype("<i2")
            audio = (audio * (0.7 * 32767 / max(1, np.abs(audio.astype(np.int32)).max()))).astype("<i2")
            pcm.write(audio.tobytes())
            clip = Clip(text, entry["source"], len(audio), [], [])
            index.write(json.dumps(asdict(clip), separators=(",", ":")) + "\n")
            total, kept = total + len(audio), kept + 1
    print(f"{opts.out}: {kept} of {len(entries)} recordings, {total / RATE / 3600:.2f} h; {repeated} say reserved text")


if __name__ == "__main__":
    main()
