"""Speak sentences with flite, espeak-ng and festival.  usage: speak.py --texts FILE --out PREFIX --count N --seed S --voices SPEC

The first two run inside this process, since they then also tell when each phone and word was spoken.  festival only
speaks for measuring: its voice and its engine are never trained on.  Those times teach
the encoder what every 20 ms frame is and the decoder where to look, which replaces most of the passes over data that a
model of this size needs to find the alignment by itself.

Writes PREFIX.pcm (16 kHz mono int16, clips end to end) and PREFIX.jsonl (one `Clip` a line, in the same order).
"""

import argparse
import ctypes as c
import json
import math
import random
import subprocess
import tempfile
from dataclasses import asdict, dataclass

import numpy as np

RATE = 16000
FLITE_VOICES = ("slt", "rms", "awb", "kal16")
FESTIVAL_VOICES = ("ked_diphone", "kal_diphone")
PAUSE = "pau"
PHONES = (
    "pau aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z zh"
).split()
# espeak-ng's mnemonics for English in flite's set; what is missing here is left unlabelled
ESPEAK_PHONES = dict(
    pair.split("=")
    for pair in (
        "p=p b=b t=t t#=t t2=t d=d k=k g=g f=f v=v s=s z=z h=hh m=m n=n N=ng w=w l=l r=r r-=r S=sh Z=zh T=th D=dh tS=ch "
        "dZ=jh j=y a=ae aa=aa A:=aa A@=aa 0=aa 0#=aa O:=ao O=ao O@=ao o@=ao E=eh e@=eh I=ih I#=ih I2=ih i=iy i:=iy i@=iy "
        "i@3=iy u:=uw U=uh U@=uh V=ah 3:=er 3=er @=ax @2=ax @5=ax a#=ax @L=l eI=ey aI=ay aI@=ay aI3=ay OI=oy aU=aw "
        "aU@=aw oU=ow _:=pau _=pau"
    ).split()
)


@dataclass
class Clip:
    """One spoken sentence: `phones` are [name, end] and `words` [index in text.split(), start, end], in samples."""

    text: str
    voice: str
    samples: int
    phones: list[tuple[str, int]]
    words: list[tuple[int, int, int]]


class Wave(c.Structure):
    _fields_ = [("type", c.c_char_p), ("rate", c.c_int), ("count", c.c_int), ("channels", c.c_int), ("samples", c.POINTER(c.c_short))]


class Flite:
    def __init__(self) -> None:
        lib = c.CDLL("libflite.so.1", mode=c.RTLD_GLOBAL)
        for name in ("libflite_cmulex.so.1", "libflite_usenglish.so.1"):
            c.CDLL(name, mode=c.RTLD_GLOBAL)
        for name in ("flite_synth_text", "utt_wave", "utt_relation", "relation_head", "item_next", "path_to_item"):
            getattr(lib, name).restype = c.c_void_p
        lib.flite_ffeature_string.restype = c.c_char_p
        lib.flite_ffeature_float.restype = c.c_float
        lib.flite_init()
        self.lib, self.voices = lib, {}
        for voice in FLITE_VOICES:
            register = getattr(c.CDLL(f"libflite_cmu_us_{voice}.so.1"), f"register_cmu_us_{voice}")
            register.restype = c.c_void_p
            self.voices[voice] = register(None)

    def speak(self, text: str, voice: str, stretch: float, pitch: float = 1.0, range_: float = 1.0) -> tuple[np.ndarray, Clip]:
        """`pitch` and `range_` multiply the height of the voice and how far it moves; the throat stays the same."""
        lib, handle = self.lib, self.voices[voice]
        # a voice is { const char *name; cst_features *features; ... }
        features = c.c_void_p(c.cast(handle, c.POINTER(c.c_void_p))[1])
        settings = {"duration_stretch": stretch}
        if voice == "kal16":
            settings |= {"int_f0_target_mean": 95 * pitch, "int_f0_target_stddev": 11 * pitch * range_}
        else:
            settings["f0_shift"] = pitch
        for name, value in settings.items():
            lib.feat_set_float(features, name.encode(), c.c_float(value))
        utterance = c.c_void_p(lib.flite_synth_text(text.encode("ascii"), c.c_void_p(handle)))
        wave = c.cast(lib.utt_wave(utterance), c.POINTER(Wave)).contents
        audio = np.ctypeslib.as_array(wave.samples, (wave.count,)).copy()
        assert wave.rate == RATE, "the flite voices named here speak at 16 kHz"
        names, ends, tokens = [], [], []
        segment = lib.relation_head(c.c_void_p(lib.utt_relation(utterance, b"Segment")))
        while segment:
            item = c.c_void_p(segment)
            names.append(lib.flite_ffeature_string(item, b"name").decode())
            ends.append(lib.flite_ffeature_float(item, b"end"))
            tokens.append(self.token_of(item))
            segment = lib.item_next(item)
        lib.delete_utterance(utterance)
        # the diphone voice's nominal durations drift from what it speaks, by a constant factor
        scale = len(audio) / max(ends[-1], 1e-3)
        return audio, assemble(text, voice, len(audio), names, [int(e * scale) for e in ends], tokens)

    def token_of(self, segment: c.c_void_p) -> int:
        """A number that is the same for all segments of one whitespace-separated token; 0 in a pause."""
        token = self.lib.path_to_item(segment, b"R:SylStructure.parent.parent.R:Token.parent")
        return c.cast(token, c.POINTER(c.c_void_p))[0] or 0 if token else 0


class EventId(c.Union):
    _fields_ = [("number", c.c_int), ("name", c.c_char_p), ("string", c.c_char * 8)]


class Event(c.Structure):
    _fields_ = [("type", c.c_int), ("unique", c.c_uint), ("position", c.c_int), ("length", c.c_int), ("ms", c.c_int),
                ("sample", c.c_int), ("user", c.c_void_p), ("id", EventId)]  # fmt: skip


EVENT_END, EVENT_WORD, EVENT_PHONEME = 0, 1, 7
SYNCHRONOUS, PHONEME_EVENTS, UTF8 = 2, 1, 1
PARAMETER_RATE, PARAMETER_PITCH = 1, 3


class Espeak:
    def __init__(self) -> None:
        self.lib = c.CDLL("libespeak-ng.so.1")
        self.rate = self.lib.espeak_Initialize(SYNCHRONOUS, 500, None, PHONEME_EVENTS)
        callback = c.CFUNCTYPE(c.c_int, c.POINTER(c.c_short), c.c_int, c.POINTER(Event))
        self.callback = callback(self.receive)
        self.lib.espeak_SetSynthCallback(self.callback)
        self.pieces, self.events = [], []

    def receive(self, samples, count, events) -> int:
        if samples and count:
            self.pieces.append(c.string_at(samples, 2 * count))
        i = 0
        while events[i].type != EVENT_END:
            e = events[i]
            self.events.append((e.type, e.position, e.sample, e.id.string if e.type == EVENT_PHONEME else b""))
            i += 1
        return 0

    def speak(self, text: str, voice: str, stretch: float, pitch: int) -> tuple[np.ndarray, Clip]:
        self.pieces, self.events = [], []
        assert self.lib.espeak_SetVoiceByName(voice.encode()) == 0, voice
        self.lib.espeak_SetParameter(PARAMETER_RATE, int(165 / stretch), 0)
        self.lib.espeak_SetParameter(PARAMETER_PITCH, pitch, 0)
        data = text.encode("ascii")
        self.lib.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8, None, None)
        audio, ratio = resample(np.frombuffer(b"".join(self.pieces), "<i2"), self.rate), RATE / self.rate
        names, starts, tokens, token = [], [], [], 0
        for kind, position, sample, name in self.events:
            if kind == EVENT_WORD:
                token = 1 + text[: position - 1].count(" ")
            elif kind == EVENT_PHONEME and name != b";":
                names.append(ESPEAK_PHONES.get(name.decode("ascii", "replace"), "?"))
                starts.append(int(sample * ratio))
                tokens.append(token)
        names, tokens, ends = [PAUSE, *names], [0, *tokens], [*starts, len(audio)]
        return audio, assemble(text, voice, len(audio), names, ends, [0 if n == PAUSE else t for n, t in zip(names, tokens)], True)


class Festival:
    """A process that is told what to say line by line; clips without times."""

    def __init__(self) -> None:
        self.process = None

    def speak(self, text: str, voice: str, stretch: float) -> tuple[np.ndarray, Clip]:
        if self.process is None:
            self.process = subprocess.Popen(["festival", "--pipe"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with tempfile.NamedTemporaryFile(suffix=".raw") as file:
            quoted = text.replace("\\", " ").replace('"', " ")
            self.process.stdin.write(
                f"(voice_{voice})(Parameter.set 'Duration_Stretch {stretch:.3f})(let ((said (SynthText \"{quoted}\")))"
                f"(utt.wave.resample said {RATE})(utt.save.wave said \"{file.name}\" 'raw))(format t \"spoken\\n\")(fflush nil)\n"
            )
            self.process.stdin.flush()
            while "spoken" not in self.process.stdout.readline():
                assert self.process.poll() is None, "festival ended"
            audio = np.fromfile(file.name, "<i2")
        return audio, Clip(text, voice, len(audio), [], [])


def assemble(text, voice, samples, names, ends, tokens, numbered: bool = False) -> Clip:
    """Joins phones into words; drops all word times if the engine's tokens do not match the text's words one to one."""
    words, start, last = [], 0, 0
    for end, token in zip(ends, tokens):
        if token and words and token == last:
            words[-1][2] = end
        elif token:
            words.append([token - 1 if numbered else len(words), start, end])
        last, start = token or last, end
    if not numbered and len(words) != len(text.split()):
        words = []
    if [w[0] for w in words] != sorted({w[0] for w in words}) or (words and words[-1][0] >= len(text.split())):
        words = []
    return Clip(text, voice, samples, list(zip(names, ends)), words)


def resample(pcm: np.ndarray, rate: int) -> np.ndarray:
    spectrum, count = np.fft.rfft(pcm.astype(np.float32)), int(len(pcm) * RATE / rate)
    kept = np.zeros(count // 2 + 1, spectrum.dtype)
    bins = min(len(kept), len(spectrum))
    kept[:bins] = spectrum[:bins]
    return np.clip(np.fft.irfft(kept, count) * (count / len(pcm)), -32768, 32767).astype("<i2")


def main() -> None:
    args = argparse.ArgumentParser()
    args.add_argument("--texts", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--count", type=int, default=1000)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--voices", default="slt:4,rms:2,awb:1,kal16:2,en-us:1,en-us+f2:1,gmw/en:1,gmw/en+f3:1")
    args.add_argument("--max-seconds", type=float, default=12.0)
    args.add_argument("--max-words", type=int, default=30)
    args.add_argument("--pitch", type=float, default=0.0, help="how far flite's voices go up or down, as a logarithm")
    opts = args.parse_args()
    rng = random.Random(opts.seed)
    with open(opts.texts, encoding="utf-8") as file:
        texts = [t for t in file.read().split("\n") if t and len(t.split()) <= opts.max_words]
    voices = [v.split(":") for v in opts.voices.split(",")]
    flite, espeak, festival, total, kept = Flite(), Espeak(), Festival(), 0, 0
    with open(opts.out + ".pcm", "wb") as pcm, open(opts.out + ".jsonl", "w", encoding="utf-8") as index:
        for _ in range(opts.count):
            text, stretch = rng.choice(texts), rng.uniform(0.85, 1.2)
            voice = rng.choices([v for v, _ in voices], [float(w) for _, w in voices])[0]
            if voice in FESTIVAL_VOICES:
                audio, clip = festival.speak(text, voice, stretch)
            elif voice in FLITE_VOICES:
                pitch, range_ = (math.exp(opts.pitch * rng.uniform(-1, 1)) for _ in range(2)) if opts.pitch else (1.0, 1.0)
                audio, clip = flite.speak(text, voice, stretch, pitch, range_)
            else:
                audio, clip = espeak.speak(text, voice, stretch, rng.randint(35, 65))
            if not RATE // 4 < len(audio) <= opts.max_seconds * RATE:
                continue
            audio = (audio * (0.7 * 32767 / max(1, np.abs(audio.astype(np.int32)).max()))).astype("<i2")
            pcm.write(audio.tobytes())
            index.write(json.dumps(asdict(clip), separators=(",", ":")) + "\n")
            total, kept = total + len(audio), kept + 1
    print(f"{opts.out}: {kept} clips, {total / RATE / 3600:.2f} h")


if __name__ == "__main__":
    main()
