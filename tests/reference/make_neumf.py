"""Golden cases of `neumf`: GMF, MLP and NeuMF with the names of the Keras code, its PyTorch port and RecBole.

Usage: make_neumf.py [--check]
"""

import sys

import torch
from torch import nn

import golden

ROWS = 10
CANDIDATES = 7

KERAS = {
    "model_type": "neumf",
    "naming": "keras_ncf",
    "variant": "neumf",
    "num_users": 13,
    "num_items": 21,
    "mf_size": 6,
    "mlp_embedding_size": 8,
    "mlp_hidden_sizes": [12, 7],
    "kernel_layout": "in_out",
}
TORCH = {**KERAS, "naming": "torch_ncf", "kernel_layout": "out_in"}
RECBOLE = {**KERAS, "naming": "recbole", "kernel_layout": "out_in"}
GMF = {"variant": "gmf"}
MLP = {"variant": "mlp"}

# name -> (base, fields that differ, options). Options: dtype, ragged (candidates), drop (fields left out of config.json)
MLP_FIELDS = ["mlp_embedding_size", "mlp_hidden_sizes"]
VARIANTS = {
    "neumf-keras": (KERAS, {}, {"ragged": True}),
    "neumf-keras-gmf": (KERAS, GMF, {"drop": MLP_FIELDS}),
    "neumf-keras-mlp": (KERAS, {**MLP, "mlp_hidden_sizes": [5]}, {"drop": ["mf_size"]}),
    "neumf-keras-out-in-f16": (KERAS, {"kernel_layout": "out_in", "mf_size": 9}, {"dtype": torch.float16}),
    "neumf-torch": (TORCH, {"mlp_hidden_sizes": [16, 8, 4]}, {}),
    "neumf-torch-gmf": (TORCH, {**GMF, "mf_size": 11}, {"drop": MLP_FIELDS, "ragged": True}),
    "neumf-torch-mlp": (TORCH, MLP, {"drop": ["mf_size"]}),
    "neumf-torch-in-out": (TORCH, {"kernel_layout": "in_out"}, {}),
    "neumf-recbole": (RECBOLE, {"mlp_hidden_sizes": [14, 10, 6]}, {}),
    "neumf-recbole-gmf": (RECBOLE, GMF, {}),
    "neumf-recbole-renamed": (
        RECBOLE,
        {"tensor_names": {"predict_layer.weight": "head.kernel", "user_mf_embedding.weight": "users"}},
        {},
    ),
    "neumf-recbole-mlp-bf16": (RECBOLE, MLP, {"dtype": torch.bfloat16}),
}
ORDER = {"keras_ncf": ["mf", "mlp"], "torch_ncf": ["mlp", "mf"], "recbole": ["mf", "mlp"]}


class NeuMf(nn.Module):
    """Neutral names; file_name() gives each naming's own."""

    def __init__(self, config):
        super().__init__()
        self.parts = ["mf", "mlp"] if config["variant"] == "neumf" else ["mf" if config["variant"] == "gmf" else "mlp"]
        self.order = [part for part in ORDER[config["naming"]] if part in self.parts]
        # RecBole keeps the tables and layers of both parts, whichever it uses
        stored = ["mf", "mlp"] if config["naming"] == "recbole" else self.parts
        sizes = {"mf": config["mf_size"], "mlp": config["mlp_embedding_size"]}
        self.users = nn.ModuleDict({part: nn.Embedding(config["num_users"], sizes[part]) for part in stored})
        self.items = nn.ModuleDict({part: nn.Embedding(config["num_items"], sizes[part]) for part in stored})
        layers = [2 * sizes["mlp"], *config["mlp_hidden_sizes"]] if "mlp" in stored else []
        self.layers = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in zip(layers, layers[1:]))
        widths = {"mf": sizes["mf"], "mlp": config["mlp_hidden_sizes"][-1]}
        self.predict = nn.Linear(sum(widths[part] for part in self.parts), 1)

    def forward(self, users, items):
        """[rows, candidates] logits."""
        users = users.unsqueeze(1).expand_as(items)
        vectors = {}
        if "mf" in self.parts:
            vectors["mf"] = self.users["mf"](users) * self.items["mf"](items)
        if "mlp" in self.parts:
            x = torch.cat([self.users["mlp"](users), self.items["mlp"](items)], dim=2)
            for layer in self.layers:
                x = torch.relu(layer(x))
            vectors["mlp"] = x
        logits = self.predict(torch.cat([vectors[part] for part in self.order], dim=2)).squeeze(2)
        return {"logits": logits, "probabilities": torch.sigmoid(logits)}


def file_name(naming, variant, name):
    kind, *rest = name.split(".")
    both = variant == "neumf"
    if kind in ("users", "items"):
        entity, part = kind[:-1], rest[0]
        return {
            "keras_ncf": f"{part}_embedding_{entity}_W" if both else f"{entity}_embedding_W",
            "torch_ncf": f"embedding_{entity}_{part}.weight" if both else f"embedding_{entity}.weight",
            "recbole": f"{entity}_{part}_embedding.weight",
        }[naming]
    parameter, number = rest[-1], int(rest[0]) if kind == "layers" else None
    if naming == "keras_ncf":
        return ("prediction" if number is None else f"layer{number + 1}") + ("_W" if parameter == "weight" else "_b")
    if naming == "torch_ncf":
        return ("affine_output." if number is None else f"fc_layers.{number}.") + parameter
    return ("predict_layer." if number is None else f"mlp_layers.mlp_layers.{1 + 3 * number}.") + parameter


def file_weights(config, stored):
    weights = {}
    for name, tensor in stored.items():
        kernel = name.endswith("weight") and not name.startswith(("users", "items"))
        transposed = kernel and config["kernel_layout"] == "in_out"
        named = file_name(config["naming"], config["variant"], name)
        named = config.get("tensor_names", {}).get(named, named)
        weights[named] = tensor.T.contiguous() if transposed else tensor
    return weights


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(6500 + number)
    model = golden.randomize(NeuMf(config), generator, weight_gain=1.5)
    weights = file_weights(config, golden.stored_as(model, options.get("dtype", torch.float32)))
    users = torch.randint(0, config["num_users"], (ROWS,), generator=generator)
    candidates = torch.randint(0, config["num_items"], (ROWS, CANDIDATES), generator=generator)
    users[0], users[1], candidates[0, 0], candidates[1, 1] = 0, config["num_users"] - 1, 0, config["num_items"] - 1
    single, double = golden.both_precisions(model, lambda m: m(users, candidates))

    config = {field: value for field, value in config.items() if field not in options.get("drop", [])}
    case = golden.Case(name, config)
    case.input("users", {"tensor": "users"}, users=users.int())
    if options.get("ragged"):
        counts = torch.randint(1, CANDIDATES + 1, (ROWS,), generator=generator)
        kept = torch.arange(CANDIDATES) < counts.unsqueeze(1)
        case.input("candidates", {"ids": "candidate_ids", "offsets": "candidate_offsets"})
        case.inputs["candidate_ids"] = candidates[kept].int()
        case.inputs["candidate_offsets"] = torch.tensor([0, *counts.tolist()]).cumsum(0).int()
        single, double = ({output: x[kept] for output, x in run.items()} for run in (single, double))
    else:
        case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    for output in double:
        case.output(output, single[output], double[output])
    case.write(folder, weights)


def make(folder):
    for number, (name, (base, changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, base, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
