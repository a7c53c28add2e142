"""SASRec (Kang & McAuley, 2018, https://arxiv.org/abs/1808.09781) in plain torch modules, every published variant.

`config` holds the fields of a model directory's config.json. The modules are named so that state_dict() has
the parameter names of the two public code bases: `pmixer` (nn.MultiheadAttention, kernel-1 convolutions) and
`recbole` (query, key, value and dense layers, and an intermediate size).
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

MASKED = -1e30  # finite: a row whose keys are all masked stays finite, and exp(MASKED - max) is exactly 0 elsewhere

ACTIVATIONS = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "none": lambda x: x,
}


class PointwiseFeedForward(nn.Module):
    """pmixer's feed-forward: conv2(act(conv1(x))) with kernels [out, in, 1]."""

    def __init__(self, hidden_size, activation, dropout):
        super().__init__()
        self.conv1 = nn.Conv1d(hidden_size, hidden_size, kernel_size=1)
        self.conv2 = nn.Conv1d(hidden_size, hidden_size, kernel_size=1)
        self.activation = ACTIVATIONS[activation]
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        inner = self.dropout(self.activation(self.conv1(x.transpose(1, 2))))
        return self.dropout(self.conv2(inner)).transpose(1, 2)


class PmixerSasRec(nn.Module):
    def __init__(self, config, position_rows, dropout=0.0):
        super().__init__()
        size, layers, eps = config["hidden_size"], config["num_layers"], config["layer_norm_eps"]
        self.item_emb = nn.Embedding(config["num_items"] + 1, size)
        self.pos_emb = nn.Embedding(position_rows, size)
        self.emb_dropout = nn.Dropout(dropout)
        self.attention_layernorms = nn.ModuleList(nn.LayerNorm(size, eps=eps) for _ in range(layers))
        self.attention_layers = nn.ModuleList(
            nn.MultiheadAttention(size, config["num_heads"], dropout=dropout, batch_first=True) for _ in range(layers)
        )
        self.forward_layernorms = nn.ModuleList(nn.LayerNorm(size, eps=eps) for _ in range(layers))
        self.forward_layers = nn.ModuleList(
            PointwiseFeedForward(size, config["ffn_activation"], dropout) for _ in range(layers)
        )
        self.last_layernorm = nn.LayerNorm(size, eps=eps)
        self.heads = config["num_heads"]

    def embed(self, items, positions, scale):
        return self.emb_dropout(self.item_emb(items) * scale + self.pos_emb(positions))

    def attention(self, i, query, source, mask):
        per_head = mask.repeat_interleave(self.heads, dim=0)
        return self.attention_layers[i](query, source, source, attn_mask=per_head, need_weights=False)[0]

    def attention_norm(self, i):
        return self.attention_layernorms[i]

    def ffn(self, i, x):
        return self.forward_layers[i](x)

    def ffn_norm(self, i):
        return self.forward_layernorms[i]

    def finish(self, x):
        return self.last_layernorm(x)

    def item_table(self):
        return self.item_emb.weight


class RecBoleAttention(nn.Module):
    def __init__(self, size, heads, eps):
        super().__init__()
        self.query = nn.Linear(size, size)
        self.key = nn.Linear(size, size)
        self.value = nn.Linear(size, size)
        self.dense = nn.Linear(size, size)
        self.LayerNorm = nn.LayerNorm(size, eps=eps)
        self.heads = heads

    def forward(self, query, source, mask):
        def split(x):
            return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

        q, k, v = split(self.query(query)), split(self.key(source)), split(self.value(source))
        logits = q @ k.transpose(2, 3) / math.sqrt(q.shape[3]) + mask.unsqueeze(1)
        return self.dense((torch.softmax(logits, dim=3) @ v).transpose(1, 2).flatten(2))


class RecBoleFeedForward(nn.Module):
    def __init__(self, size, inner_size, activation, eps):
        super().__init__()
        self.dense_1 = nn.Linear(size, inner_size)
        self.dense_2 = nn.Linear(inner_size, size)
        self.LayerNorm = nn.LayerNorm(size, eps=eps)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x):
        return self.dense_2(self.activation(self.dense_1(x)))


class RecBoleLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, eps = config["hidden_size"], config["layer_norm_eps"]
        self.multi_head_attention = RecBoleAttention(size, config["num_heads"], eps)
        self.feed_forward = RecBoleFeedForward(size, config["intermediate_size"], config["hidden_act"], eps)


class RecBoleSasRec(nn.Module):
    def __init__(self, config, position_rows):
        super().__init__()
        size = config["hidden_size"]
        self.item_embedding = nn.Embedding(config["num_items"] + 1, size)
        self.position_embedding = nn.Embedding(position_rows, size)
        self.LayerNorm = nn.LayerNorm(size, eps=config["layer_norm_eps"]) if config["embedding_layer_norm"] else None
        self.trm_encoder = nn.Module()
        self.trm_encoder.layer = nn.ModuleList(RecBoleLayer(config) for _ in range(config["num_layers"]))

    def embed(self, items, positions, scale):
        x = self.item_embedding(items) * scale + self.position_embedding(positions)
        return x if self.LayerNorm is None else self.LayerNorm(x)

    def attention(self, i, query, source, mask):
        return self.trm_encoder.layer[i].multi_head_attention(query, source, mask)

    def attention_norm(self, i):
        return self.trm_encoder.layer[i].multi_head_attention.LayerNorm

    def ffn(self, i, x):
        return self.trm_encoder.layer[i].feed_forward(x)

    def ffn_norm(self, i):
        return self.trm_encoder.layer[i].feed_forward.LayerNorm

    def finish(self, x):
        return x

    def item_table(self):
        return self.item_embedding.weight


def attention_mask(config, items, dtype):
    """[batch, T, T]: 0 where a query may look, MASKED where it may not (later slots; padded keys when asked for)."""
    length = items.shape[1]
    mask = torch.triu(torch.full((length, length), MASKED, dtype=dtype), diagonal=1).expand(len(items), -1, -1)
    if config["key_padding_mask"]:
        mask = mask.masked_fill((items == 0).unsqueeze(1), MASKED)
    return mask


def position_ids(config, items):
    slots = torch.arange(items.shape[1]).expand_as(items)
    if config["position_ids"] == "from_zero":
        return slots
    return torch.where(items != 0, slots + 1, torch.zeros_like(slots))


def encode(model, config, items, mask_of=attention_mask):
    """Every slot's state after the last block and the final norm: [batch, T, hidden]."""
    scale = math.sqrt(config["hidden_size"]) if config["scale_embedding"] else 1.0
    x = model.embed(items, position_ids(config, items), scale)
    mask = mask_of(config, items, x.dtype)
    keep = (items != 0).unsqueeze(2).to(x.dtype)
    if config["zero_padding_rows"]:
        x = x * keep
    for i in range(config["num_layers"]):
        if config["block"] == "query_norm":
            query = model.attention_norm(i)(x)
            x = query + model.attention(i, query, x, mask)
            x = model.ffn_norm(i)(x)
            x = x + model.ffn(i, x)
        elif config["block"] == "post_norm":
            x = model.attention_norm(i)(x + model.attention(i, x, x, mask))
            x = model.ffn_norm(i)(x + model.ffn(i, x))
        else:
            normed = model.attention_norm(i)(x)
            x = x + model.attention(i, normed, normed, mask)
            x = x + model.ffn(i, model.ffn_norm(i)(x))
        if config["zero_padding_rows"]:
            x = x * keep
    return model.finish(x)


def last_hidden(config, states, items):
    """The user vector: the last slot, or with right padding the slot of the last item."""
    if config["padding_side"] == "left":
        return states[:, -1]
    lengths = (items != 0).sum(1)
    return states[torch.arange(len(items)), lengths - 1]
