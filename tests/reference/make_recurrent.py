"""Golden cases of the `recurrent` family: every cell, depth, direction, head and padding side.

Usage: make_recurrent.py [--check]
"""

import sys

import torch

import golden
import sequence_case
from recurrent_torch import Recurrent

BASE = {
    "model_type": "recurrent",
    "naming": "torch",
    "cell": "lstm",
    "num_items": 40,
    "embedding_size": 12,
    "hidden_size": 20,
    "num_layers": 1,
    "bidirectional": False,
    "max_length": 12,
    "padding_side": "right",
    "output_head": "linear",
}

TIED = "linear_then_tied_embedding"
VARIANTS = {
    "recurrent-lstm": {},
    "recurrent-lstm-2-layers-left": {"num_layers": 2, "hidden_size": 13, "padding_side": "left"},
    "recurrent-lstm-bidirectional-tied": {"bidirectional": True, "hidden_size": 9, "output_head": TIED},
    "recurrent-lstm-bidirectional-3-layers": {"bidirectional": True, "hidden_size": 7, "num_layers": 3},
    "recurrent-gru": {"cell": "gru", "embedding_size": 17, "max_length": 25},
    "recurrent-gru-3-layers-tied-left": {
        "cell": "gru",
        "num_layers": 3,
        "hidden_size": 11,
        "padding_side": "left",
        "output_head": TIED,
    },
    "recurrent-gru-bidirectional-left": {"cell": "gru", "bidirectional": True, "hidden_size": 10, "padding_side": "left"},
    "recurrent-rnn-tanh-tied": {"cell": "rnn_tanh", "embedding_size": 16, "hidden_size": 16, "output_head": TIED},
    "recurrent-rnn-tanh-bidirectional-2-layers": {
        "cell": "rnn_tanh",
        "num_layers": 2,
        "bidirectional": True,
        "hidden_size": 15,
    },
    "recurrent-rnn-relu-2-layers": {"cell": "rnn_relu", "num_layers": 2, "hidden_size": 21, "max_length": 6},
    "recurrent-rnn-relu-bidirectional-tied-left": {
        "cell": "rnn_relu",
        "bidirectional": True,
        "hidden_size": 5,
        "max_length": 6,
        "padding_side": "left",
        "output_head": TIED,
    },
    "recurrent-lstm-bf16": {"embedding_size": 16, "hidden_size": 32},
    "recurrent-gru-f16-tied": {"cell": "gru", "hidden_size": 19, "output_head": TIED},
}


def make(folder):
    for number, (name, changes) in enumerate(VARIANTS.items()):
        config = {**BASE, **changes}
        dtype = torch.bfloat16 if "bf16" in name else torch.float16 if "f16" in name else torch.float32
        sequence_case.make_case(
            folder, name, config, Recurrent(config), 2000 + number, dtype=dtype, max_length=config["max_length"]
        )


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
