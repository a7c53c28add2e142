"""Golden cases of the autoencoders over a user's items: `mult_vae`, `mult_dae`, `autorec`.

Usage: make_autoencoders.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden
from sasrec_torch import ACTIVATIONS

ROWS = 12
SCORE_ROWS = 4
TOP_K = 8

VAE = {
    "model_type": "mult_vae",
    "naming": "recbole",
    "num_items": 30,
    "hidden_sizes": [14],
    "latent_size": 5,
    "activation": "tanh",
    "input": "binary_l2_normalized",
    "activation_after_last_encoder_layer": False,
}
DAE = {**VAE, "model_type": "mult_dae", "activation_after_last_encoder_layer": True}
AUTOREC = {
    "model_type": "autorec",
    "naming": "encoder_decoder",
    "num_items": 30,
    "first_item_id": 1,
    "hidden_size": 9,
    "activation": "sigmoid",
    "output_activation": "none",
    "input": "ratings",
}

# name -> (base, fields that differ, options). Options: dtype, padded (items as a matrix)
VARIANTS = {
    "mult_vae-recbole": (VAE, {}, {}),
    "mult_vae-recbole-3-layers": (VAE, {"hidden_sizes": [20, 13, 9], "activation": "relu"}, {"padded": True}),
    "mult_vae-recbole-activated-encoder": (VAE, {"activation_after_last_encoder_layer": True, "hidden_sizes": [7, 11]}, {}),
    "mult_vae-recbole-no-hidden": (VAE, {"hidden_sizes": []}, {}),
    "mult_vae-recbole-f16": (VAE, {"hidden_sizes": [16], "latent_size": 8}, {"dtype": torch.float16}),
    "mult_vae-jaywonchung": (VAE, {"naming": "jaywonchung", "hidden_sizes": [12, 12], "first_item_id": 0}, {}),
    "mult_vae-jaywonchung-from-one": (VAE, {"naming": "jaywonchung", "first_item_id": 1, "activation": "sigmoid"}, {"padded": True}),
    "mult_dae-recbole": (DAE, {}, {}),
    "mult_dae-recbole-3-layers": (DAE, {"hidden_sizes": [18, 12, 7], "activation": "sigmoid", "latent_size": 3}, {}),
    "mult_dae-recbole-linear-latent": (DAE, {"activation_after_last_encoder_layer": False, "hidden_sizes": [10, 8]}, {"padded": True}),
    "mult_dae-recbole-bf16": (DAE, {"hidden_sizes": [17], "activation": "relu"}, {"dtype": torch.bfloat16}),
    "mult_dae-jaywonchung": (DAE, {"naming": "jaywonchung", "hidden_sizes": [11, 11, 11], "first_item_id": 0}, {}),
    "autorec-ratings": (AUTOREC, {}, {}),
    "autorec-binary-relu": (AUTOREC, {"input": "binary", "activation": "relu", "output_activation": "sigmoid", "first_item_id": 0}, {}),
    "autorec-normalized-bf16": (
        AUTOREC,
        {"input": "binary_l2_normalized", "activation": "elu", "hidden_size": 16},
        {"dtype": torch.bfloat16},
    ),
}


class Stack(nn.Module):
    """Linear layers with an activation between them, and after the last one when asked for."""

    def __init__(self, sizes, activation, last_activation, name_of):
        super().__init__()
        self.names = [name_of(i) for i in range(len(sizes) - 1)]
        self.layers = nn.ModuleDict({
            name.replace(".", "/"): nn.Linear(inputs, outputs)
            for name, inputs, outputs in zip(self.names, sizes, sizes[1:])
        })
        self.activation, self.last_activation = {**ACTIVATIONS, "elu": F.elu}[activation], last_activation

    def forward(self, x):
        for i, name in enumerate(self.names):
            x = self.layers[name.replace(".", "/")](x)
            if i < len(self.names) - 1 or self.last_activation:
                x = self.activation(x)
        return x


class AutoEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        recbole, self.vae = config["naming"] == "recbole", config["model_type"] == "mult_vae"
        columns = config["num_items"] + (1 if recbole else 0)
        inner = [columns, *config["hidden_sizes"]]
        encoded = config["latent_size"] * (2 if self.vae else 1)
        every_third = recbole and not self.vae  # dropout, linear and activation are modules of one Sequential
        encoder_name = "mlp_layers.{}" if every_third else "{}"
        step, first = (3, 1) if every_third else (2, 0) if recbole else (1, 0)
        self.encoder = Stack(
            [*inner, encoded],
            config["activation"],
            config["activation_after_last_encoder_layer"],
            lambda i: encoder_name.format(first + step * i),
        )
        self.decoder = Stack(
            [config["latent_size"], *inner[::-1]], config["activation"], False, lambda i: str(i * (2 if recbole else 1))
        )
        self.latent_size = config["latent_size"]

    def forward(self, x):
        encoded = self.encoder(x)
        if not self.vae:
            return {"latent": encoded, "scores": self.decoder(encoded)}
        mean, log_variance = encoded[:, : self.latent_size], encoded[:, self.latent_size :]
        return {"latent_mean": mean, "latent_log_variance": log_variance, "scores": self.decoder(mean)}


class AutoRec(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.encoder = nn.Linear(config["num_items"], config["hidden_size"])
        self.decoder = nn.Linear(config["hidden_size"], config["num_items"])
        known = {**ACTIVATIONS, "elu": F.elu}
        self.activation, self.output_activation = known[config["activation"]], known[config["output_activation"]]

    def forward(self, x):
        latent = self.activation(self.encoder(x))
        return {"latent": latent, "scores": self.output_activation(self.decoder(latent))}


def dense_rows(config, histories, ratings, columns, first):
    x = torch.zeros(len(histories), columns, dtype=torch.float64)
    for row, (history, values) in enumerate(zip(histories, ratings)):
        for item, value in zip(history, values):
            x[row, item - first] = value if config["input"] == "ratings" else 1
    return F.normalize(x) if config["input"] == "binary_l2_normalized" else x


def random_histories(config, first, generator):
    """Distinct items, but one history names an item twice, and one is empty."""
    counts = golden.random_lengths(ROWS, 9, generator, empty=True).tolist()
    histories = [(torch.randperm(config["num_items"], generator=generator)[:count] + first).tolist() for count in counts]
    if config["input"] != "ratings":
        histories[3].append(histories[3][0])
    ratings = [torch.randint(1, 6, (len(history),), generator=generator).tolist() for history in histories]
    return histories, ratings


def items_input(case, config, histories, ratings, padded):
    if padded:
        longest = max(map(len, histories))
        case.input("items", {"tensor": "items", "padding_side": "right", "pad_id": 0, "lengths": "lengths"})
        case.inputs["items"] = golden.pad(histories, longest, "right", 0).int()
        case.inputs["lengths"] = torch.tensor([*map(len, histories)], dtype=torch.int32)
        return
    case.input("items", {"ids": "history_ids", "offsets": "history_offsets"})
    case.inputs["history_ids"] = torch.tensor([item for history in histories for item in history], dtype=torch.int32)
    case.inputs["history_offsets"] = torch.tensor([0, *map(len, histories)]).cumsum(0).int()
    if config["input"] == "ratings":
        case.input("ratings", {"values": "history_ratings", "offsets": "history_offsets"})
        case.inputs["history_ratings"] = torch.tensor([value for row in ratings for value in row], dtype=torch.float32)


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(6200 + number)
    recbole, autorec = config["naming"] == "recbole", config["model_type"] == "autorec"
    first = 1 if recbole else config["first_item_id"]
    model = golden.randomize((AutoRec if autorec else AutoEncoder)(config), generator, weight_gain=1.5)
    stored = golden.stored_as(model, options.get("dtype", torch.float32))
    weights = {name.replace("layers.", "", 1).replace("/", "."): tensor for name, tensor in stored.items()}

    histories, ratings = random_histories(config, first, generator)
    columns = config["num_items"] + (1 if recbole else 0)
    x = dense_rows(config, histories, ratings, columns, 0 if recbole else first)
    single, double = golden.both_precisions(model, lambda m: m(x.to(next(m.parameters()).dtype)))

    case = golden.Case(name, config)
    items_input(case, config, histories, ratings, options.get("padded", False))
    for output in double:
        case.output(output, single[output], double[output], rows=SCORE_ROWS if output == "scores" else None)
    # A column's id is its number plus the id of column 0
    shift = 0 if recbole else first
    padded = [torch.cat([torch.full((ROWS, shift), -1e9, dtype=s.dtype), s], dim=1) for s in (single["scores"], double["scores"])]
    excluded = {"exclude_ids": [0]} if recbole else {}
    case.top_k(padded[0], padded[1], TOP_K, excluded=histories, exclude="items", **excluded)
    case.write(folder, weights)


def make(folder):
    for number, (name, (base, changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, base, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
