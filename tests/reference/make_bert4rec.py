"""BERT4Rec golden cases: both namings, with and without the mask token in the input, full and short histories.

Usage: make_bert4rec.py [--check]
"""

import sys

import torch

import golden
import history_case
from bert4rec_torch import CodertimoBert4Rec, RecBoleBert4Rec

CODERTIMO = {
    "model_type": "bert4rec",
    "naming": "codertimo",
    "num_items": 30,
    "vocab_size": 32,
    "mask_id": 31,
    "hidden_size": 16,
    "num_layers": 2,
    "num_heads": 2,
    "intermediate_size": 24,
    "max_length": 10,
    "padding_side": "left",
    "position_ids": "from_zero",
    "block": "pre_norm",
    "final_layer_norm": False,
    "embedding_layer_norm": False,
    "layer_norm": "unbiased_std",
    "layer_norm_eps": 1e-6,
    "hidden_act": "gelu_tanh",
    "key_padding_mask": True,
    "append_mask": False,
    "output_head": "linear",
}
RECBOLE = {
    "model_type": "bert4rec",
    "naming": "recbole",
    "num_items": 30,
    "hidden_size": 16,
    "num_layers": 2,
    "num_heads": 2,
    "intermediate_size": 20,
    "max_length": 10,
    "padding_side": "right",
    "position_ids": "from_zero",
    "block": "post_norm",
    "embedding_layer_norm": True,
    "layer_norm": "standard",
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
    "key_padding_mask": True,
    "mask_id": 31,
    "append_mask": True,
    "output_head": "transform_tied_bias",
}
UNMASKED = {"key_padding_mask": False}

# name -> (base, fields that differ, options). Options: dtype, ids (see history_case), empty (one empty history)
VARIANTS = {
    "bert4rec-codertimo": (CODERTIMO, {}, {}),
    "bert4rec-codertimo-append-mask": (
        CODERTIMO,
        {"append_mask": True, "num_heads": 4, "hidden_size": 20, "intermediate_size": 33, "max_length": 7},
        {"ids": torch.int64, "empty": True},
    ),
    "bert4rec-codertimo-right-standard-norm": (
        CODERTIMO,
        {"padding_side": "right", "layer_norm": "standard", "layer_norm_eps": 1e-5, "hidden_act": "gelu", "num_layers": 1},
        {},
    ),
    "bert4rec-codertimo-right-append-mask": (
        CODERTIMO,
        {"padding_side": "right", "append_mask": True, "num_heads": 1, "hidden_act": "relu"},
        {"ids": "ragged"},
    ),
    "bert4rec-codertimo-final-norm-tied": (
        CODERTIMO,
        {"final_layer_norm": True, "output_head": "transform_tied_bias", "layer_norm_eps": 1e-3, "num_layers": 3},
        {"ids": torch.int16},
    ),
    "bert4rec-codertimo-unmasked-padding": (CODERTIMO, {**UNMASKED, "append_mask": True, "vocab_size": 35}, {"empty": True}),
    "bert4rec-codertimo-post-norm-embedding-norm": (
        CODERTIMO,
        {"block": "post_norm", "embedding_layer_norm": True, "layer_norm": "standard", **UNMASKED, "padding_side": "right"},
        {},
    ),
    "bert4rec-codertimo-query-norm-from-one": (
        CODERTIMO,
        {"block": "query_norm", "position_ids": "from_one_zero_on_padding", "scale_embedding": True, "final_layer_norm": True},
        {},
    ),
    "bert4rec-codertimo-f16": (CODERTIMO, {"hidden_size": 24, "num_heads": 3}, {"dtype": torch.float16}),
    "bert4rec-codertimo-bf16": (CODERTIMO, {"append_mask": True, "hidden_act": "gelu"}, {"dtype": torch.bfloat16, "ids": "U16"}),
    "bert4rec-recbole": (RECBOLE, {}, {}),
    "bert4rec-recbole-mask-in-input": (RECBOLE, {"append_mask": False, "hidden_act": "silu", "num_layers": 1}, {}),
    "bert4rec-recbole-long-histories": (RECBOLE, {"max_length": 6, "num_heads": 4, "hidden_act": "tanh"}, {"ids": "ragged"}),
    "bert4rec-recbole-left": (
        RECBOLE,
        {"padding_side": "left", "hidden_act": "sigmoid", "num_heads": 1, "num_layers": 3},
        {"ids": torch.int64, "empty": True},
    ),
    "bert4rec-recbole-unmasked-padding": (RECBOLE, {**UNMASKED, "hidden_act": "relu", "max_length": 9}, {}),
    "bert4rec-recbole-pre-norm-linear": (
        RECBOLE,
        {"block": "pre_norm", "embedding_layer_norm": False, "output_head": "linear", "position_ids": "from_one_zero_on_padding"},
        {},
    ),
    "bert4rec-recbole-cleared-left": (
        RECBOLE,
        {"padding_side": "left", "zero_padding_rows": True, "scale_embedding": True, **UNMASKED, "hidden_act": "gelu_tanh"},
        {"empty": True},
    ),
    "bert4rec-recbole-bf16": (RECBOLE, {"hidden_size": 12, "num_heads": 3}, {"dtype": torch.bfloat16}),
    "bert4rec-recbole-f16": (RECBOLE, {"append_mask": False, "padding_side": "left"}, {"dtype": torch.float16}),
    "bert4rec-recbole-one-slot": (RECBOLE, {"max_length": 1, "num_layers": 1, "hidden_size": 6}, {"ids": "U16"}),
}


def histories_for(config, options, generator):
    """Without append_mask the caller has put the mask at the end already."""
    histories = history_case.random_histories(config, generator, empty=options.get("empty", False))
    if not config["append_mask"]:
        for history in histories:
            history[-1] = config["mask_id"]
    if options.get("ids") == "ragged" and config["append_mask"]:
        # Longer than the window: the newest max_length events count
        histories[3] = torch.randint(1, config["num_items"] + 1, (2 * config["max_length"],), generator=generator).tolist()
    return histories


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    full = {"scale_embedding": False, "zero_padding_rows": False, "final_layer_norm": False, **config}
    generator = torch.Generator().manual_seed(6000 + number)
    kind = CodertimoBert4Rec if config["naming"] == "codertimo" else RecBoleBert4Rec
    model = kind(full, config["max_length"] + (config["position_ids"] != "from_zero"))
    std = 0.3 if full["scale_embedding"] else 1.0
    golden.randomize(model, generator, embedding_std=std, weight_gain=1.3)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))

    histories = histories_for(config, options, generator)
    windows = golden.pad([history[-config["max_length"] :] for history in histories], config["max_length"], config["padding_side"], 0)
    single, double = golden.both_precisions(model, lambda m: m(full, windows))
    case = golden.Case(name, config)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32))
    history_case.ranking_outputs(case, config, single, double, generator)
    case.write(folder, weights)


def make(folder):
    for number, (name, (base, changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, base, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
