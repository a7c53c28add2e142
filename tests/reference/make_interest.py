"""Golden cases of `din` and `dien`: both namings, targets and candidates.

Usage: make_interest.py [--check]
"""

import sys

import torch

import field_case
import golden
import history_case
from interest_torch import InterestModel

ITEMS = 24
CANDIDATES = 5

ITEM_FIELDS = [
    {"name": "item_id", "kind": "token", "table_offset": 0, "size": ITEMS + 1},
    {"name": "year", "kind": "token", "table_offset": ITEMS + 1, "size": 6},
    {"name": "class", "kind": "multi", "size": 7, "pooling": "mean", "pad_id": 0},
]
USER_FIELDS = [
    {"name": "user_id", "kind": "token", "table_offset": 0, "size": 15},
    {"name": "gender", "kind": "token", "table_offset": 15, "size": 3},
    {"name": "likes", "kind": "multi", "size": 9, "pooling": "sum", "pad_id": 0},
]
DEEPCTR_ITEM_FIELDS = [{"name": "item_id", "kind": "token", "size": ITEMS + 1}, {"name": "cate_id", "kind": "token", "size": 8}]
DEEPCTR_USER_FIELDS = [
    {"name": "user", "kind": "token", "size": 15},
    {"name": "gender", "kind": "token", "size": 3},
    {"name": "likes", "kind": "multi", "size": 9, "pooling": "max", "pad_id": 0},
    {"name": "pay_score", "kind": "dense", "size": 2},
]
RECBOLE = {
    "naming": "recbole",
    "embedding_size": 4,
    "mlp_hidden_sizes": [14, 9],
    "mlp_activation": "dice_alpha_zero",
    "mlp_batch_norm": True,
    "batch_norm_eps": 1e-5,
    "attention_hidden_sizes": [12, 8],
    "attention_activation": "sigmoid",
    "attention_softmax": False,
    "attention_scale": "inverse_sqrt_width",
    "max_length": 9,
    "item_fields": ITEM_FIELDS,
    "user_fields_used": False,
}
DEEPCTR = {
    **RECBOLE,
    "naming": "deepctr",
    "mlp_activation": "relu",
    "mlp_batch_norm": False,
    "attention_activation": "dice",
    "attention_scale": "none",
    "item_fields": DEEPCTR_ITEM_FIELDS,
    "user_fields": DEEPCTR_USER_FIELDS,
    "user_fields_used": True,
    "mlp_input": ["user_tokens", "target", "user_lists", "interest", "user_dense"],
}
DIEN_RECBOLE = {**RECBOLE, "attention_softmax": True, "user_fields": USER_FIELDS, "user_fields_used": True, "gru_type": "augru"}
DIEN_DEEPCTR = {
    **DEEPCTR,
    "attention_activation": "relu",
    "attention_softmax": True,
    "user_fields": [DEEPCTR_USER_FIELDS[0], DEEPCTR_USER_FIELDS[3]],
    "mlp_input": ["interest", "user_tokens", "target", "user_dense"],
    "gru_type": "gru",
}
DEFAULT_MLP_INPUT = {
    "din": ["interest", "target", "interest_times_target"],
    "dien": ["interest", "target", "user_fields"],
}

# name -> (base, model type, fields that differ, options). Options: dtype, candidates, empty (one empty history)
VARIANTS = {
    "din-recbole": (RECBOLE, "din", {}, {"empty": True}),
    "din-recbole-softmax": (
        RECBOLE,
        "din",
        {"attention_softmax": True, "attention_activation": "relu", "mlp_activation": "relu", "attention_hidden_sizes": [10]},
        {},
    ),
    "din-recbole-dice-candidates": (RECBOLE, "din", {"mlp_activation": "dice_without_norm", "mlp_batch_norm": False}, {"candidates": True}),
    "din-recbole-prelu-sum": (
        RECBOLE,
        "din",
        {"mlp_activation": "prelu", "attention_activation": "prelu", "item_fields": [*ITEM_FIELDS[:2], {**ITEM_FIELDS[2], "pooling": "sum"}]},
        {},
    ),
    "din-recbole-id-only-tanh": (
        RECBOLE,
        "din",
        {"item_fields": ITEM_FIELDS[:1], "embedding_size": 7, "attention_activation": "tanh", "attention_scale": "none", "max_length": 3},
        {"candidates": True, "empty": True},
    ),
    "din-recbole-max-f16": (
        RECBOLE,
        "din",
        {"item_fields": [*ITEM_FIELDS[:2], {**ITEM_FIELDS[2], "pooling": "max"}], "embedding_size": 8},
        {"dtype": torch.float16},
    ),
    "din-recbole-bf16": (RECBOLE, "din", {"mlp_activation": "sigmoid"}, {"dtype": torch.bfloat16}),
    "din-deepctr-dice": (DEEPCTR, "din", {"mlp_activation": "dice"}, {"empty": True}),
    "din-deepctr-softmax": (
        DEEPCTR,
        "din",
        {"attention_softmax": True, "attention_activation": "prelu", "mlp_activation": "prelu", "mlp_batch_norm": True},
        {"candidates": True},
    ),
    "dien-recbole-augru": (DIEN_RECBOLE, "dien", {}, {}),
    "dien-recbole-agru": (DIEN_RECBOLE, "dien", {"gru_type": "agru", "user_fields": USER_FIELDS[:1]}, {}),
    "dien-recbole-aigru-candidates": (DIEN_RECBOLE, "dien", {"gru_type": "aigru", "item_fields": ITEM_FIELDS[:2]}, {"candidates": True}),
    "dien-recbole-gru-bf16": (DIEN_RECBOLE, "dien", {"gru_type": "gru"}, {"dtype": torch.bfloat16}),
    "dien-deepctr-gru": (DIEN_DEEPCTR, "dien", {}, {"empty": True}),
    "dien-deepctr-augru": (
        DIEN_DEEPCTR,
        "dien",
        {"gru_type": "augru", "mlp_activation": "dice", "mlp_batch_norm": True, "attention_softmax": False},
        {"candidates": True, "empty": True},
    ),
}


def make_case(folder, number, name, base, model_type, changes, options):
    config = {"model_type": model_type, **base, **changes}
    generator = torch.Generator().manual_seed(6700 + number)
    featured = config["item_fields"][1:]
    features = field_case.random_inputs(featured, generator, (ITEMS + 1,))
    full = {"mlp_input": DEFAULT_MLP_INPUT[model_type], **config}
    model = golden.randomize(InterestModel(full, features), generator, embedding_std=0.8, weight_gain=1.3)
    golden.randomize_batch_norms(model, generator)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    if config["naming"] == "recbole" and model_type == "din":
        # RecBole's DIN has the user's table in the file and never reads it
        weights["embedding_layer.token_embedding_table.user.embedding.weight"] = torch.ones(18, config["embedding_size"])
    if config["naming"] == "recbole" and model_type == "dien":
        # Only the training loss reads the auxiliary network
        weights["interset_extractor.auxiliary_net.mlp_layers.1.weight"] = torch.ones(2, 3)
        weights["interset_extractor.auxiliary_net.mlp_layers.1.bias"] = torch.ones(2)

    sizes = {"num_items": ITEMS, "max_length": config["max_length"], "padding_side": "right"}
    histories = history_case.random_histories(sizes, generator, empty=options.get("empty", False))
    rows = len(histories)
    user_fields = config.get("user_fields", []) if config["user_fields_used"] else []
    user_inputs = field_case.random_inputs(user_fields, generator, (rows,))
    count = CANDIDATES if options.get("candidates") else 1
    targets = torch.randint(1, ITEMS + 1, (rows, count), generator=generator)
    items = golden.pad(histories, config["max_length"], "right", 0).repeat_interleave(count, 0)
    repeated = {field: x.repeat_interleave(count, 0) for field, x in user_inputs.items()}
    single, double = golden.both_precisions(model, lambda m: m(items, items != 0, targets.flatten(), repeated))

    if config["naming"] == "recbole" and model_type == "din":
        # Configurations of RecBole's DIN may leave out the sizes of the fields that share a table
        sized = [{k: v for k, v in f.items() if k != "size" or f["kind"] != "token"} for f in config["item_fields"]]
        config = {**config, "item_fields": sized}
    case = golden.Case(name, config)
    history_case.items_input(case, sizes, histories)
    if options.get("candidates"):
        case.input("candidates", {"tensor": "candidates"}, candidates=targets.int())
        single, double = ({k: x.view(rows, count) for k, x in run.items()} for run in (single, double))
    else:
        case.input("target", {"tensor": "target"}, target=targets.flatten().int())
    if featured:
        field_case.item_features_input(case, featured, features)
    if user_fields:
        field_case.fields_input(case, user_fields, user_inputs)
    for output in double:
        case.output(output, single[output], double[output])
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
