"""Golden cases of `gru4rec` with the names of its authors' PyTorch code (Hidasi and Karatzoglou 2018, https://arxiv.org/abs/1706.03847).

Usage: make_gru4rec_hidasib.py [--check]
"""

import sys

import torch
from torch import nn

import golden
import history_case
from named import place

BASE = {
    "model_type": "gru4rec",
    "naming": "hidasib",
    "input": "shared_embedding",
    "num_items": 30,
    "hidden_sizes": [12],
    "max_length": 9,
    "first_item_id": 0,
    "padding_side": "right",
    "output_head": "linear",
    "final_activation": "none",
}

# name -> (fields that differ, options). Options: dtype, ids
VARIANTS = {
    "gru4rec-hidasib-shared": ({}, {"ids": "ragged"}),
    "gru4rec-hidasib-shared-2-layers": ({"hidden_sizes": [9, 12]}, {}),
    "gru4rec-hidasib-embedding": ({"input": "embedding", "embedding_size": 7, "hidden_sizes": [10, 6], "final_activation": "tanh"}, {}),
    "gru4rec-hidasib-one-hot": ({"input": "one_hot", "hidden_sizes": [11]}, {"ids": torch.int64}),
    "gru4rec-hidasib-one-hot-3-layers-bf16": ({"input": "one_hot", "hidden_sizes": [8, 10, 6], "padding_side": "left"}, {"dtype": torch.bfloat16}),
}


class HidasibGru4Rec(nn.Module):
    def __init__(self, config):
        super().__init__()
        items, sizes = config["num_items"], config["hidden_sizes"]
        self.config = config
        inputs = {"shared_embedding": sizes[-1], "embedding": config.get("embedding_size")}.get(config["input"])
        if config["input"] == "one_hot":
            size = sizes[0]
            place(self, "GE.Wx0", nn.Embedding(items, 3 * size))
            for name, shape in {"Wrz0": (size, 2 * size), "Wh0": (size, size), "Bh0": (3 * size,)}.items():
                place(self, "GE." + name, nn.Parameter(torch.zeros(shape)))
        elif config["input"] == "embedding":
            self.E = nn.Embedding(items, inputs)
        pairs = list(zip([inputs, *sizes], sizes))
        self.G = nn.ModuleList(nn.GRUCell(*pair) for pair in pairs[1 if config["input"] == "one_hot" else 0 :])
        self.Wy = nn.Embedding(items, sizes[-1])
        self.By = nn.Embedding(items, 1)

    def first_cell(self, item, h):
        """The one-hot layer: other gate order than nn.GRUCell, the reset gate before the product, and z takes the new state."""
        gate = self.GE
        new_x, reset_x, update_x = (gate.Wx0(item) + gate.Bh0).chunk(3, 1)
        reset_h, update_h = (h @ gate.Wrz0).chunk(2, 1)
        new = torch.tanh((torch.sigmoid(reset_x + reset_h) * h) @ gate.Wh0 + new_x)
        update = torch.sigmoid(update_x + update_h)
        return (1 - update) * h + update * new

    def forward(self, items, lengths):
        """Right-padded items, any id in the padding."""
        states = [torch.zeros(len(items), size, dtype=self.By.weight.dtype) for size in self.config["hidden_sizes"]]
        one_hot = self.config["input"] == "one_hot"
        for t in range(items.shape[1]):
            real, item = (lengths > t).unsqueeze(1), items[:, t]
            x = None if one_hot else self.E(item) if self.config["input"] == "embedding" else self.Wy(item)
            for i, h in enumerate(states):
                x = self.first_cell(item, h) if x is None else self.G[i - one_hot](x, h)
                states[i] = torch.where(real, x, h)
        hidden = states[-1]
        scores = hidden @ self.Wy.weight.T + self.By.weight.T
        return {"hidden": hidden, "scores": torch.tanh(scores) if self.config["final_activation"] == "tanh" else scores}


def make_case(folder, number, name, changes, options):
    config = {**BASE, **changes}
    generator = torch.Generator().manual_seed(7800 + number)
    model = golden.randomize(HidasibGru4Rec(config), generator, weight_gain=1.4)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    lengths = golden.random_lengths(history_case.SEQUENCES, config["max_length"], generator, empty=True)
    sequences = [torch.randint(0, config["num_items"], (length,), generator=generator).tolist() for length in lengths.tolist()]
    items = golden.pad(sequences, config["max_length"], "right", 0)
    single, double = golden.both_precisions(model, lambda m: m(items, lengths))
    case = golden.Case(name, config)
    history_case.items_input(case, config, sequences, options.get("ids", torch.int32), pad_id=-1)
    history_case.ranking_outputs(case, config, single, double, generator, exclude_ids=(), first_id=0)
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
