"""Light changes of a clip in memory; every random choice comes from the generator that is passed in."""

from dataclasses import dataclass

import numpy as np

from speak import RATE


@dataclass
class Augment:
    """How often (0..1) each change is made.  The time axis keeps its scale, so that frame labels only shift."""

    noise: float = 0.3
    tilt: float = 0.2
    reverb: float = 0.0

    def __call__(self, audio: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """The changed clip and how many samples of lead-in were put before it."""
        if rng.random() < self.reverb:
            audio = reverberate(audio, rng)
        if rng.random() < self.tilt:
            audio = tilt(audio, rng)
        before, after = int(rng.integers(0, RATE // 4)), int(rng.integers(0, RATE // 3))
        audio = np.pad(audio * 10 ** rng.uniform(-1.0, 0.1), (before, after))
        # a recording is never digitally silent: at least a floor far below speech
        level = -rng.uniform(15, 40) if rng.random() < self.noise else -rng.uniform(45, 80)
        power = np.sqrt(np.mean(audio**2)) + 1e-6
        return (audio + coloured(len(audio), rng) * power * 10 ** (level / 20)).astype(np.float32), before


def coloured(count: int, rng: np.random.Generator) -> np.ndarray:
    """Noise of unit power, between white and brown."""
    size = 1 << max(9, int(count - 1).bit_length())
    spectrum = np.fft.rfft(rng.standard_normal(size, dtype=np.float32))
    spectrum /= np.arange(1, len(spectrum) + 1) ** (rng.uniform(0, 1) if rng.random() < 0.7 else 0)
    noise = np.fft.irfft(spectrum, size)[:count]
    return (noise / (noise.std() + 1e-9)).astype(np.float32)


def tilt(audio: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random smooth frequency response, as microphones have."""
    curve = np.interp(np.linspace(0, 1, 33), [0, 0.05, 0.15, 0.35, 0.6, 1], rng.uniform(-1, 1, 6) * rng.uniform(0, 1.2))
    response = np.roll(np.fft.irfft(np.exp(curve), 64), 32) * np.hanning(64)
    return np.convolve(audio, response.astype(np.float32), "same").astype(np.float32)


def reverberate(audio: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A synthetic room: decaying noise after the direct sound."""
    length = int(RATE * rng.uniform(0.05, 0.35))
    room = rng.standard_normal(length) * np.exp(-np.arange(length) * rng.uniform(4, 9) / length) * rng.uniform(0.02, 0.2)
    room[0] = 1
    size = 1 << (len(audio) + length).bit_length()
    return np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(room, size), size)[: len(audio)].astype(np.float32)


def silence(count: int, rng: np.random.Generator) -> np.ndarray:
    """A clip without speech: digital silence, noise of any colour, or mains hum."""
    level, kind = 10 ** (rng.uniform(-90, -15) / 20), rng.random()
    if kind < 0.1:
        return np.zeros(count, np.float32)
    if kind < 0.25:
        time = np.arange(count) / RATE
        base = rng.choice([50, 60])
        hum = sum(np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) / k for k in range(1, 6))
        return (hum * level + coloured(count, rng) * level * 0.1).astype(np.float32)
    return coloured(count, rng) * np.float32(level)
