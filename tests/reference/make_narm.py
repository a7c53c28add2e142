"""Golden cases of `narm` (Li et al. 2017, https://arxiv.org/abs/1711.04725) with RecBole's names.

Usage: make_narm.py [--check]
"""

import sys

import torch
from torch import nn

import golden
import history_case

BASE = {
    "model_type": "narm",
    "naming": "recbole",
    "num_items": 30,
    "embedding_size": 10,
    "hidden_size": 14,
    "num_layers": 1,
    "max_length": 9,
    "padding_side": "right",
}

# name -> (fields that differ, options). Options: dtype, ids
VARIANTS = {
    "narm-recbole": ({}, {}),
    "narm-recbole-2-layers-left": ({"num_layers": 2, "padding_side": "left", "hidden_size": 9}, {"ids": torch.int64}),
    "narm-recbole-ragged-f16": ({"embedding_size": 16, "hidden_size": 16}, {"dtype": torch.float16, "ids": "ragged"}),
    "narm-recbole-bf16": ({"hidden_size": 8, "max_length": 5}, {"dtype": torch.bfloat16}),
}


class Narm(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, hidden = config["embedding_size"], config["hidden_size"]
        self.item_embedding = nn.Embedding(config["num_items"] + 1, size)
        self.gru = nn.GRU(size, hidden, config["num_layers"], bias=False, batch_first=True)
        self.a_1 = nn.Linear(hidden, hidden, bias=False)
        self.a_2 = nn.Linear(hidden, hidden, bias=False)
        self.v_t = nn.Linear(hidden, 1, bias=False)
        self.b = nn.Linear(2 * hidden, size, bias=False)

    def forward(self, items, lengths):
        """Right-padded items."""
        states = self.gru(self.item_embedding(items))[0]
        last = states[torch.arange(len(items)), lengths - 1]
        real = torch.arange(items.shape[1]) < lengths.unsqueeze(1)
        weights = self.v_t(torch.sigmoid(self.a_1(states) + self.a_2(last).unsqueeze(1))) * real.unsqueeze(2)
        hidden = self.b(torch.cat([(weights * states).sum(1), last], dim=1))
        return {"hidden": hidden, "scores": hidden @ self.item_embedding.weight.T}


def make_case(folder, number, name, changes, options):
    config = {**BASE, **changes}
    generator = torch.Generator().manual_seed(7000 + number)
    model = golden.randomize(Narm(config), generator, weight_gain=1.5)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    histories = history_case.random_histories(config, generator)
    single, double = history_case.run(model, {**config, "padding_side": "right"}, histories)
    case = golden.Case(name, config)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32))
    history_case.ranking_outputs(case, config, single, double, generator)
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
