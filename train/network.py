"""The forward pass used in training: the same numbers as Hugging Face's modules, at a fraction of the cost on a CPU.

The encoder attends inside blocks of 16 frames and their neighbours instead of through dense T x T masks, which cost ten
times as much and turn into NaN where a window and the padding together leave a row empty.  The decoder also returns its
cross-attention weights, which the guide loss needs.  `check_parity` compares both with the original modules.
"""

import torch
import torch.nn.functional as F
from transformers import MoonshineStreamingForConditionalGeneration
from transformers.models.moonshine_streaming.modeling_moonshine_streaming import apply_rotary_pos_emb

BLOCK = 16
BOS, EOS = 1, 2
MASKED = -1e9


class Heads(torch.nn.Module):
    """Auxiliary outputs on the encoder, dropped on export: what phone a frame is, and characters for CTC."""

    def __init__(self, width: int, phones: int, characters: int) -> None:
        super().__init__()
        self.phone = torch.nn.Linear(width, phones)
        self.character = torch.nn.Linear(width, characters)


def encode(model: MoonshineStreamingForConditionalGeneration, audio: torch.Tensor, valid: torch.Tensor):
    """`audio` [B, S] and its 0/1 mask give the encoder output [B, T, D] at 50 Hz and the mask [B, T]."""
    encoder = model.model.encoder
    x, valid = encoder.embedder(audio, padding_mask=valid)
    frames = x.shape[1]
    x = F.pad(x, (0, 0, 0, -frames % BLOCK))
    padded = F.pad(valid.bool(), (0, -frames % BLOCK))
    masks = {}
    for (left, right), layer in zip(encoder.config.sliding_windows, encoder.layers):
        if (left, right) not in masks:
            masks[left, right] = block_mask(padded, left, right)
        x = x + block_attention(layer.self_attn, layer.input_layernorm(x), masks[left, right])
        x = x + layer.mlp(layer.post_attention_layernorm(x))
    return encoder.final_norm(x)[:, :frames], valid.bool()


def block_mask(valid: torch.Tensor, left: int, right: int) -> torch.Tensor:
    """[B, N, 1, BLOCK, keys]: which of the neighbouring blocks' frames each frame of a block sees."""
    assert left <= BLOCK and right <= BLOCK, "a window reaches no further than the neighbouring block"
    before, after = BLOCK, BLOCK if right else 0
    query, key = torch.arange(BLOCK)[:, None], torch.arange(before + BLOCK + after)[None] - before
    distance = query - key
    window = ((distance >= 0) & (distance < left)) | ((distance < 0) & (-distance < right))
    seen = neighbours(valid.view(valid.shape[0], -1, BLOCK, 1), right > 0)[..., 0]
    # a frame always sees itself, so that no row is empty
    return ((window[None, None] & seen[:, :, None]) | (distance == 0)[None, None])[:, :, None]


def neighbours(blocks: torch.Tensor, ahead: bool) -> torch.Tensor:
    """[B, N, BLOCK, C] to [B, N, 2 or 3 BLOCK, C]: each block with the one before and, if `ahead`, the one after."""
    empty = torch.zeros_like(blocks[:, :1])
    parts = [torch.cat([empty, blocks[:, :-1]], 1), blocks]
    if ahead:
        parts.append(torch.cat([blocks[:, 1:], empty], 1))
    return torch.cat(parts, 2)


def block_attention(attention: torch.nn.Module, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    batch, frames, width = x.shape
    heads, size = attention.config.num_attention_heads, attention.head_dim
    ahead = mask.shape[-1] == 3 * BLOCK

    def split(y: torch.Tensor) -> torch.Tensor:
        return y.view(batch, -1, y.shape[2], heads, size).transpose(2, 3)

    blocks = (batch, frames // BLOCK, BLOCK, heads * size)
    q = split(attention.q_proj(x).view(blocks))
    k = split(neighbours(attention.k_proj(x).view(blocks), ahead))
    v = split(neighbours(attention.v_proj(x).view(blocks), ahead))
    scores = (q @ k.transpose(-1, -2)) * attention.scaling
    weights = scores.masked_fill(~mask, MASKED).softmax(-1)
    return attention.o_proj((weights @ v).transpose(2, 3).reshape(batch, frames, heads * size))


def memory(model, encoded: torch.Tensor):
    """Keys and values [B, heads, T, size] of every decoder layer's cross-attention."""
    decoder = model.model.decoder
    positions = decoder.pos_emb(torch.arange(encoded.shape[1]))
    encoded = decoder.proj(encoded + positions)
    return [(heads_of(a.k_proj(encoded), a), heads_of(a.v_proj(encoded), a)) for a in (x.encoder_attn for x in decoder.layers)]


def heads_of(y: torch.Tensor, attention: torch.nn.Module) -> torch.Tensor:
    return y.view(y.shape[0], y.shape[1], -1, attention.head_dim).transpose(1, 2)


def decode(model, tokens: torch.Tensor, keys_values, valid: torch.Tensor):
    """`tokens` [B, U] give logits [B, U, V] and the cross-attention [B, heads, U, T] of each layer."""
    decoder = model.model.decoder
    x = decoder.embed_tokens(tokens)
    cos, sin = decoder.rotary_emb(x, position_ids=torch.arange(tokens.shape[1])[None])
    hidden = ~valid[:, None, None, :]
    crossed = []
    for layer, (keys, values) in zip(decoder.layers, keys_values):
        a, y = layer.self_attn, layer.input_layernorm(x)
        q, k = apply_rotary_pos_emb(heads_of(a.q_proj(y), a), heads_of(a.k_proj(y), a), cos, sin)
        y = F.scaled_dot_product_attention(q, k, heads_of(a.v_proj(y), a), is_causal=True, scale=a.scaling)
        x = x + a.o_proj(y.transpose(1, 2).flatten(2))
        a = layer.encoder_attn
        q = heads_of(a.q_proj(layer.post_attention_layernorm(x)), a)
        weights = ((q @ keys.transpose(2, 3)) * a.scaling).masked_fill(hidden, MASKED).softmax(-1)
        x = x + a.o_proj((weights @ values).transpose(1, 2).flatten(2))
        x = x + layer.mlp(layer.final_layernorm(x))
        crossed.append(weights)
    return model.proj_out(decoder.norm(x)), crossed


@torch.no_grad()
def greedy(model, audio: torch.Tensor, valid: torch.Tensor, limit: int = 64) -> list[list[int]]:
    """The most likely token at each step until EOS, for a batch; without BOS and EOS."""
    encoded, valid = encode(model, audio, valid)
    keys_values = memory(model, encoded)
    tokens = torch.full((audio.shape[0], 1), BOS)
    ended = torch.zeros(audio.shape[0], dtype=torch.bool)
    while not ended.all() and tokens.shape[1] <= limit:
        logits, _ = decode(model, tokens, keys_values, valid)
        best = logits[:, -1].argmax(-1).masked_fill(ended, EOS)
        ended |= best == EOS
        tokens = torch.cat([tokens, best[:, None]], 1)
    return [[t for t in row[1:] if t != EOS] for row in tokens.tolist()]


@torch.no_grad()
def check_parity(model) -> float:
    """Largest difference from Hugging Face's own forward pass on two clips of different length."""
    audio, valid = torch.randn(2, 16000) * 0.1, torch.ones(2, 16000, dtype=torch.long)
    audio[1, 9600:], valid[1, 9600:] = 0, 0
    tokens = torch.tensor([[BOS, 300, 400, 500]] * 2)
    expected = model(input_values=audio, attention_mask=valid, decoder_input_ids=tokens).logits
    encoded, mask = encode(model, audio, valid)
    logits, _ = decode(model, tokens, memory(model, encoded), mask)
    return (expected - logits).abs().max().item()
