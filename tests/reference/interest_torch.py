"""DIN (Zhou et al. 2018, https://arxiv.org/abs/1706.06978) and DIEN (Zhou et al. 2019, https://arxiv.org/abs/1809.03672) in plain torch.

A candidate's item is compared with every event of the history; the results depend on rows of item features.
"""

import math

import torch
from torch import nn

from ctr_torch import Fields, Mlp, paths_of, tail
from named import place


class Attention:
    """A small network on [target, key, target - key, target * key] for every key. Returns weights [batch, T], 0 on padding."""

    def __init__(self, root, config, prefix, width):
        recbole = config["naming"] == "recbole"
        network = prefix + (".att_mlp_layers" if recbole else ".local_att.dnn")
        dense = prefix + (".dense" if recbole else ".local_att.dense")
        sizes = [4 * width, *config["attention_hidden_sizes"]]
        self.network = Mlp(root, config["naming"], network, sizes, config["attention_activation"], kind="attention")
        self.dense = place(root, dense, nn.Linear(sizes[-1], 1))
        self.softmax = config["attention_softmax"]
        self.scale = 1 / math.sqrt(width) if config["attention_scale"] == "inverse_sqrt_width" else 1

    def __call__(self, target, keys, real):
        target = target.unsqueeze(1).expand_as(keys)
        x = torch.cat([target, keys, target - keys, target * keys], dim=2)
        scores = self.dense(self.network(x)).squeeze(2) * self.scale
        if not self.softmax:
            return scores * real
        scores = torch.softmax(scores.masked_fill(~real, -1e30), dim=1)
        return scores * real


def gru_step(cell, x, h, attention, kind):
    """One step of a GRU whose update gate is scaled by (augru) or replaced by (agru) the attention."""
    gates_x = x @ cell.weight_ih.T + cell.bias_ih
    gates_h = h @ cell.weight_hh.T + cell.bias_hh
    (reset_x, update_x, new_x), (reset_h, update_h, new_h) = gates_x.chunk(3, 1), gates_h.chunk(3, 1)
    new = torch.tanh(new_x + torch.sigmoid(reset_x + reset_h) * new_h)
    update = attention.unsqueeze(1)
    if kind == "augru":
        update = update * torch.sigmoid(update_x + update_h)
    return (1 - update) * h + update * new


class Evolution:
    """DIEN's second stage: states of the first GRU, weighted by the target, to one vector."""

    def __init__(self, root, config, width):
        recbole, self.kind = config["naming"] == "recbole", config["gru_type"]
        self.attention = Attention(root, config, "interest_evolution." + ("attention_layer" if recbole else "attention"), width)
        path = "interest_evolution." + ("dynamic_rnn" if recbole else "interest_evolution")
        if self.kind in ("gru", "aigru"):
            self.rnn = place(root, path, nn.GRU(width, width, batch_first=True))
            return
        self.rnn = place(root, path + ".rnn", nn.Module())
        for name in ("weight_ih", "weight_hh"):
            place(self.rnn, name, nn.Parameter(torch.zeros(3 * width, width)))
        for name in ("bias_ih", "bias_hh"):
            place(self.rnn, name, nn.Parameter(torch.zeros(3 * width)))

    def __call__(self, target, states, real):
        lengths = real.sum(1)
        if self.kind == "gru":
            states = self.rnn(states)[0]
            return (self.attention(target, states, real).unsqueeze(2) * states).sum(1)
        weights = self.attention(target, states, real)
        if self.kind == "aigru":
            states = self.rnn(states * weights.unsqueeze(2))[0]
            last = states[torch.arange(len(states)), (lengths - 1).clamp(min=0)]
            return last * (lengths > 0).unsqueeze(1)
        h = torch.zeros_like(target)
        for step in range(states.shape[1]):
            following = gru_step(self.rnn, states[:, step], h, weights[:, step], self.kind)
            h = torch.where(real[:, step].unsqueeze(1), following, h)
        return h


class InterestModel(nn.Module):
    """`din` and `dien`. `features`: item field -> one row an item id."""

    def __init__(self, config, features):
        super().__init__()
        naming, size = config["naming"], config["embedding_size"]
        recbole, self.dien = naming == "recbole", config["model_type"] == "dien"
        prefix = "embedding_layer." if recbole else ""
        self.features = features
        user_fields = config.get("user_fields", [])
        if recbole:
            self.items = Fields(self, config["item_fields"], size, paths_of(naming, prefix, ".item"))
            self.users = Fields(self, user_fields, size, paths_of(naming, prefix, ".user"))
        else:
            self.items = Fields(self, config["item_fields"], size, paths_of(naming))
            self.users = Fields(self, user_fields, size, paths_of(naming))
        width = self.items.width
        if self.dien:
            extractor = "interset_extractor.gru" if recbole else "interest_extractor.gru"  # the first is spelt as published
            self.extractor = [place(self, extractor, nn.GRU(width, width, batch_first=True))]
            self.evolution = Evolution(self, config, width)
        else:
            self.attend = Attention(self, config, "attention", width)
        self.parts = config["mlp_input"]
        widths = {"interest": width, "target": width, "interest_times_target": width}
        for part, kinds in USER_PARTS.items():
            widths[part] = sum(f["size"] if f["kind"] == "dense" else size for f in user_fields if f["kind"] in kinds)
        sizes = [sum(widths[part] for part in self.parts), *config["mlp_hidden_sizes"]]
        deep = "dnn_mlp_layers" if recbole else "dnn"
        self.deep = Mlp(self, naming, deep, sizes, config["mlp_activation"], config["mlp_batch_norm"], config["batch_norm_eps"])
        last = ("dnn_predict_layer" if self.dien else "dnn_predict_layers") if recbole else "linear" if self.dien else "dnn_linear"
        self.predict = tail(self, config, last, sizes[-1])
        if not recbole:
            place(self, "out.bias", nn.Parameter(torch.zeros(1)))

    def item_vectors(self, ids):
        """[..., width]: the fields that no feature names are the id itself."""
        return self.items.concatenated({f["name"]: self.features[f["name"]][ids] if f["name"] in self.features else ids for f in self.items.fields})

    def user_part(self, part, inputs):
        kinds = USER_PARTS[part]
        if part == "user_dense":
            return torch.cat([x.to(self.dtype()) for x in self.users.dense(inputs, self.dtype())], dim=-1)
        return torch.cat([self.users.look_up(f, inputs) for f in self.users.fields if f["kind"] in kinds], dim=-1)

    def dtype(self):
        return next(self.parameters()).dtype

    def forward(self, items, real, targets, user_inputs):
        """items, real [batch, T]; targets [batch]; user_inputs: user field -> [batch, ...]."""
        keys, target = self.item_vectors(items), self.item_vectors(targets)
        if self.dien:
            states = self.extractor[0](keys)[0]
            interest = self.evolution(target, states, real)
        else:
            interest = (self.attend(target, keys, real).unsqueeze(2) * keys).sum(1)
        parts = {"interest": interest, "target": target, "interest_times_target": interest * target}
        x = torch.cat([parts[p] if p in parts else self.user_part(p, user_inputs) for p in self.parts], dim=1)
        logits = self.predict(self.deep(x)).squeeze(1)
        logits = logits + self.out.bias if hasattr(self, "out") else logits
        return {"logits": logits, "probabilities": torch.sigmoid(logits)}


USER_PARTS = {
    "user_fields": ("token", "value", "multi"),
    "user_tokens": ("token", "value"),
    "user_lists": ("multi",),
    "user_dense": ("dense",),
}
