#!/usr/bin/env python3
"""Goldens of the second speech network, from the original implementation (Hugging Face `whisper`).

    pip install -r requirements.txt
    whisper.py seeded       two small random networks with their answers -> whisper-english/, whisper-many/ beside this
    whisper.py tokenizer    a small byte-level tokenizer and its decodings -> bytelevel/ beside this file

The random networks differ from each other in everything that a published configuration can say. Their weights are
stored as 16-bit floats, exactly as they are used. Sounds and digits are those of `make.py`.
"""
import json, math, random, sys
import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor
from transformers import WhisperForConditionalGeneration as Model
from make import HERE, digits, signal

# Values kept of spectra and encoder outputs; coprime to all widths and lengths.
MEL_STRIDE, ENCODER_STRIDE = 61, 7
# The text token that stands for a space.
SPACE = 50
POSITIONS = "model.decoder.embed_positions.weight"

ENGLISH = dict(
    config=dict(
        d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=64, decoder_ffn_dim=64, num_mel_bins=80, max_source_positions=100, max_target_positions=64,
    ),
    text=199, languages=["en"], multilingual=False, initial=20,
    lengths=(8_000, 13_333, 32_000), long=83_333,
)
MANY = dict(
    config=dict(
        d_model=48, encoder_layers=3, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=2,
        encoder_ffn_dim=96, decoder_ffn_dim=64, num_mel_bins=128, max_source_positions=150, max_target_positions=80,
    ),
    text=200, languages=["en", "es", "de"], multilingual=True, initial=30,
    lengths=(4_800, 20_333, 48_000), long=125_001,
)


def settings(family):
    """Configurations with the special tokens in the published order: they follow the text, timestamps follow them."""
    names = ["eot", "sot", *family["languages"], "translate", "transcribe", "lm", "previous", "silence", "untimed"]
    ids = {name: family["text"] + place for place, name in enumerate(names)}
    positions, target = (family["config"][f"max_{side}_positions"] for side in ("source", "target"))
    never = [1, 2, 7, 60, 61] + [ids[name] for name in ("sot", "translate", "transcribe", "lm", "previous", "silence")]
    shared = dict(
        bos_token_id=ids["eot"], eos_token_id=ids["eot"], pad_token_id=ids["eot"], decoder_start_token_id=ids["sot"],
        suppress_tokens=never, begin_suppress_tokens=[SPACE, ids["eot"]],
    )
    if not family["multilingual"]:
        shared["bos_token_id"] = ids["sot"]
    config = WhisperConfig(**family["config"], **shared, vocab_size=ids["untimed"] + 2 + positions)
    generation = dict(
        shared, no_timestamps_token_id=ids["untimed"], prev_sot_token_id=ids["previous"], return_timestamps=False,
        is_multilingual=family["multilingual"], max_initial_timestamp_index=family["initial"], max_length=target,
    )
    if family["multilingual"]:
        generation["lang_to_id"] = {f"<|{language}|>": ids[language] for language in family["languages"]}
        generation["task_to_id"] = {task: ids[task] for task in ("transcribe", "translate")}
    return config, generation


def spectrum(config, sound):
    """The extractor's NumPy way: 64-bit floats, but for the spectrum, which it keeps as pairs of 32-bit floats."""
    extractor = WhisperFeatureExtractor(feature_size=config.num_mel_bins)
    return torch.from_numpy(extractor._np_extract_fbank_features(sound[None], "cpu")).float()


def lead(steps):
    """How far apart the first and the second choice come closest, after everything that forbids tokens."""
    best = [step.flatten().topk(2).values for step in steps]
    return round(min(float(first - second) for first, second in best), 5)


def answer(model, samples):
    """One window, padded with silence as the original does."""
    config, rules = model.config, model.generation_config
    sound = np.zeros(config.max_source_positions * 320, np.float32)
    sound[:samples] = signal(samples)
    mel = spectrum(config, sound)
    hidden = model.model.encoder(mel).last_hidden_state
    start = [rules.decoder_start_token_id]
    raw = model(mel, decoder_input_ids=torch.tensor([start])).logits[0, 0]
    golden, chosen, leads = {}, {}, []
    if rules.is_multilingual:
        spoken = int(model.detect_language(mel)[0])
        codes = {id: token for token, id in rules.lang_to_id.items()}
        chances = raw[list(codes)].softmax(0)
        golden = dict(language=codes[spoken], language_id=spoken, languages=dict(zip(codes.values(), digits(chances))))
        chosen = dict(language=codes[spoken], task="transcribe")
        start += [spoken, rules.task_to_id["transcribe"]]
    prompt = start + [rules.no_timestamps_token_id]
    scores = model(mel, decoder_input_ids=torch.tensor([prompt])).logits[0, -1]
    for name, timed in (("plain", False), ("timed", True)):
        # A single pass: with timestamps the original would otherwise go on where the last segment ended.
        out = model.generate(mel, return_timestamps=timed, force_unique_generate_call=True, num_beams=1,
                             do_sample=False, output_scores=True, return_dict_in_generate=True, **chosen)
        tokens = out.sequences[0].tolist()
        begin = start if timed else prompt
        assert tokens[:len(begin)] == begin
        golden[name] = [token for token in tokens[len(begin):] if token != rules.eos_token_id]
        golden[f"{name}_ended"] = tokens[-1] == rules.eos_token_id
        leads.append(lead(out.scores))
    return dict(samples=samples, frames=mel.shape[2], mel_stride=MEL_STRIDE, mel=digits(mel.flatten()[::MEL_STRIDE]),
                encoder_stride=ENCODER_STRIDE, encoder=digits(hidden.flatten()[::ENCODER_STRIDE]), prompt=prompt,
                logits=digits(scores), no_speech=digits(raw.softmax(0)[[rules.no_timestamps_token_id - 1]])[0],
                **golden, smallest_lead=min(leads))


def long(model, samples):
    """A sound of several windows. Its spectrum is made whole, so the loudest value is that of the whole sound and
    nothing is padded; a window that reaches past the end is filled up with zeros of the spectrum, not with silence."""
    rules = model.generation_config
    mel = spectrum(model.config, signal(samples))
    golden, leads = dict(prompt=[rules.decoder_start_token_id]), []
    chosen = dict(language="en", task="transcribe") if rules.is_multilingual else {}
    if chosen:
        golden["prompt"] += [rules.lang_to_id["<|en|>"], rules.task_to_id["transcribe"]]
    for name, conditioned in (("segments", False), ("conditioned", True)):
        out = model.generate(mel, attention_mask=torch.ones(1, mel.shape[2], dtype=torch.long), temperature=0.0,
                             return_timestamps=True, condition_on_prev_tokens=conditioned, num_beams=1,
                             do_sample=False, output_scores=True, return_dict_in_generate=True, **chosen)
        golden[name] = [dict(start=round(float(segment["start"]), 2), end=round(float(segment["end"]), 2),
                             tokens=segment["tokens"].tolist()) for segment in out["segments"][0]]
        leads += [lead(segment["result"]["scores"]) for segment in out["segments"][0]]
    return dict(samples=samples, frames=mel.shape[2], mel_stride=MEL_STRIDE, mel=digits(mel.flatten()[::MEL_STRIDE]),
                **golden, smallest_lead=min(leads))


def build(family, seed, embedding, ending):
    """Wide enough that the tokens vary; the end of the text is made louder, so that it comes before the limit."""
    torch.manual_seed(seed)
    config, generation = settings(family)
    model = Model(config).eval()
    model.generation_config = GenerationConfig(**generation)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, p in model.named_parameters():
            # The encoder's positions stay the sine waves that they are in every published checkpoint.
            if key != "model.encoder.embed_positions.weight":
                spread = 0.3 if p.dim() < 2 else 2.4 / math.sqrt(p[0].numel())
                spread = {"model.decoder.embed_tokens.weight": embedding, POSITIONS: 2 * embedding}.get(key, spread)
                offset = 1.0 if key.endswith("norm.weight") else 0.0
                p.copy_(offset + spread * torch.randn(p.shape, generator=generator))
            if key.endswith("embed_tokens.weight"):
                p[config.eos_token_id] *= ending
            p.copy_(p.half().float())
    model.tie_weights()
    return model, generation


def seeded(name, family, seed, embedding, ending):
    model, generation = build(family, seed, embedding, ending)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    state = {key: value.half().contiguous() for key, value in model.state_dict().items() if key != "proj_out.weight"}
    save_file(state, folder / "model.safetensors", metadata=dict(format="pt"))
    model.config.save_pretrained(folder)
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=2, sort_keys=True) + "\n")
    with torch.no_grad():
        answers = [answer(model, samples) for samples in family["lengths"]]
        whole = long(model, family["long"])
    (folder / "golden.json").write_text(json.dumps(dict(answers=answers, long=whole)) + "\n")
    for a in answers:
        print(name, a["samples"], "tokens", len(a["plain"]), len(a["timed"]), "smallest lead", a["smallest_lead"])
    print(name, whole["samples"], "segments", len(whole["segments"]), len(whole["conditioned"]), "smallest lead",
          whole["smallest_lead"])


def tokenizer():
    """Byte-level BPE as the published tokenizers are, with few pieces: all bytes first, in GPT-2's order."""
    says = ("the patient has had pain in the chest for the past ten days, no fever", "don't they're I've we'll",
            "el niño está mañana aquí, el corazón también", "für die Prüfung müssen wir größere Übungen",
            "😀 😀 😃 120 120 10")
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=316, initial_alphabet=alphabet, show_progress=False)
    trained.train_from_iterator(says * 3, trainer)
    merges = [tuple(merge) for merge in json.loads(trained.to_str())["model"]["merges"]]
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    alphabet = [chr(byte) for byte in shown] + [chr(256 + place) for place in range(len(hidden))]
    pieces = alphabet + ["".join(merge) for merge in merges]
    made = Tokenizer(models.BPE(vocab={piece: id for id, piece in enumerate(pieces)}, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    # Timestamps are added tokens, too, but not special ones: they stay in the text.
    special = "endoftext startoftranscript en es de translate transcribe startoflm startofprev nospeech notimestamps"
    made.add_special_tokens([f"<|{name}|>" for name in special.split()])
    made.add_tokens([AddedToken(f"<|{step / 50:.2f}|>", normalized=False) for step in range(4)])
    folder = HERE / "bytelevel"
    folder.mkdir(exist_ok=True)
    made.save(str(folder / "tokenizer.json"), pretty=False)
    code = {byte: id for id, byte in enumerate(shown + hidden)}
    raw = lambda text: [code[byte] for byte in text]
    smile, end, zero = "😀".encode(), made.token_to_id("<|endoftext|>"), made.token_to_id("<|0.00|>")
    # Broken UTF-8: one replacement character for each longest beginning of a character, as Rust's lossy strings have.
    broken = [smile[:3], smile[1:], smile[:2] + smile, smile[:3] + b"a", smile[:1] + smile[:2] + smile[:3],
              b"\xff\xfe\x80\xc0\xaf", b"\xed\xa0\x80\xf4\x90\x80\x80"]
    runs = [[], [end], raw("é漢😀".encode()), *map(raw, broken), raw(smile[:2]) + [end] + raw(smile[2:]),
            raw(smile[:2]) + [zero] + raw(smile[2:]), [9_999, *raw(b" a")]]
    draw = random.Random(5)
    size = made.get_vocab_size()
    kinds = ((256, size), (0, 256), (94, 256), (end, size))
    runs += [[draw.randrange(*draw.choice(kinds)) for _ in range(draw.randrange(1, 12))] for _ in range(40)]
    texts = ["", " ", " the patient", "the patient", " patient's pain, don't; they're I'VE", "  two  spaces ",
             "\n new\n\nline \t x", " está mañana aquí: für größere Übungen", " 120/80 10mg 3½ x²", " 😀😃 漢字 Ελλ",
             "_a-b…", " the\u00a0end", *says]
    golden = dict(decode=[dict(ids=ids, text=made.decode(ids, skip_special_tokens=True)) for ids in runs],
                  encode=[dict(text=text, ids=made.encode(text, add_special_tokens=False).ids) for text in texts])
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    print("bytelevel", len(pieces), "pieces", size, "tokens", pieces[256:])


def main():
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["seeded"]:
            # Seeds, sizes of the embedding and loudness of the end, with which the networks say varied things and stop.
            seeded("whisper-english", ENGLISH, 55, 0.5, 2.0)
            seeded("whisper-many", MANY, 165, 0.5, 2.0)
        case ["tokenizer"]:
            tokenizer()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
