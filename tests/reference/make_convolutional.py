"""Golden cases of `caser` (Tang and Wang 2018, https://arxiv.org/abs/1809.07426) and `nextitnet` (Yuan et al. 2018,
https://arxiv.org/abs/1808.05163).

Usage: make_convolutional.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden
import history_case
from sasrec_torch import ACTIVATIONS

CASER = {
    "model_type": "caser",
    "naming": "graytowne",
    "num_users": 11,
    "num_items": 30,
    "hidden_size": 8,
    "max_length": 5,
    "horizontal_filters": 6,
    "vertical_filters": 3,
    "conv_activation": "relu",
    "fc_activation": "relu",
    "padding_side": "left",
}
CASER_RECBOLE = {**CASER, "naming": "recbole", "padding_side": "right"}
NEXTITNET = {
    "model_type": "nextitnet",
    "naming": "recbole",
    "num_items": 30,
    "embedding_size": 8,
    "kernel_size": 3,
    "block_num": 2,
    "dilations": [1, 2],
    "layer_norm_eps": 1e-8,
    "max_length": 12,
    "padding_side": "right",
    "output_position": "last_slot",
}

# name -> (base, fields that differ, options). Options: dtype, ids, empty (one empty history)
VARIANTS = {
    "caser-graytowne": (CASER, {}, {"empty": True}),
    "caser-graytowne-tanh-sigmoid": (
        CASER,
        {"conv_activation": "tanh", "fc_activation": "sigmoid", "max_length": 3, "vertical_filters": 1, "horizontal_filters": 16},
        {"ids": torch.int64},
    ),
    "caser-graytowne-linear-f16": (CASER, {"conv_activation": "none", "hidden_size": 16, "max_length": 1}, {"dtype": torch.float16}),
    "caser-recbole": (CASER_RECBOLE, {"max_length": 7}, {"ids": "ragged"}),
    "caser-recbole-bf16": (CASER_RECBOLE, {"hidden_size": 10}, {"dtype": torch.bfloat16}),
    "nextitnet-recbole": (NEXTITNET, {}, {}),
    "nextitnet-recbole-last-item": (NEXTITNET, {"output_position": "last_item", "kernel_size": 2, "dilations": [1, 2, 4], "block_num": 1}, {}),
    "nextitnet-recbole-left": (NEXTITNET, {"padding_side": "left", "kernel_size": 4, "dilations": [3], "block_num": 3}, {"ids": "ragged"}),
    "nextitnet-recbole-wide-bf16": (NEXTITNET, {"embedding_size": 12, "dilations": [1, 4], "max_length": 20}, {"dtype": torch.bfloat16}),
}


class Caser(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, length, rows = config["hidden_size"], config["max_length"], config["num_items"] + 1
        self.graytowne = config["naming"] == "graytowne"
        plural = "s" if self.graytowne else ""
        self.add_module(f"user_embedding{plural}", nn.Embedding(config["num_users"], size))
        self.add_module(f"item_embedding{plural}", nn.Embedding(rows, size))
        self.tables = (f"user_embedding{plural}", f"item_embedding{plural}")
        self.conv_v = nn.Conv2d(1, config["vertical_filters"], (length, 1))
        self.conv_h = nn.ModuleList(nn.Conv2d(1, config["horizontal_filters"], (i + 1, size)) for i in range(length))
        self.fc1 = nn.Linear(config["vertical_filters"] * size + config["horizontal_filters"] * length, size)
        if self.graytowne:
            self.W2 = nn.Embedding(rows, 2 * size)
            self.b2 = nn.Embedding(rows, 1)
        else:
            self.fc2 = nn.Linear(2 * size, size)
        self.conv_activation, self.fc_activation = ACTIVATIONS[config["conv_activation"]], ACTIVATIONS[config["fc_activation"]]

    def forward(self, items, lengths, users):
        user_table, item_table = (getattr(self, name) for name in self.tables)
        window = item_table(items).unsqueeze(1)
        features = [self.conv_v(window).flatten(1)]
        features += [self.conv_activation(conv(window).squeeze(3)).amax(2) for conv in self.conv_h]
        hidden = torch.cat([self.fc_activation(self.fc1(torch.cat(features, dim=1))), user_table(users)], dim=1)
        if self.graytowne:
            return {"hidden": hidden, "scores": hidden @ self.W2.weight.T + self.b2.weight.T}
        hidden = self.fc_activation(self.fc2(hidden))
        return {"hidden": hidden, "scores": hidden @ item_table.weight.T}


class Block(nn.Module):
    """Two causal convolutions, the second with twice the dilation, each with norm and relu, and a residual."""

    def __init__(self, config, dilation):
        super().__init__()
        size, kernel = config["embedding_size"], (1, config["kernel_size"])
        self.conv1 = nn.Conv2d(size, size, kernel, dilation=dilation)
        self.ln1 = nn.LayerNorm(size, eps=config["layer_norm_eps"])
        self.conv2 = nn.Conv2d(size, size, kernel, dilation=2 * dilation)
        self.ln2 = nn.LayerNorm(size, eps=config["layer_norm_eps"])

    def forward(self, x):
        y = x
        for conv, norm in ((self.conv1, self.ln1), (self.conv2, self.ln2)):
            reach = (conv.kernel_size[1] - 1) * conv.dilation[1]
            padded = F.pad(y.transpose(1, 2), (reach, 0)).unsqueeze(2)
            y = torch.relu(norm(conv(padded).squeeze(2).transpose(1, 2)))
        return y + x


class NextItNet(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.item_embedding = nn.Embedding(config["num_items"] + 1, config["embedding_size"])
        self.residual_blocks = nn.Sequential(*(Block(config, d) for d in config["dilations"] * config["block_num"]))
        self.final_layer = nn.Linear(config["embedding_size"], config["embedding_size"])

    def forward(self, items, lengths):
        states = self.residual_blocks(self.item_embedding(items))
        at_item = self.config["output_position"] == "last_item" and self.config["padding_side"] == "right"
        slots = lengths - 1 if at_item else torch.full_like(lengths, items.shape[1] - 1)
        hidden = self.final_layer(states[torch.arange(len(items)), slots])
        return {"hidden": hidden, "scores": hidden @ self.item_embedding.weight.T}


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(7100 + number)
    caser = config["model_type"] == "caser"
    model = golden.randomize((Caser if caser else NextItNet)(config), generator, weight_gain=1.3)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    histories = history_case.random_histories(config, generator, empty=options.get("empty", False))
    case = golden.Case(name, config)
    more = []
    if caser:
        users = torch.randint(0, config["num_users"], (len(histories),), generator=generator)
        case.input("users", {"tensor": "users"}, users=users.int())
        more = [users]
    single, double = history_case.run(model, config, histories, *more)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32))
    history_case.ranking_outputs(case, config, single, double, generator)
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
