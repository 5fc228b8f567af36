"""Light changes of a clip in memory; every random choice comes from the generator that is passed in."""

from dataclasses import dataclass

import numpy as np

from speak import RATE

BANK = 16


@dataclass
class Augment:
    """How often (0..1) each change is made, and how far the speed goes to either side."""

    noise: float = 0.3
    tilt: float = 0.4
    reverb: float = 0.1
    speed: float = 0.14

    def stretch(self, rng: np.random.Generator) -> float:
        """By how much time is stretched: one number for a batch, so that clips of like length stay so."""
        return float(np.exp(rng.uniform(-self.speed, self.speed)))

    def __call__(self, audio: np.ndarray, stretch: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """The changed clip, and how many samples of lead-in were put before it."""
        audio = stretched(audio, stretch)
        if rng.random() < self.reverb:
            audio = reverberate(audio, rng)
        if rng.random() < self.tilt:
            audio = tilt(audio, rng)
        # mostly short; up to what the segmenter leaves before and after the words
        before, after = (int(RATE * longest * rng.random() ** 2) for longest in (0.6, 0.4))
        audio = np.pad(audio * 10 ** rng.uniform(-1.0, 0.1), (before, after))
        # a recording is never digitally silent: at least a floor far below speech
        level = -rng.uniform(10, 40) if rng.random() < self.noise else -rng.uniform(45, 80)
        power = np.sqrt(np.mean(audio**2)) + 1e-6
        return (audio + coloured(len(audio), rng) * power * 10 ** (level / 20)).astype(np.float32), before


def stretched(audio: np.ndarray, stretch: float) -> np.ndarray:
    """Played slower (above 1) or faster: the pitch and the size of the throat change with it, as among speakers."""
    count = int(len(audio) * stretch)
    return np.interp(np.arange(count) / stretch, np.arange(len(audio)), audio).astype(np.float32)


def coloured(count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of unit power, between white and brown: a stretch of one of a few that were made once."""
    if not noises:
        noises.extend(make_noise(30 * RATE, n / BANK, rng) for n in range(BANK))
    noise = noises[int(rng.integers(BANK))]
    start = int(rng.integers(len(noise)))
    return np.take(noise, np.arange(start, start + count), mode="wrap")


noises: list[np.ndarray] = []


def make_noise(count: int, steepness: float, rng: np.random.Generator) -> np.ndarray:
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum /= np.arange(1, len(spectrum) + 1) ** steepness
    noise = np.fft.irfft(spectrum, count)
    return (noise / (noise.std() + 1e-9)).astype(np.float32)


def tilt(audio: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random smooth frequency response, as microphones have."""
    curve = np.interp(np.linspace(0, 1, 33), [0, 0.05, 0.15, 0.35, 0.6, 1], rng.uniform(-1, 1, 6) * rng.uniform(0, 1.8))
    response = np.roll(np.fft.irfft(np.exp(curve), 64), 32) * np.hanning(64)
    return np.convolve(audio, response.astype(np.float32), "same").astype(np.float32)


def reverberate(audio: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A synthetic room: decaying noise after the direct sound."""
    length = int(RATE * rng.uniform(0.05, 0.35))
    room = rng.standard_normal(length) * np.exp(-np.arange(length) * rng.uniform(4, 9) / length) * rng.uniform(0.02, 0.15)
    room[0] = 1
    size = 1 << (len(audio) + length).bit_length()
    return np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(room, size), size)[: len(audio)].astype(np.float32)


def silence(count: int, rng: np.random.Generator) -> np.ndarray:
    """A clip without speech: digital silence, noise of any colour, mains hum, a tone, or knocks."""
    level, kind = 10 ** (rng.uniform(-90, -12) / 20), rng.random()
    time = np.arange(count) / RATE
    if kind < 0.1:
        return np.zeros(count, np.float32)
    if kind < 0.35:
        base = rng.choice([50, 60]) if rng.random() < 0.7 else rng.uniform(80, 2000)
        hum = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) / k ** rng.uniform(0.5, 2) for k in range(1, 6))
        return (hum * level + coloured(count, rng) * level * 10 ** -rng.uniform(0.3, 2.5)).astype(np.float32)
    noise = coloured(count, rng) * np.float32(level)
    if kind < 0.6:
        # swells and knocks, as from a room that is lived in
        knots = rng.uniform(-1, 1, max(2, count // int(RATE * rng.uniform(0.05, 0.6)))) * rng.uniform(0.2, 2)
        noise = noise * np.exp(np.interp(time, np.linspace(0, time[-1], len(knots)), knots))
    return noise.astype(np.float32)


def babble(voices: list[np.ndarray], count: int, rng: np.random.Generator) -> np.ndarray:
    """Several people at once, none of them to be understood: clips over each other at like loudness, half backwards."""
    mixed = np.zeros(count, np.float32)
    for number, voice in enumerate(voices):
        start, voice = int(rng.integers(len(voice))), voice[:: -1 if number % 2 else 1]
        mixed += np.take(voice, np.arange(start, start + count), mode="wrap") / (np.abs(voice).mean() + 1e-6)
    return (mixed / (mixed.std() + 1e-9) * 10 ** (rng.uniform(-50, -15) / 20)).astype(np.float32)
