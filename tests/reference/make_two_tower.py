"""Golden cases of `two_tower`: a user's and an item's network, compared by cosine (DSSM) or inner product.

Usage: make_two_tower.py [--check]
"""

import sys

import torch
from torch import nn

import field_case
import golden
from ctr_torch import Fields, Mlp, paths_of

ITEMS = 22
CANDIDATES = 6
TOP_K = 7

USER_FIELDS = [
    {"name": "likes", "kind": "multi", "size": 9, "pooling": "mean", "pad_id": 0},
    {"name": "user_id", "kind": "token", "size": 15, "table_offset": 0},
    {"name": "gender", "kind": "token", "size": 3, "table_offset": 15},
    {"name": "age", "kind": "value", "size": 2, "table_offset": 0},
]
ITEM_FIELDS = [
    {"name": "class", "kind": "multi", "size": 7, "pooling": "mean", "pad_id": 0},
    {"name": "item_id", "kind": "token", "size": ITEMS + 1, "table_offset": 18},
    {"name": "year", "kind": "token", "size": 5, "table_offset": 18 + ITEMS + 1},
    {"name": "price", "kind": "value", "size": 2, "table_offset": 2},
]
TEXT = {"name": "text", "kind": "dense", "size": 6}
IMAGE = {"name": "image", "kind": "dense", "size": 3}
DEEPCTR_USER_FIELDS = [
    {"name": "user_id", "kind": "token", "size": 15},
    {"name": "history", "kind": "multi", "size": ITEMS + 1, "pooling": "mean", "pad_id": 0, "embedding_name": "item_id"},
    {"name": "mood", "kind": "dense", "size": 2},
]
DEEPCTR_ITEM_FIELDS = [{"name": "item_id", "kind": "token", "size": ITEMS + 1}, {"name": "cate_id", "kind": "token", "size": 8}]

RECBOLE = {
    "model_type": "two_tower",
    "naming": "recbole",
    "num_items": ITEMS,
    "embedding_size": 5,
    "user_fields": USER_FIELDS,
    "item_fields": ITEM_FIELDS,
    "mlp_hidden_sizes": [12, 7],
    "mlp_activation": "tanh",
    "mlp_batch_norm": True,
    "batch_norm_eps": 1e-5,
    "last_activation": True,
    "similarity": "cosine",
    "temperature": 1.0,
}
DEEPCTR = {**RECBOLE, "naming": "deepctr", "user_fields": DEEPCTR_USER_FIELDS, "item_fields": DEEPCTR_ITEM_FIELDS, "mlp_batch_norm": False}

# name -> (base, fields that differ, storage type)
VARIANTS = {
    "two_tower-recbole": (RECBOLE, {}, torch.float32),
    "two_tower-recbole-side-features": (
        RECBOLE,
        {"item_fields": [*ITEM_FIELDS, TEXT, IMAGE], "similarity": "dot", "mlp_activation": "relu", "last_activation": False},
        torch.float32,
    ),
    "two_tower-recbole-temperature-bf16": (
        RECBOLE,
        {"temperature": 0.07, "mlp_hidden_sizes": [8], "item_fields": [*ITEM_FIELDS[:3], TEXT]},
        torch.bfloat16,
    ),
    "two_tower-deepctr-history": (DEEPCTR, {"last_activation": False}, torch.float32),
    "two_tower-deepctr-side-features-f16": (
        DEEPCTR,
        {"item_fields": [*DEEPCTR_ITEM_FIELDS, TEXT], "mlp_activation": "prelu", "mlp_batch_norm": True, "similarity": "dot", "temperature": 2.0},
        torch.float16,
    ),
}


class TwoTower(nn.Module):
    def __init__(self, config, features):
        super().__init__()
        naming, fields = config["naming"], config["user_fields"] + config["item_fields"]
        self.config, self.features = config, features
        # One set of tables for both sides: a side is a part of the list of fields
        self.tables = [Fields(self, fields, config["embedding_size"], paths_of(naming))]
        self.sides = {}
        for side in ("user", "item"):
            width = sum(f["size"] if f["kind"] == "dense" else config["embedding_size"] for f in config[f"{side}_fields"])
            sizes = [width, *config["mlp_hidden_sizes"]]
            prefix = f"{side}_mlp_layers" if naming == "recbole" else f"{side}_dnn"
            mlp = Mlp(self, naming, prefix, sizes, config["mlp_activation"], config["mlp_batch_norm"], config["batch_norm_eps"])
            if not config["last_activation"]:
                mlp.layers.pop()
            self.sides[side] = mlp

    def encode(self, side, inputs):
        fields, dtype = self.config[f"{side}_fields"], next(self.parameters()).dtype
        vectors = [self.tables[0].look_up(f, inputs) for f in fields if f["kind"] != "dense"]
        dense = [inputs[f["name"]].to(dtype) for f in fields if f["kind"] == "dense"]
        return self.sides[side](torch.cat(vectors + dense, dim=1))

    def forward(self, user_inputs, candidates):
        users = self.encode("user", user_inputs)
        items = self.encode("item", {"item_id": torch.arange(ITEMS + 1), **self.features})
        results = {"hidden": users, "item_embeddings": items}
        if self.config["similarity"] == "cosine":
            users, items = (x / x.norm(dim=1, keepdim=True).clamp(min=1e-8) for x in (users, items))
        scores = users @ items.T / self.config["temperature"]
        logits = scores.gather(1, candidates)
        return {**results, "logits": logits, "probabilities": torch.sigmoid(logits), "scores": scores}


def make_case(folder, number, name, base, changes, dtype):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(6800 + number)
    featured = [field for field in config["item_fields"] if field["name"] != "item_id"]
    features = field_case.random_inputs(featured, generator, (ITEMS + 1,))
    model = golden.randomize(TwoTower(config, features), generator, embedding_std=0.8, weight_gain=1.4)
    golden.randomize_batch_norms(model, generator)
    weights = golden.stored_as(model, dtype)
    if not config["last_activation"] and config["mlp_activation"] == "prelu":
        raise ValueError("the last activation must have no parameter to be left out")
    inputs = field_case.random_inputs(config["user_fields"], generator)
    candidates = torch.randint(1, ITEMS + 1, (field_case.ROWS, CANDIDATES), generator=generator)
    single, double = golden.both_precisions(model, lambda m: m(inputs, candidates))

    case = golden.Case(name, config)
    field_case.fields_input(case, config["user_fields"], inputs)
    field_case.item_features_input(case, featured, features)
    case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    for output in ("hidden", "item_embeddings", "logits", "probabilities"):
        case.output(output, single[output], double[output])
    case.output("scores", single["scores"], double["scores"], rows=4)
    case.top_k(single["scores"], double["scores"], TOP_K, exclude_ids=[0])
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
