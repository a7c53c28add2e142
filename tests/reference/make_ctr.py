"""Golden cases of `lr`, `fm`, `widedeep`, `deepfm`, `dcn` and `dcnv2`: every kind of field, both namings.

Usage: make_ctr.py [--check]
"""

import sys

import torch

import field_case
import golden
from ctr_torch import Ctr

CLASS = {"name": "class", "kind": "multi", "size": 8, "pooling": "mean", "pad_id": 0}
TAGS = {"name": "tags", "kind": "multi", "size": 11, "pooling": "sum", "pad_id": 0}
MAXED = {"name": "tags", "kind": "multi", "size": 11, "pooling": "max", "pad_id": 0}
DENSE = [{"name": "text", "kind": "dense", "size": 4}, {"name": "score", "kind": "dense", "size": 1}]
CANDIDATES = 6


def tokens(**sizes):
    offset, fields = 0, []
    for name, size in sizes.items():
        fields.append({"name": name, "kind": "token", "size": size, "table_offset": offset})
        offset += size
    return fields


def values(*names):
    """RecBole keeps two rows for a number and uses the second."""
    return [{"name": name, "kind": "value", "size": 2, "table_offset": 2 * i} for i, name in enumerate(names)]


def own_tables(fields):
    """DeepCTR has a table for every field instead of offsets."""
    return [{key: value for key, value in field.items() if key != "table_offset"} for field in fields]


TOKENS = tokens(user_id=20, item_id=25, gender=3)
RECBOLE = {
    "naming": "recbole",
    "embedding_size": 5,
    "mlp_hidden_sizes": [12, 8],
    "mlp_activation": "relu",
    "mlp_batch_norm": False,
    "batch_norm_eps": 1e-5,
    "fields": [CLASS, *TOKENS],
    "first_order_multi_pooling": "sum",
}
DEEPCTR = {
    **RECBOLE,
    "naming": "deepctr",
    "fields": [*own_tables(TOKENS), TAGS, CLASS, *DENSE],
    "first_order_multi_pooling": "same_as_field",
}
MLP_FIELDS = ["mlp_hidden_sizes", "mlp_activation", "mlp_batch_norm", "batch_norm_eps"]
BATCH_NORM = {"mlp_batch_norm": True}

# name -> (base, model type, fields that differ, options). Options: dtype, drop (fields left out of config.json), ragged,
# candidates (fields of the item come by candidate), ids (their integer type)
VARIANTS = {
    "lr-recbole": (RECBOLE, "lr", {"fields": [TAGS, CLASS, *TOKENS, *values("price", "age")]}, {"drop": MLP_FIELDS}),
    "lr-deepctr": (DEEPCTR, "lr", {}, {"drop": MLP_FIELDS}),
    "fm-recbole": (RECBOLE, "fm", {"fields": [CLASS, MAXED, *TOKENS, *values("price")]}, {"drop": MLP_FIELDS}),
    "fm-deepctr-bf16": (DEEPCTR, "fm", {"embedding_size": 8}, {"drop": MLP_FIELDS, "dtype": torch.bfloat16}),
    "widedeep-recbole": (RECBOLE, "widedeep", {"fields": [TAGS, *TOKENS, *values("price")], "mlp_activation": "tanh"}, {}),
    "widedeep-recbole-norm-f16": (RECBOLE, "widedeep", {**BATCH_NORM, "batch_norm_eps": 1e-3}, {"dtype": torch.float16}),
    "widedeep-deepctr-prelu": (DEEPCTR, "widedeep", {"mlp_activation": "prelu", "fields": [*own_tables(TOKENS), MAXED, *DENSE]}, {}),
    "deepfm-recbole": (RECBOLE, "deepfm", {"mlp_hidden_sizes": [9]}, {"ids": torch.int64}),
    "deepfm-recbole-tokens-only": (RECBOLE, "deepfm", {"fields": TOKENS, "mlp_activation": "sigmoid"}, {"ids": torch.uint8}),
    "deepfm-recbole-all-kinds": (
        RECBOLE,
        "deepfm",
        {"fields": [MAXED, CLASS, *TOKENS, *values("price", "age")], **BATCH_NORM, "mlp_hidden_sizes": [10, 6, 4]},
        {},
    ),
    "deepfm-recbole-no-activation": (RECBOLE, "deepfm", {"mlp_activation": "none", **BATCH_NORM}, {}),
    "deepfm-recbole-mean-first-order": (
        RECBOLE,
        "deepfm",
        {"first_order_multi_pooling": "mean", "mlp_activation": "leaky_relu", "fields": [{**TAGS, "pad_id": 3}, *TOKENS]},
        {},
    ),
    "deepfm-recbole-bf16": (RECBOLE, "deepfm", {"embedding_size": 8}, {"dtype": torch.bfloat16}),
    "deepfm-recbole-candidates": (RECBOLE, "deepfm", {"item_id_field": "item_id"}, {"candidates": ["class", "item_id"]}),
    "deepfm-deepctr": (DEEPCTR, "deepfm", {}, {}),
    "deepfm-deepctr-dice-ragged": (
        DEEPCTR,
        "deepfm",
        {**BATCH_NORM, "mlp_activation": "dice", "fields": [*own_tables(TOKENS), {**TAGS, "pad_id": -1, "embedding_name": "item_id", "size": 25}]},
        {"ragged": True},
    ),
    "dcn-recbole": (RECBOLE, "dcn", {"cross_layers": 3, **BATCH_NORM}, {"drop": ["first_order_multi_pooling"]}),
    "dcn-recbole-candidates": (
        RECBOLE,
        "dcn",
        {"cross_layers": 1, "item_id_field": "item_id", "mlp_activation": "tanh"},
        {"candidates": ["class", "item_id"], "ragged": True},
    ),
    "dcn-recbole-f16": (RECBOLE, "dcn", {"cross_layers": 2, **BATCH_NORM, "fields": [TAGS, *TOKENS]}, {"dtype": torch.float16}),
    "dcn-deepctr": (DEEPCTR, "dcn", {"cross_layers": 2, "first_order": True}, {}),
    "dcn-deepctr-no-first-order": (DEEPCTR, "dcn", {"cross_layers": 2, "first_order": False, **BATCH_NORM}, {}),
    "dcnv2-recbole-stacked": (RECBOLE, "dcnv2", {"cross_layers": 2, "structure": "stacked", "mixed": False, **BATCH_NORM}, {}),
    "dcnv2-recbole-parallel": (RECBOLE, "dcnv2", {"cross_layers": 3, "structure": "parallel", "mixed": False, "fields": TOKENS}, {}),
    "dcnv2-recbole-mixed-parallel": (
        RECBOLE,
        "dcnv2",
        {"cross_layers": 2, "structure": "parallel", "mixed": True, "expert_num": 3, "low_rank": 4, **BATCH_NORM},
        {},
    ),
    "dcnv2-recbole-mixed-stacked-bf16": (
        RECBOLE,
        "dcnv2",
        {"cross_layers": 1, "structure": "stacked", "mixed": True, "expert_num": 2, "low_rank": 6, "embedding_size": 4},
        {"dtype": torch.bfloat16},
    ),
    "dcnv2-deepctr": (
        DEEPCTR,
        "dcnv2",
        {"cross_layers": 2, "structure": "parallel", "mixed": False, "first_order": True, "fields": [*own_tables(TOKENS), *DENSE]},
        {},
    ),
    "dcnv2-deepctr-mixed": (
        DEEPCTR,
        "dcnv2",
        {"cross_layers": 2, "structure": "parallel", "mixed": True, "expert_num": 2, "low_rank": 3, "first_order": True},
        {},
    ),
}


def candidate_inputs(case, config, item_names, inputs, generator, ragged):
    """(inputs of every row and candidate, which of them are there); the item's fields come from tables by item id."""
    items = next(field["size"] for field in config["fields"] if field["name"] == config["item_id_field"])
    item_fields = [field for field in config["fields"] if field["name"] in item_names and field["name"] != config["item_id_field"]]
    features = field_case.random_inputs(item_fields, generator, (items,))
    candidates = torch.randint(0, items, (field_case.ROWS, CANDIDATES), generator=generator)
    kept = torch.ones_like(candidates, dtype=torch.bool)
    if ragged:
        counts = torch.randint(1, CANDIDATES + 1, (field_case.ROWS,), generator=generator)
        kept = torch.arange(CANDIDATES) < counts.unsqueeze(1)
        case.input("candidates", {"ids": "candidate_ids", "offsets": "candidate_offsets"})
        case.inputs["candidate_ids"] = candidates[kept].int()
        case.inputs["candidate_offsets"] = torch.tensor([0, *counts.tolist()]).cumsum(0).int()
    else:
        case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    field_case.item_features_input(case, item_fields, features)
    full = {name: x.unsqueeze(1).expand(-1, CANDIDATES, *x.shape[1:]) for name, x in inputs.items() if name not in item_names}
    full |= {name: x[candidates] for name, x in features.items()}
    return {**full, config["item_id_field"]: candidates}, kept


def make_case(folder, number, name, base, model_type, changes, options):
    config = {"model_type": model_type, **base, **changes}
    generator = torch.Generator().manual_seed(6600 + number)
    model = golden.randomize(Ctr(config), generator, embedding_std=0.7, weight_gain=1.4)
    golden.randomize_batch_norms(model, generator)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    inputs = field_case.random_inputs(config["fields"], generator)

    stated = {field: value for field, value in config.items() if field not in options.get("drop", [])}
    case = golden.Case(name, stated)
    if "candidates" in options:
        own = [field for field in config["fields"] if field["name"] not in options["candidates"]]
        field_case.fields_input(case, own, inputs)
        inputs, kept = candidate_inputs(case, config, options["candidates"], inputs, generator, options.get("ragged", False))
    else:
        field_case.fields_input(case, config["fields"], inputs, options.get("ragged", False), options.get("ids", torch.int32))
        kept = None
    single, double = golden.both_precisions(model, lambda m: m(inputs))
    for output in double:
        pick = (lambda x: x) if kept is None or kept.all() else (lambda x: x[kept])
        case.output(output, pick(single[output]), pick(double[output]))
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
