"""Golden cases of the `gru4rec` family: one-hot and embedded input, both namings.

Usage: make_gru4rec.py [--check]
"""

import sys

import torch

import golden
import sequence_case
from recurrent_torch import PyGru4Rec, RecBoleGru4Rec

PYGRU4REC = {
    "model_type": "gru4rec",
    "naming": "pygru4rec",
    "input": "one_hot",
    "num_items": 37,
    "hidden_size": 20,
    "num_layers": 1,
    "first_item_id": 0,
    "padding_side": "right",
    "output_head": "linear",
    "final_activation": "tanh",
}
RECBOLE = {
    "model_type": "gru4rec",
    "naming": "recbole",
    "input": "embedding",
    "num_items": 45,
    "embedding_size": 12,
    "hidden_size": 23,
    "num_layers": 1,
    "max_length": 15,
    "first_item_id": 1,
    "padding_side": "right",
    "output_head": "linear_then_tied_embedding",
    "final_activation": "none",
}
MAX_LENGTH = 15  # pygru4rec's config has no max_length: sessions may have any length

VARIANTS = {
    "gru4rec-one-hot-tanh": (PYGRU4REC, {}),
    "gru4rec-one-hot-2-layers": (PYGRU4REC, {"num_layers": 2, "hidden_size": 13, "final_activation": "none"}),
    "gru4rec-one-hot-f16": (PYGRU4REC, {"num_items": 50}),
    "gru4rec-embedding": (
        PYGRU4REC,
        {"input": "embedding", "embedding_size": 9, "num_layers": 2, "hidden_size": 14, "final_activation": "none"},
    ),
    "gru4rec-recbole": (RECBOLE, {}),
    "gru4rec-recbole-2-layers-left": (RECBOLE, {"num_layers": 2, "hidden_size": 12, "padding_side": "left"}),
    "gru4rec-recbole-bf16": (RECBOLE, {"embedding_size": 16, "hidden_size": 16}),
}


def make(folder):
    for number, (name, (base, changes)) in enumerate(VARIANTS.items()):
        config = {**base, **changes}
        dtype = torch.bfloat16 if "bf16" in name else torch.float16 if "f16" in name else torch.float32
        model = PyGru4Rec(config) if config["naming"] == "pygru4rec" else RecBoleGru4Rec(config)
        sequence_case.make_case(
            folder,
            name,
            config,
            model,
            3000 + number,
            pad_id=config["first_item_id"] - 1,
            dtype=dtype,
            max_length=config.get("max_length", MAX_LENGTH),
        )


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
