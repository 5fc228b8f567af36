#!/usr/bin/env python3
"""The networks of the speech bench, for ONNX Runtime Web.

    export.py seeded NAME OUT    random weights in the shape of a published network -> a Hugging Face folder
    export.py onnx PACK OUT      a model pack -> encoder and decoder as ONNX, in f32 and in int8

The pack's own weights are used, rounded as they are, so that both programs compute with the same numbers; int8 is ONNX
Runtime's dynamic quantisation of them. Keys and values of what was said go in and out, those of what was heard are
computed once, and the decoder hands on a token, not its scores: what a careful integrator would export.
"""
import json, math, pathlib, sys
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# Stem and window of each published size; a frame is 80 samples, a row 320.
KERNEL, STRIDE, FRAME = 5, 2, 80

TINY = dict(
    vocab_size=32_768, hidden_size=320, intermediate_size=1280, num_hidden_layers=6, num_attention_heads=8,
    num_key_value_heads=8, max_position_embeddings=4096, tie_word_embeddings=True,
    encoder_config=dict(hidden_size=320, intermediate_size=1280, num_hidden_layers=6, num_attention_heads=8,
                        num_key_value_heads=8, sliding_windows=[[16, 4]] * 2 + [[16, 0]] * 2 + [[16, 4]] * 2),
)
SMALL = dict(
    vocab_size=32_768, hidden_size=512, intermediate_size=2048, num_hidden_layers=10, num_attention_heads=8,
    num_key_value_heads=8, max_position_embeddings=4096, tie_word_embeddings=True,
    encoder_config=dict(hidden_size=620, intermediate_size=2480, num_hidden_layers=10, num_attention_heads=8,
                        num_key_value_heads=8, head_dim=64,
                        sliding_windows=[[16, 4]] * 2 + [[16, 0]] * 6 + [[16, 4]] * 2),
)
IDS = dict(bos_token_id=1, eos_token_id=2, pad_token_id=2, decoder_start_token_id=1)


def seeded(config, seed, folder):
    """Weights that say varied things: the start values of the original would say one token for ever."""
    from safetensors.torch import save_file
    from transformers import MoonshineStreamingConfig, MoonshineStreamingForConditionalGeneration as Model

    torch.manual_seed(seed)
    model = Model(MoonshineStreamingConfig(**config, **IDS)).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, p in model.named_parameters():
            spread = 0.3 if p.dim() < 2 else 1.6 / math.sqrt(p[0].numel()) if "emb" not in key else 0.3
            offset = 1.0 if "layernorm.weight" in key or key.endswith("norm.weight") else 0.0
            p.copy_((offset + spread * torch.randn(p.shape, generator=generator)).half().float())
        model.tie_weights()
    folder.mkdir(parents=True, exist_ok=True)
    state = {k: v.half().contiguous() for k, v in model.state_dict().items() if k != "proj_out.weight"}
    save_file(state, folder / "model.safetensors", metadata=dict(format="pt"))
    model.config.save_pretrained(folder)
    special = ["<unk>", "<s>", "</s>"]
    pieces = special + [f"▁{n}" for n in range(config["vocab_size"] - len(special))]
    # A decoder by words: every token is one, so that both programs have as many words as tokens.
    tokens = [dict(id=i, content=p, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
              for i, p in enumerate(special)]
    steps = [dict(type="Replace", pattern=dict(String="▁"), content=" "), dict(type="ByteFallback"), dict(type="Fuse"),
             dict(type="Strip", content=" ", start=1, stop=0)]
    tokenizer = dict(version="1.0", added_tokens=tokens, decoder=dict(type="Sequence", decoders=steps),
                     model=dict(type="BPE", vocab={p: i for i, p in enumerate(pieces)}, merges=[], byte_fallback=True))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))


class Pack:
    """Tensors of a model pack by name; matrices are `[d_in, d_out]`."""

    def __init__(self, folder):
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.config = self.manifest["config"]
        shards = [(folder / shard["file"]).read_bytes() for shard in self.manifest["shards"]]
        self.entries = {t["name"]: (t, shards[t["shard"]][t["offset"]:][: t["bytes"]])
                        for t in self.manifest["tensors"]}

    def __call__(self, *names):
        """The tensor of this name; several stand side by side."""
        return torch.cat([self.one(name) for name in names], -1)

    def one(self, name):
        entry, raw = self.entries[name]
        shape, count = entry["shape"], math.prod(entry["shape"])
        if entry["dtype"] == "f32":
            return torch.from_numpy(np.frombuffer(raw, "<f4").copy()).reshape(shape)
        assert entry["dtype"] == "q8", name
        values = np.frombuffer(raw[:count], np.int8).astype(np.float32).reshape(-1, 32)
        scales = np.frombuffer(raw[count:], "<f4").reshape(-1, 1)
        return torch.from_numpy(values * scales).reshape(shape)

    def maybe(self, *names):
        return self(*names) if names[0] in self.entries else None


class Linear(nn.Module):
    def __init__(self, pack, *names):
        super().__init__()
        self.weight = nn.Parameter(pack(*[f"{name}.weight" for name in names]), requires_grad=False)
        bias = pack.maybe(*[f"{name}.bias" for name in names])
        self.bias = None if bias is None else nn.Parameter(bias, requires_grad=False)

    def forward(self, x):
        y = x @ self.weight
        return y if self.bias is None else y + self.bias


class Norm(nn.Module):
    def __init__(self, scale):
        super().__init__()
        self.scale = nn.Parameter(scale, requires_grad=False)

    def forward(self, x):
        return F.layer_norm(x, self.scale.shape, self.scale, None, 1e-5)


def activate(x, name):
    return F.gelu(x) if name == "gelu" else F.silu(x)


def split(x, heads):
    """`[1, n, heads·dim]` -> `[1, heads, n, dim]`"""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attend(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
    if mask is not None:
        scores = scores + mask
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)


class EncoderLayer(nn.Module):
    def __init__(self, pack, name, config):
        super().__init__()
        self.attention_norm = Norm(pack(f"{name}.input_layernorm.gamma") + 1)
        self.mlp_norm = Norm(pack(f"{name}.post_attention_layernorm.gamma") + 1)
        self.fresh = Linear(pack, *[f"{name}.self_attn.{part}_proj" for part in "qkv"])
        self.output = Linear(pack, f"{name}.self_attn.o_proj")
        self.expand, self.contract = Linear(pack, f"{name}.mlp.fc1"), Linear(pack, f"{name}.mlp.fc2")
        self.heads, self.activation = config["num_attention_heads"], config["hidden_act"]
        assert config["num_key_value_heads"] == self.heads, "grouped heads"

    def forward(self, x, mask):
        q, k, v = (split(part, self.heads) for part in self.fresh(self.attention_norm(x)).chunk(3, -1))
        x = x + self.output(attend(q, k, v, mask))
        return x + self.contract(activate(self.expand(self.mlp_norm(x)), self.activation))


class Encoder(nn.Module):
    """`[1, samples]`, whole rows of 320, -> keys and values of every decoder layer, `[1, heads, rows, dim]` each."""

    def __init__(self, pack):
        super().__init__()
        config, name = pack.config["encoder_config"], "model.encoder"
        self.windows, self.heads = config["sliding_windows"], pack.config["num_attention_heads"]
        self.gain = float(pack.one(f"{name}.embedder.comp.log_k").exp())
        self.project = Linear(pack, f"{name}.embedder.linear")
        kept = lambda tensor: nn.Parameter(pack(f"{name}.embedder.{tensor}"), requires_grad=False)
        self.first, self.first_bias = kept("conv1.weight"), kept("conv1.bias")
        self.second, self.second_bias = kept("conv2.weight"), kept("conv2.bias")
        self.layers = nn.ModuleList(EncoderLayer(pack, f"{name}.layers.{n}", config)
                                    for n in range(config["num_hidden_layers"]))
        self.norm = Norm(pack(f"{name}.final_norm.gamma") + 1)
        decoder = "model.decoder"
        self.positions = nn.Parameter(pack(f"{decoder}.pos_emb.weight"), requires_grad=False)
        wide = f"{decoder}.proj.weight" in pack.entries
        self.between = Linear(pack, f"{decoder}.proj") if wide else nn.Identity()
        self.memory = nn.ModuleList(
            Linear(pack, *[f"{decoder}.layers.{n}.encoder_attn.{part}_proj" for part in "kv"])
            for n in range(pack.config["num_hidden_layers"]))

    def forward(self, wave):
        frames = wave.reshape(-1, FRAME)
        centred = frames - frames.mean(-1, keepdim=True)
        frames = centred / ((centred * centred).mean(-1, keepdim=True) + 1e-6).sqrt()
        x = self.gain * frames
        # asinh, which the exporter does not know.
        x = x.sign() * (x.abs() + (x * x + 1).sqrt()).log()
        x = F.silu(self.project(x)).t()[None]
        x = F.silu(F.conv1d(F.pad(x, (KERNEL - 1, 0)), self.first, self.first_bias, STRIDE))
        x = F.conv1d(F.pad(x, (KERNEL - 1, 0)), self.second, self.second_bias, STRIDE).transpose(1, 2)
        row = torch.arange(x.shape[1])
        before = row[:, None] - row[None]
        masks = {}
        for left, right in self.windows:
            seen = (before < left) & (-before < max(right, 1))
            masks[left, right] = torch.where(seen, 0.0, -1e9)[None, None]
        for layer, window in zip(self.layers, self.windows):
            x = layer(x, masks[tuple(window)])
        x = self.between(self.norm(x) + self.positions[: x.shape[1]])
        return tuple(split(part, self.heads) for memory in self.memory for part in memory(x).chunk(2, -1))


class DecoderLayer(nn.Module):
    def __init__(self, pack, name):
        super().__init__()
        config = pack.config
        self.self_norm = Norm(pack(f"{name}.input_layernorm.weight"))
        self.across_norm = Norm(pack(f"{name}.post_attention_layernorm.weight"))
        self.mlp_norm = Norm(pack(f"{name}.final_layernorm.weight"))
        self.fresh = Linear(pack, *[f"{name}.self_attn.{part}_proj" for part in "qkv"])
        self.output = Linear(pack, f"{name}.self_attn.o_proj")
        self.query, self.across = Linear(pack, f"{name}.encoder_attn.q_proj"), Linear(pack, f"{name}.encoder_attn.o_proj")
        self.expand, self.contract = Linear(pack, f"{name}.mlp.fc1"), Linear(pack, f"{name}.mlp.fc2")
        self.heads, self.activation = config["num_attention_heads"], config["hidden_act"]

    def forward(self, x, cosine, sine, keys, values, heard_keys, heard_values):
        q, k, v = (split(part, self.heads) for part in self.fresh(self.self_norm(x)).chunk(3, -1))
        q, k = turn(q, cosine, sine), turn(k, cosine, sine)
        keys, values = torch.cat([keys, k], 2), torch.cat([values, v], 2)
        x = x + self.output(attend(q, keys, values))
        x = x + self.across(attend(split(self.query(self.across_norm(x)), self.heads), heard_keys, heard_values))
        value, gate = self.expand(self.mlp_norm(x)).chunk(2, -1)
        return x + self.contract(activate(gate, self.activation) * value), keys, values


def turn(x, cosine, sine):
    """Rotary positions on interleaved pairs; those beyond the rotary part have cosine 1 and sine 0."""
    a, b = x.unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * cosine - b * sine, b * cosine + a * sine], -1).flatten(-2)


class Decoder(nn.Module):
    """A token `[1, 1]`, its place `[1]`, keys and values of what was said and heard -> the next token `[1, 1]`, the new
    keys and values of what was said."""

    def __init__(self, pack):
        super().__init__()
        config, name = pack.config, "model.decoder"
        self.embedding = nn.Parameter(pack(f"{name}.embed_tokens.weight"), requires_grad=False)
        self.layers = nn.ModuleList(DecoderLayer(pack, f"{name}.layers.{n}") for n in range(config["num_hidden_layers"]))
        self.norm, self.head = Norm(pack(f"{name}.norm.weight")), Linear(pack, "proj_out")
        dim, rope = head_dim(config), config["rope_parameters"]
        rotary = int(dim * rope.get("partial_rotary_factor", 1.0))
        pair = torch.arange(dim // 2)
        speed = torch.where(2 * pair < rotary + rotary % 2, rope["rope_theta"] ** (-2 * pair / rotary), 0.0)
        angles = torch.arange(1024)[:, None] * speed[None]
        self.cosines = nn.Parameter(angles.cos(), requires_grad=False)
        self.sines = nn.Parameter(angles.sin(), requires_grad=False)

    def forward(self, token, place, *state):
        x = self.embedding[token]
        cosine, sine = self.cosines[place], self.sines[place]
        count, said = len(self.layers), []
        for n, layer in enumerate(self.layers):
            past, heard = state[2 * n: 2 * n + 2], state[2 * (count + n): 2 * (count + n) + 2]
            x, *new = layer(x, cosine, sine, *past, *heard)
            said += new
        return self.head(self.norm(x)).argmax(-1), *said


def head_dim(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def export(pack, out):
    out.mkdir(parents=True, exist_ok=True)
    encoder, decoder = Encoder(pack).eval(), Decoder(pack).eval()
    layers, heads, dim = pack.config["num_hidden_layers"], pack.config["num_attention_heads"], head_dim(pack.config)
    parts = [f"{part}.{n}" for n in range(layers) for part in ("keys", "values")]
    heard, said, after = ([f"{kind}.{part}" for part in parts] for kind in ("heard", "said", "after"))
    wave = torch.randn(1, 320 * 40)
    with torch.no_grad():
        memory = encoder(wave)
        torch.onnx.export(encoder, (wave,), out / "encoder.onnx", input_names=["wave"], output_names=heard,
                          dynamic_axes={"wave": {1: "samples"}, **{name: {2: "rows"} for name in heard}},
                          dynamo=False, opset_version=17)
        past = [torch.randn(1, heads, 3, dim) for _ in said]
        torch.onnx.export(decoder, (torch.tensor([[1]]), torch.tensor([3]), *past, *memory), out / "decoder.onnx",
                          input_names=["token", "place", *said, *heard], output_names=["next", *after],
                          dynamic_axes={**{name: {2: "past"} for name in said}, **{name: {2: "rows"} for name in heard},
                                        **{name: {2: "present"} for name in after}},
                          dynamo=False, opset_version=17)
    from onnxruntime.quantization import QuantType, quantize_dynamic
    for part in ("encoder", "decoder"):
        quantize_dynamic(out / f"{part}.onnx", out / f"{part}.int8.onnx", per_channel=True,
                         weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
    shape = dict(layers=layers, heads=heads, dim=dim, start=pack.config["decoder_start_token_id"],
                 end=pack.config["eos_token_id"])
    (out / "shape.json").write_text(json.dumps(shape))


def main():
    torch.set_num_threads(1)
    match sys.argv[1:]:
        case ["seeded", "tiny", out]:
            seeded(TINY, 6, pathlib.Path(out))
        case ["seeded", "small", out]:
            seeded(SMALL, 6, pathlib.Path(out))
        case ["onnx", pack, out]:
            export(Pack(pathlib.Path(pack)), pathlib.Path(out))
        case _:
            sys.exit(__doc__)


main()
