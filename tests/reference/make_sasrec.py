"""SASRec golden cases: each covers some values of the configuration fields, all together every value.

Usage: make_sasrec.py [--check]
"""

import sys

import numpy
import torch

import golden
import sasrec_torch

SEQUENCES = 20
CANDIDATES = 12
SCORE_ROWS = 4
TOP_K = 10

PMIXER = {
    "model_type": "sasrec",
    "naming": "pmixer",
    "num_items": 40,
    "hidden_size": 20,
    "num_layers": 2,
    "num_heads": 2,
    "max_length": 10,
    "layer_norm_eps": 1e-8,
    "padding_side": "left",
    "scale_embedding": True,
    "position_ids": "from_one_zero_on_padding",
    "block": "query_norm",
    "ffn_activation": "relu",
    "zero_padding_rows": False,
    "key_padding_mask": False,
    "embedding_layer_norm": False,
}
RECBOLE = {
    "model_type": "sasrec",
    "naming": "recbole",
    "num_items": 40,
    "hidden_size": 16,
    "intermediate_size": 40,
    "num_layers": 2,
    "num_heads": 2,
    "max_length": 10,
    "layer_norm": "standard",
    "layer_norm_eps": 1e-12,
    "padding_side": "right",
    "scale_embedding": False,
    "position_ids": "from_zero",
    "block": "post_norm",
    "hidden_act": "gelu",
    "zero_padding_rows": False,
    "key_padding_mask": True,
    "embedding_layer_norm": True,
}

# name -> (base, fields that differ, options). Options: dtype, ids (how the input ids are stored), zero_row (item row 0
# is zero, as padding_idx leaves it), extra_position (one row more than needed), ragged, shards
VARIANTS = {
    "sasrec-query-norm-d50": (PMIXER, {"hidden_size": 50, "num_heads": 1, "num_layers": 1}, {"zero_row": True}),
    "sasrec-query-norm-cleared": (
        PMIXER,
        {"position_ids": "from_zero", "zero_padding_rows": True, "num_layers": 1, "ffn_activation": "gelu"},
        {"ids": torch.int64},
    ),
    "sasrec-query-norm-key-mask": (
        PMIXER,
        {"hidden_size": 12, "num_heads": 4, "key_padding_mask": True, "scale_embedding": False, "max_length": 13},
        {},
    ),
    "sasrec-pre-norm-gelu": (
        PMIXER,
        {"block": "pre_norm", "hidden_size": 12, "num_layers": 3, "num_heads": 4, "ffn_activation": "gelu"},
        {"ids": torch.int16},
    ),
    "sasrec-pre-norm-from-zero": (
        PMIXER,
        {"block": "pre_norm", "position_ids": "from_zero", "ffn_activation": "none", "num_heads": 1},
        {"extra_position": True},
    ),
    "sasrec-pre-norm-cleared-key-mask": (
        PMIXER,
        {
            "block": "pre_norm",
            "position_ids": "from_zero",
            "zero_padding_rows": True,
            "key_padding_mask": True,
            "num_layers": 1,
            "layer_norm_eps": 1e-3,
        },
        {},
    ),
    "sasrec-post-norm-gelu-tanh": (
        PMIXER,
        {"block": "post_norm", "ffn_activation": "gelu_tanh", "scale_embedding": False, "max_length": 17},
        {"zero_row": True},
    ),
    "sasrec-post-norm-from-zero-key-mask": (
        PMIXER,
        {"block": "post_norm", "position_ids": "from_zero", "key_padding_mask": True, "num_heads": 4},
        {},
    ),
    "sasrec-right-padded-ragged": (
        PMIXER,
        {"padding_side": "right", "position_ids": "from_zero", "key_padding_mask": True, "zero_padding_rows": True},
        {"ragged": True},
    ),
    "sasrec-right-padded-from-one": (
        PMIXER,
        {"padding_side": "right", "block": "pre_norm", "hidden_size": 15, "num_heads": 1, "num_layers": 3},
        {"ids": "U16"},
    ),
    "sasrec-one-slot": (PMIXER, {"max_length": 1, "hidden_size": 8, "num_layers": 1, "block": "post_norm"}, {}),
    "sasrec-f16": (PMIXER, {"block": "pre_norm"}, {"dtype": torch.float16}),
    "sasrec-bf16": (PMIXER, {"block": "query_norm", "num_heads": 1}, {"dtype": torch.bfloat16, "zero_row": True}),
    "sasrec-sharded": (
        PMIXER,
        {"block": "post_norm", "ffn_activation": "gelu"},
        {"shards": [["item_emb"], ["attention_layers.0", "attention_layers.1", "pos_emb"], ["attention_layernorms", "forward_", "last_"]]},
    ),
    "sasrec-recbole": (RECBOLE, {}, {"zero_row": True, "ids": torch.int64}),
    "sasrec-recbole-bf16": (RECBOLE, {"hidden_act": "relu", "num_heads": 4}, {"dtype": torch.bfloat16}),
    "sasrec-recbole-pre-norm-left": (
        RECBOLE,
        {
            "block": "pre_norm",
            "padding_side": "left",
            "position_ids": "from_one_zero_on_padding",
            "key_padding_mask": False,
            "num_heads": 1,
            "hidden_act": "relu",
        },
        {},
    ),
    "sasrec-recbole-query-norm-cleared": (
        RECBOLE,
        {
            "block": "query_norm",
            "padding_side": "left",
            "hidden_size": 12,
            "num_heads": 4,
            "num_layers": 3,
            "hidden_act": "gelu_tanh",
            "zero_padding_rows": True,
            "key_padding_mask": False,
            "embedding_layer_norm": False,
            "scale_embedding": True,
        },
        {},
    ),
    "sasrec-recbole-post-norm-left-cleared": (
        RECBOLE,
        {"padding_side": "left", "zero_padding_rows": True, "key_padding_mask": False, "intermediate_size": 7},
        {},
    ),
    "sasrec-recbole-post-norm-left": (RECBOLE, {"padding_side": "left", "num_layers": 1}, {}),
}


def build(config, options, generator):
    positions = config["max_length"] + (config["position_ids"] != "from_zero") + options.get("extra_position", False)
    kind = sasrec_torch.PmixerSasRec if config["naming"] == "pmixer" else sasrec_torch.RecBoleSasRec
    std = 0.3 if config["scale_embedding"] else 1.0
    model = golden.randomize(kind(config, positions), generator, embedding_std=std, weight_gain=1.3)
    if options.get("zero_row"):
        model.item_table().data[0] = 0
    return model


def run(model, config, items, candidates):
    states = sasrec_torch.encode(model, config, items)
    hidden = sasrec_torch.last_hidden(config, states, items)
    scores = hidden @ model.item_table().T
    return {"hidden": hidden, "scores": scores, "candidate_scores": scores.gather(1, candidates)}


def items_input(case, config, sequences, items, ids):
    """Padded ids in the asked-for integer type; lengths only where the padding is on the right."""
    stored = items.numpy().astype(numpy.uint16) if ids == "U16" else items.to(ids)
    fields = {"tensor": "input_ids", "padding_side": config["padding_side"], "pad_id": 0}
    tensors = {"input_ids": stored}
    if config["padding_side"] == "right":
        fields["lengths"] = "lengths"
        tensors["lengths"] = torch.tensor([len(sequence) for sequence in sequences], dtype=torch.int32)
    case.input("items", fields, **tensors)


def ragged_input(case, sequences):
    flat = torch.tensor([item for sequence in sequences for item in sequence], dtype=torch.int32)
    offsets = torch.tensor([0, *[len(sequence) for sequence in sequences]]).cumsum(0).int()
    case.input("items", {"ids": "history_ids", "offsets": "history_offsets"}, history_ids=flat, history_offsets=offsets)


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(1000 + number)
    model = build(config, options, generator)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))

    # All keys of an empty history are masked by key_padding_mask: then no reference defines the answer
    empty = config["padding_side"] == "left" and not config["key_padding_mask"]
    lengths = golden.random_lengths(SEQUENCES, config["max_length"], generator, empty=empty)
    sequences = [
        torch.randint(1, config["num_items"] + 1, (length,), generator=generator).tolist() for length in lengths.tolist()
    ]
    items = golden.pad(sequences, config["max_length"], config["padding_side"], 0)
    candidates = torch.randint(1, config["num_items"] + 1, (SEQUENCES, CANDIDATES), generator=generator)
    single, double = golden.both_precisions(model, lambda m: run(m, config, items, candidates))

    case = golden.Case(name, config)
    if options.get("ragged"):
        ragged_input(case, sequences)
    else:
        items_input(case, config, sequences, items, options.get("ids", torch.int32))
    case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    case.output("hidden", single["hidden"], double["hidden"])
    case.output("candidate_scores", single["candidate_scores"], double["candidate_scores"])
    case.output("scores", single["scores"], double["scores"], rows=SCORE_ROWS)
    case.top_k(single["scores"], double["scores"], TOP_K, exclude_ids=[0])
    case.write(folder, weights, options.get("shards"))


def make(folder):
    for number, (name, (base, changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, base, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
