"""SASRec golden cases with gSASRec's names: no output projection in the attention, padding id num_items + 1, own output table.

gSASRec is described by Petrov and Macdonald (2023, https://arxiv.org/abs/2308.07192).
Usage: make_gsasrec.py [--check]
"""

import math
import sys

import torch
from torch import nn

import golden
import history_case
from named import place

BASE = {
    "model_type": "sasrec",
    "naming": "gsasrec",
    "num_items": 30,
    "hidden_size": 16,
    "num_layers": 2,
    "num_heads": 2,
    "max_length": 8,
    "layer_norm_eps": 1e-5,
    "padding_side": "left",
    "scale_embedding": False,
    "position_ids": "from_zero",
    "block": "query_norm",
    "ffn_activation": "relu",
    "zero_padding_rows": True,
    "key_padding_mask": True,
    "embedding_layer_norm": False,
    "output_embedding": "separate",
}

# name -> (fields that differ, options). Options: dtype, ids
VARIANTS = {
    "sasrec-gsasrec": ({}, {}),
    "sasrec-gsasrec-shared-table": ({"output_embedding": "item", "num_heads": 1, "num_layers": 3, "hidden_size": 12}, {"ids": "ragged"}),
    "sasrec-gsasrec-bf16": ({"num_heads": 4, "num_layers": 1}, {"dtype": torch.bfloat16, "ids": torch.int64}),
}


class GSasRec(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, items, eps = config["hidden_size"], config["num_items"], config["layer_norm_eps"]
        self.config = config
        self.item_embedding = nn.Embedding(items + 2, size)
        self.position_embedding = nn.Embedding(config["max_length"], size)
        for i in range(config["num_layers"]):
            prefix = f"transformer_blocks.{i}."
            for name in ("query_proj", "key_proj", "val_proj"):
                place(self, f"{prefix}multihead_attention.{name}", nn.Linear(size, size))
            for name in ("first_norm", "second_norm"):
                place(self, prefix + name, nn.LayerNorm(size, eps=eps))
            for name in ("dense1", "dense2"):
                place(self, prefix + name, nn.Linear(size, size))
        self.seq_norm = nn.LayerNorm(size, eps=eps)
        if config["output_embedding"] == "separate":
            self.output_embedding = nn.Embedding(items + 2, size)

    def block(self, block, x, keep):
        attention, heads = block.multihead_attention, self.config["num_heads"]
        query = block.first_norm(x)
        q, k, v = (
            layer(source).unflatten(2, (heads, -1)).transpose(1, 2)
            for layer, source in ((attention.query_proj, query), (attention.key_proj, x), (attention.val_proj, x))
        )
        length = x.shape[1]
        allowed = torch.ones(length, length, dtype=torch.bool).tril() & keep[:, None, None, :, 0].bool()
        logits = (q @ k.transpose(2, 3) / math.sqrt(q.shape[3])).masked_fill(~allowed, -1e30)
        weights = torch.softmax(logits, dim=3) * allowed.any(3, keepdim=True)  # no key at all: no attention
        x = block.second_norm(query + (weights @ v).transpose(1, 2).flatten(2))
        return (x + block.dense2(torch.relu(block.dense1(x)))) * keep

    def forward(self, items):
        keep = (items != self.config["num_items"] + 1).unsqueeze(2).to(self.item_embedding.weight.dtype)
        x = (self.item_embedding(items) + self.position_embedding(torch.arange(items.shape[1]))) * keep
        for block in self.transformer_blocks._modules.values():
            x = self.block(block, x, keep)
        hidden = self.seq_norm(x)[:, -1]
        table = self.output_embedding if hasattr(self, "output_embedding") else self.item_embedding
        return {"hidden": hidden, "scores": hidden @ table.weight.T}


def make_case(folder, number, name, changes, options):
    config = {**BASE, **changes}
    generator = torch.Generator().manual_seed(6900 + number)
    model = golden.randomize(GSasRec(config), generator, weight_gain=1.3)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    pad_id = config["num_items"] + 1
    histories = history_case.random_histories(config, generator, empty=True)
    windows = golden.pad(histories, config["max_length"], "left", pad_id)
    single, double = golden.both_precisions(model, lambda m: m(windows))

    case = golden.Case(name, config)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32), pad_id=pad_id)
    history_case.ranking_outputs(case, config, single, double, generator, exclude_ids=(0, pad_id))
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
