#!/usr/bin/env python3
"""Goldens of the speech network, from the original implementation (Hugging Face `moonshine_streaming`).

    pip install -r requirements.txt
    make.py seeded                   two small random networks with their answers -> equal/, wider/ beside this file
    make.py folder SRC OUT [CLIP…]   the answers of a checkpoint folder -> OUT/golden.json; clips of ../data besides
    make.py tokenizer                a small tokenizer and its decodings -> tokenizer/ beside this file

The random networks differ from each other in everything that a configuration can say. Their weights are stored as
16-bit floats, exactly as they are used. `first-cut/` holds the answers of the starter's first weights, 28 MB that are
not kept here: whoever has them imports them as f32 and runs `cargo xtask parity`. Inputs come from a formula that the
Rust tests repeat (`self_test::signal`).
"""
import json, math, pathlib, random, sys, wave
import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models
from transformers import MoonshineStreamingConfig, MoonshineStreamingForConditionalGeneration as Model

HERE = pathlib.Path(__file__).parent
RATE = 16_000
# Half a second; neither whole frames (80) nor whole encoder frames (320); several blocks of every window.
LENGTHS = (8_000, 20_333, 48_000)
# Encoder outputs kept of a large network; coprime to its width, so that all dimensions take part.
STRIDE = 61

EQUAL = dict(
    vocab_size=96, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=4, max_position_embeddings=192, tie_word_embeddings=True,
    encoder_config=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                        num_key_value_heads=4, sliding_windows=[[16, 4], [5, 0]]),
)
WIDER = dict(
    vocab_size=128, hidden_size=64, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=2, head_dim=16, pad_head_dim_to_multiple_of=24, max_position_embeddings=160,
    attention_bias=True, rope_parameters=dict(rope_type="default", rope_theta=500.0, partial_rotary_factor=0.7),
    encoder_config=dict(hidden_size=32, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
                        num_key_value_heads=2, head_dim=8, attention_bias=True,
                        sliding_windows=[[20, 2], [16, 4], [1, 9]]),
)
IDS = dict(bos_token_id=1, eos_token_id=2, pad_token_id=2, decoder_start_token_id=1)


def signal(samples):
    """A rising tone under a falling one, with noise; 32-bit integers that wrap, then 32-bit floats."""
    wrap, noise, rising, falling, wave = 0xFFFF_FFFF, 0x2545_F491, 0, 0, np.empty(samples, np.float32)
    step = lambda hertz: (1 << 32) * hertz // RATE
    signed = lambda phase: phase - (1 << 32) if phase >= 1 << 31 else phase
    triangle = lambda phase: np.float32(abs(signed(phase)) / (1 << 30) - 1.0)
    for n in range(samples):
        noise = noise * 1_664_525 + 1_013_904_223 & wrap
        rising = rising + step(150) + n * 4_000 & wrap
        falling = falling + step(3_000) - n * 20_000 & wrap
        hiss = np.float32(noise >> 16) / np.float32(32_768) - np.float32(1)
        wave[n] = (triangle(rising) * np.float32(0.3) + triangle(falling) * np.float32(0.1)) + hiss * np.float32(0.02)
    return wave


def limit(samples, pieces):
    """Tokens an utterance may have: `decode::limit`."""
    return 4 + math.ceil(samples / RATE * 5.83 * (1.1 + 512 / max(pieces, 1_024)))


def clip(name):
    """A clip of ../data: 16 kHz, mono, 16 bits."""
    with wave.open(str(HERE.parent / "data" / name)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2), name
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float32) / 32_768


def answer(model, sound, stride):
    """Encoder output, first scores and greedy tokens, padded and masked as the original's own processor does."""
    samples = len(sound)
    wave = torch.from_numpy(sound)[None]
    padding = -samples % 80
    mask = torch.nn.functional.pad(torch.ones(1, samples, dtype=torch.long), (0, padding))
    wave = torch.nn.functional.pad(wave, (0, padding))
    hidden = model.model.encoder(input_values=wave, attention_mask=mask).last_hidden_state.clone()
    start = torch.tensor([[IDS["decoder_start_token_id"]]])
    scores = model(input_values=wave, attention_mask=mask, decoder_input_ids=start).logits[0, 0]
    out = model.generate(input_values=wave, attention_mask=mask, max_new_tokens=limit(samples, model.config.vocab_size),
                         num_beams=1, do_sample=False, output_logits=True, return_dict_in_generate=True)
    tokens = out.sequences[0].tolist()[1:]
    best = [step[0].topk(2).values for step in out.logits]
    leads = [float(first - second) for first, second in best]
    if tokens and tokens[-1] == IDS["eos_token_id"]:
        tokens.pop()
    return dict(samples=samples, frames=hidden.shape[1], encoder_stride=stride,
                encoder=digits(hidden.flatten()[::stride]), logits=digits(scores), tokens=tokens,
                smallest_lead=round(min(leads), 5))


def digits(values):
    return [float(f"{value:.7g}") for value in values.tolist()]


def write(model, folder, stride, clips=()):
    answers = [answer(model, signal(samples), stride) for samples in LENGTHS]
    answers += [dict(answer(model, clip(name), stride), clip=name) for name in clips]
    (folder / "golden.json").write_text(json.dumps(dict(answers=answers)) + "\n")
    for a in answers:
        print(folder.name, a["samples"], "tokens", len(a["tokens"]), "smallest lead", a["smallest_lead"], a["tokens"][:12])


def seeded(name, config, seed, embedding):
    torch.manual_seed(seed)
    model = Model(MoonshineStreamingConfig(**config, **IDS)).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        # Wide enough that the tokens vary; the default start values would say one token for ever.
        for key, p in model.named_parameters():
            spread = 0.3 if p.dim() < 2 else 1.6 / math.sqrt(p[0].numel()) if "emb" not in key else embedding
            offset = 1.0 if "layernorm.weight" in key or key.endswith("norm.weight") else 0.0
            p.copy_((offset + spread * torch.randn(p.shape, generator=generator)).half().float())
        model.tie_weights()
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        state = {k: v.half().contiguous() for k, v in model.state_dict().items()}
        if config.get("tie_word_embeddings"):
            del state["proj_out.weight"]
        save_file(state, folder / "model.safetensors", metadata=dict(format="pt"))
        model.config.save_pretrained(folder)
        write(model, folder, 1)


def tokenizer():
    """Byte-fallback BPE as the published tokenizers are, with few pieces; random ids, so that broken bytes occur."""
    special = ["<unk>", "<s>", "</s>"]
    pieces = special + [f"<0x{byte:02X}>" for byte in range(256)]
    pieces += ["▁", "▁the", "▁pain", "s", ".", ",", "▁▁", "é", "▁a▁b", "\n", "<0x", "▁10"]
    model = models.BPE(vocab={p: i for i, p in enumerate(pieces)}, merges=[], byte_fallback=True, unk_token="<unk>")
    made = Tokenizer(model)
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    made.decoder = decoders.Sequence(steps)
    made.add_special_tokens(special)
    folder = HERE / "tokenizer"
    folder.mkdir(exist_ok=True)
    made.save(str(folder / "tokenizer.json"), pretty=False)
    draw = random.Random(5)
    byte = lambda text: [3 + b for b in text.encode()]
    runs = [[], [1, 2], byte("é漢😀"), byte("😀")[:3], [259, 260], [260, 259, 262], [264] + byte("°") + [2], [9999, 260]]
    runs += [[draw.choice([draw.randrange(259, len(pieces)), draw.randrange(3, 259), draw.randrange(3)])
              for _ in range(draw.randrange(1, 12))] for _ in range(60)]
    cases = [dict(ids=ids, text=made.decode(ids, skip_special_tokens=True)) for ids in runs]
    (folder / "golden.json").write_text(json.dumps(cases) + "\n")


def main():
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["seeded"]:
            # Seeds and sizes of the embedding with which the networks say varied things and never loop.
            seeded("equal", EQUAL, 6, 0.3)
            seeded("wider", WIDER, 2, 1.0)
        case ["tokenizer"]:
            tokenizer()
        case ["folder", source, out, *clips]:
            model = Model.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
            folder = pathlib.Path(out)
            folder.mkdir(parents=True, exist_ok=True)
            with torch.no_grad():
                write(model, folder, STRIDE, clips)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
