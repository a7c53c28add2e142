"""Recurrent recommenders in plain torch modules: item embedding or one-hot input, RNN, GRU or LSTM, a linear head.

Padding never touches the state: the sequences are packed, whichever side they were padded on.
"""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence


def run_packed(rnn, inputs, lengths):
    """The final states (h_n, c_n or None), [layers x directions, batch, hidden], of right-padded inputs [batch, T, size]."""
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    _, state = rnn(packed)
    return state if isinstance(state, tuple) else (state, None)


def top_state(rnn, h_n):
    """The top layer's last state; for two directions the forward and the backward one side by side."""
    return torch.cat([h_n[-2], h_n[-1]], dim=1) if rnn.bidirectional else h_n[-1]


class Recurrent(nn.Module):
    """`recurrent`: embedding -> rnn -> out, with out either the scores or a vector to compare with the embedding rows."""

    def __init__(self, config):
        super().__init__()
        items, width = config["num_items"] + 1, config["embedding_size"]
        options = {
            "num_layers": config["num_layers"],
            "bidirectional": config["bidirectional"],
            "batch_first": True,
        }
        self.embedding = nn.Embedding(items, width)
        cell = config["cell"]
        if cell.startswith("rnn_"):
            self.rnn = nn.RNN(width, config["hidden_size"], nonlinearity=cell[len("rnn_") :], **options)
        else:
            self.rnn = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](width, config["hidden_size"], **options)
        self.tied = config["output_head"] == "linear_then_tied_embedding"
        state_size = config["hidden_size"] * (2 if config["bidirectional"] else 1)
        self.out = nn.Linear(state_size, width if self.tied else items)

    def forward(self, items, lengths):
        h_n, c_n = run_packed(self.rnn, self.embedding(items), lengths)
        hidden = top_state(self.rnn, h_n)
        if self.tied:
            hidden = self.out(hidden)
            scores = hidden @ self.embedding.weight.T
        else:
            scores = self.out(hidden)
        return {"hidden": hidden, "scores": scores, "state_h": h_n} | ({} if c_n is None else {"state_c": c_n})


class PyGru4Rec(nn.Module):
    """`gru4rec` with pygru4rec names: one-hot or looked-up input, GRU with biases, h2o, final activation. Ids from 0."""

    def __init__(self, config):
        super().__init__()
        items, one_hot = config["num_items"], config["input"] == "one_hot"
        self.items = items
        self.look_up = None if one_hot else nn.Embedding(items, config["embedding_size"])
        width = items if one_hot else config["embedding_size"]
        self.gru = nn.GRU(width, config["hidden_size"], config["num_layers"], batch_first=True)
        self.h2o = nn.Linear(config["hidden_size"], items)
        self.final = {"none": nn.Identity(), "tanh": nn.Tanh()}[config["final_activation"]]

    def forward(self, items, lengths):
        real = items.clamp(min=0)
        inputs = F.one_hot(real, self.items).to(self.h2o.weight.dtype) if self.look_up is None else self.look_up(real)
        hidden = top_state(self.gru, run_packed(self.gru, inputs, lengths)[0])
        return {"hidden": hidden, "scores": self.final(self.h2o(hidden))}


class RecBoleGru4Rec(nn.Module):
    """`gru4rec` with recbole names: item embedding, GRU without biases, dense, dot with the item rows."""

    def __init__(self, config):
        super().__init__()
        width = config["embedding_size"]
        self.item_embedding = nn.Embedding(config["num_items"] + 1, width)
        self.gru_layers = nn.GRU(width, config["hidden_size"], config["num_layers"], bias=False, batch_first=True)
        self.dense = nn.Linear(config["hidden_size"], width)

    def forward(self, items, lengths):
        h_n, _ = run_packed(self.gru_layers, self.item_embedding(items), lengths)
        hidden = self.dense(top_state(self.gru_layers, h_n))
        return {"hidden": hidden, "scores": hidden @ self.item_embedding.weight.T}
