"""BERT4Rec (Sun et al., 2019, https://arxiv.org/abs/1904.06690) in plain torch modules, with the variants that code bases differ in.

The modules are named so that state_dict() has the parameter names of `recbole` and of `codertimo`, the Transformer that most
PyTorch versions of BERT4Rec are built on.
"""

import math

import torch
from torch import nn

import sasrec_torch
from sasrec_torch import ACTIVATIONS, MASKED


class UnbiasedLayerNorm(nn.Module):
    """a (x - mean) / (deviation + eps) + b with the deviation over n - 1, eps outside the root."""

    def __init__(self, size, eps):
        super().__init__()
        self.a_2 = nn.Parameter(torch.ones(size))
        self.b_2 = nn.Parameter(torch.zeros(size))
        self.eps = eps

    @property
    def gain(self):
        return self.a_2

    def forward(self, x):
        centred = x - x.mean(-1, keepdim=True)
        return self.a_2 * centred / (x.std(-1, keepdim=True) + self.eps) + self.b_2


def norm(config):
    kind = UnbiasedLayerNorm if config["layer_norm"] == "unbiased_std" else nn.LayerNorm
    return kind(config["hidden_size"], eps=config["layer_norm_eps"])


class CodertimoAttention(nn.Module):
    def __init__(self, size, heads):
        super().__init__()
        self.linear_layers = nn.ModuleList(nn.Linear(size, size) for _ in range(3))
        self.output_linear = nn.Linear(size, size)
        self.heads = heads

    def forward(self, query, source, mask):
        inputs = (query, source, source)
        q, k, v = (layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2) for layer, x in zip(self.linear_layers, inputs))
        logits = q @ k.transpose(2, 3) / math.sqrt(q.shape[3]) + mask.unsqueeze(1)
        return self.output_linear((torch.softmax(logits, dim=3) @ v).transpose(1, 2).flatten(2))


class CodertimoFeedForward(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.w_1 = nn.Linear(config["hidden_size"], config["intermediate_size"])
        self.w_2 = nn.Linear(config["intermediate_size"], config["hidden_size"])
        self.activation = ACTIVATIONS[config["hidden_act"]]

    def forward(self, x):
        return self.w_2(self.activation(self.w_1(x)))


class Sublayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm = norm(config)


class CodertimoBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = CodertimoAttention(config["hidden_size"], config["num_heads"])
        self.feed_forward = CodertimoFeedForward(config)
        self.input_sublayer = Sublayer(config)
        self.output_sublayer = Sublayer(config)


class CodertimoBert4Rec(nn.Module):
    def __init__(self, config, position_rows):
        super().__init__()
        size = config["hidden_size"]
        self.bert = nn.Module()
        self.bert.embedding = nn.Module()
        self.bert.embedding.token = nn.Embedding(config["vocab_size"], size)
        self.bert.embedding.position = nn.Module()
        self.bert.embedding.position.pe = nn.Embedding(position_rows, size)
        self.bert.embedding.norm = norm(config) if config["embedding_layer_norm"] else None
        self.bert.transformer_blocks = nn.ModuleList(CodertimoBlock(config) for _ in range(config["num_layers"]))
        self.bert.norm = norm(config) if config["final_layer_norm"] else None
        self.head = Head(self, config)

    def embed(self, items, positions, scale):
        x = self.bert.embedding.token(items) * scale + self.bert.embedding.position.pe(positions)
        return x if self.bert.embedding.norm is None else self.bert.embedding.norm(x)

    def attention(self, i, query, source, mask):
        return self.bert.transformer_blocks[i].attention(query, source, mask)

    def attention_norm(self, i):
        return self.bert.transformer_blocks[i].input_sublayer.norm

    def ffn(self, i, x):
        return self.bert.transformer_blocks[i].feed_forward(x)

    def ffn_norm(self, i):
        return self.bert.transformer_blocks[i].output_sublayer.norm

    def finish(self, x):
        return x if self.bert.norm is None else self.bert.norm(x)

    def item_table(self):
        return self.bert.embedding.token.weight

    def forward(self, config, items):
        return encode_masked(self, config, items)


class RecBoleBert4Rec(sasrec_torch.RecBoleSasRec):
    def __init__(self, config, position_rows):
        super().__init__(config, position_rows)
        self.item_embedding = nn.Embedding(config["mask_id"] + 1, config["hidden_size"])
        self.head = Head(self, config)

    def forward(self, config, items):
        return encode_masked(self, config, items)


class Head:
    """Adds the modules of output_head to `model` under the names that the code bases give them."""

    def __init__(self, model, config):
        size, columns = config["hidden_size"], config["num_items"] + 1
        self.tied = config["output_head"] == "transform_tied_bias"
        if self.tied:
            model.output_ffn = nn.Linear(size, size)
            model.output_ln = norm(config)
            model.output_bias = nn.Parameter(torch.zeros(columns))
        else:
            model.out = nn.Linear(size, columns)
        self.columns = columns

    def __call__(self, model, state):
        if not self.tied:
            return state, model.out(state)
        hidden = model.output_ln(nn.functional.gelu(model.output_ffn(state)))
        return hidden, hidden @ model.item_table()[: self.columns].T + model.output_bias


def with_mask(config, items):
    """The window that the encoder sees and each row's slot of the mask token."""
    lengths = (items != 0).sum(1)
    rows = torch.arange(len(items))
    if config["append_mask"]:
        # One more slot, the mask right after the last item, and the first slot dropped, whatever it held
        items = torch.cat([items, torch.zeros(len(items), 1, dtype=items.dtype)], dim=1)
        after_last = lengths if config["padding_side"] == "right" else torch.full_like(lengths, items.shape[1] - 1)
        items[rows, after_last] = config["mask_id"]
        items = items[:, 1:]
        return items, after_last - 1
    return items, lengths - 1 if config["padding_side"] == "right" else torch.full_like(lengths, items.shape[1] - 1)


def bidirectional_mask(config, items, dtype):
    """[batch, 1, T]: MASKED on padded keys where asked for."""
    return ((items == 0) & config["key_padding_mask"]).unsqueeze(1).to(dtype) * MASKED


def encode_masked(model, config, items):
    """`hidden` and `scores` at the mask token."""
    items, slots = with_mask(config, items)
    states = sasrec_torch.encode(model, config, items, bidirectional_mask)
    hidden, scores = model.head(model, states[torch.arange(len(items)), slots])
    return {"hidden": hidden, "scores": scores}
