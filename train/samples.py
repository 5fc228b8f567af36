"""Speak the sample dictation and the test recordings.  usage: samples.py REPOSITORY

Their texts stand here, are never training text (check_overlap.py fails if they are) and are spoken by flite's `slt` with
a clear pause after every sentence, as people dictate.
"""

import sys
import wave

import numpy as np

from speak import RATE, Flite

VOICE = "slt"
PAUSE_SECONDS = 0.8

DICTATION = [
    "The patient is a fifty eight year old woman with chest pain for three days.",
    "She denies fever, nausea, or shortness of breath.",
    "She has a history of hypertension and diabetes.",
    "She takes lisinopril twenty milligrams once a day.",
    "Blood pressure is one forty two over eighty six.",
    "Lungs are clear, and there is no swelling in the legs.",
    "We will order an EKG and blood work today.",
    "Increase lisinopril to forty milligrams once a day.",
    "Follow up in the clinic in two weeks.",
]
SHORT = [
    "The patient is a sixty one year old man with back pain.",
    "Blood pressure is one thirty six over eighty four.",
    "Continue metformin five hundred milligrams twice a day.",
]
CLIPS = [
    "She has had a headache for five days.",
    "Start amoxicillin three times a day.",
    "Heart rate is ninety two and regular.",
    "He denies chest pain or leg cramps.",
    "We will see her again in two weeks.",
]


def speak(sentences: list[str], flite: Flite) -> np.ndarray:
    quiet = np.random.default_rng(1).normal(0, 3, int(PAUSE_SECONDS * RATE)).astype("<i2")
    parts = [quiet[: RATE // 2]]
    for sentence in sentences:
        audio, _ = flite.speak(sentence, VOICE, 1.0)
        parts += [(audio * (0.6 * 32767 / np.abs(audio.astype(np.int32)).max())).astype("<i2"), quiet]
    return np.concatenate(parts)


def word_ends(sentences: list[str], flite: Flite) -> list[tuple[int, float, str]]:
    """Of each word the sentence, the second at which it ends in what `speak` gives, and how it is written."""
    at, ends = RATE // 2, []
    for number, sentence in enumerate(sentences):
        audio, clip = flite.speak(sentence, VOICE, 1.0)
        ends += [(number, (at + end) / RATE, sentence.split()[index]) for index, _, end in clip.words]
        at += len(audio) + int(PAUSE_SECONDS * RATE)
    return ends


def write(path: str, audio: np.ndarray) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(audio.astype("<i2").tobytes())
    print(f"{path}: {len(audio) / RATE:.1f} s")


def main() -> None:
    root, flite = sys.argv[1], Flite()
    write(f"{root}/public/samples/dictation.wav", speak(DICTATION, flite))
    with open(f"{root}/tests/data/sample-words.tsv", "w", encoding="utf-8") as words:
        words.writelines(f"{number}\t{end:.3f}\t{word}\n" for number, end, word in word_ends(DICTATION, flite))
    recordings = [("dictation", SHORT)] + [(f"clips/{i + 1}", [text]) for i, text in enumerate(CLIPS)]
    for name, sentences in recordings:
        write(f"{root}/tests/data/{name}.wav", speak(sentences, flite))
        with open(f"{root}/tests/data/{name}.txt", "w", encoding="utf-8") as text:
            text.write(" ".join(sentences) + "\n")


if __name__ == "__main__":
    main()
