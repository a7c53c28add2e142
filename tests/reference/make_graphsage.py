"""Golden cases of `graphsage`: mean, max and gcn aggregation with the names of PyG and of graphsage-simple.

Usage: make_graphsage.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden
import graph_case
from sasrec_torch import ACTIVATIONS

PYG = {
    "model_type": "graphsage",
    "naming": "pyg",
    "aggregator": "mean",
    "sizes": [7, 12, 5],
    "activation": "relu",
    "activation_after_last_layer": False,
    "output_normalization": "l2",
    "num_nodes": graph_case.NODES,
}
SIMPLE = {
    **PYG,
    "naming": "graphsage_simple",
    "activation_after_last_layer": True,
    "output_normalization": "none",
}

# name -> (base, fields that differ, storage type)
VARIANTS = {
    "graphsage-pyg-mean": (PYG, {}, torch.float32),
    "graphsage-pyg-max": (PYG, {"aggregator": "max", "output_normalization": "none"}, torch.float32),
    "graphsage-pyg-max-tanh": (
        PYG,
        {"aggregator": "max", "activation": "tanh", "activation_after_last_layer": True, "sizes": [9, 6, 8, 4]},
        torch.float32,
    ),
    "graphsage-pyg-gcn": (PYG, {"aggregator": "gcn", "sizes": [5, 5]}, torch.float32),
    "graphsage-pyg-mean-elu-bf16": (PYG, {"activation": "elu", "sizes": [16, 16, 16]}, torch.bfloat16),
    "graphsage-simple-mean": (SIMPLE, {}, torch.float32),
    "graphsage-simple-gcn": (SIMPLE, {"aggregator": "gcn", "sizes": [6, 11, 9]}, torch.float32),
    "graphsage-simple-max-l2": (SIMPLE, {"aggregator": "max", "output_normalization": "l2", "sizes": [8, 10]}, torch.float32),
    "graphsage-simple-mean-f16": (SIMPLE, {"activation_after_last_layer": False, "sizes": [8, 16, 8]}, torch.float16),
}


def aggregate(config, matrix, x):
    """[nodes, size] from the neighbours of every node; `matrix` [target, source] counts the edges."""
    if config["naming"] == "graphsage_simple":
        matrix = (matrix > 0).to(x.dtype)  # the reference keeps neighbours in sets
    if config["aggregator"] == "gcn":
        matrix = torch.maximum(matrix, torch.eye(len(matrix), dtype=x.dtype))
    if config["aggregator"] == "max":
        masked = torch.where(matrix.unsqueeze(2) > 0, x.unsqueeze(0), torch.tensor(-torch.inf, dtype=x.dtype))
        return torch.where(matrix.sum(1, keepdim=True) > 0, masked.amax(1), torch.zeros((), dtype=x.dtype))
    return matrix @ x / matrix.sum(1, keepdim=True).clamp(min=1)


class GraphSage(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        pairs = list(zip(config["sizes"], config["sizes"][1:]))
        alone = config["aggregator"] == "gcn"
        if config["naming"] == "pyg":
            self.convs = nn.ModuleList()
            for inputs, outputs in pairs:
                layers = {"lin_l": nn.Linear(inputs, outputs)}
                if not alone:
                    layers["lin_r"] = nn.Linear(inputs, outputs, bias=False)
                self.convs.append(nn.ModuleDict(layers))
            return
        for i, (inputs, outputs) in enumerate(pairs, start=1):
            self.add_module(f"enc{i}", nn.Linear(inputs if alone else 2 * inputs, outputs, bias=False))

    def layer(self, i, x, neighbours):
        if self.config["naming"] == "pyg":
            conv = self.convs[i]
            return conv["lin_l"](neighbours) + (conv["lin_r"](x) if "lin_r" in conv else 0)
        combined = neighbours if self.config["aggregator"] == "gcn" else torch.cat([x, neighbours], dim=1)
        return getattr(self, f"enc{i + 1}")(combined)

    def forward(self, x, edges):
        config = self.config
        activation = {**ACTIVATIONS, "elu": F.elu}[config["activation"]]
        matrix = graph_case.counts(edges, x.dtype)
        layers = len(config["sizes"]) - 1
        for i in range(layers):
            x = self.layer(i, x, aggregate(config, matrix, x))
            if i < layers - 1 or config["activation_after_last_layer"]:
                x = activation(x)
        return {"embeddings": F.normalize(x) if config["output_normalization"] == "l2" else x}


def make_case(folder, number, name, base, changes, dtype):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(6400 + number)
    model = golden.randomize(GraphSage(config), generator, weight_gain=1.3)
    weights = golden.stored_as(model, dtype)
    pyg = config["naming"] == "pyg"
    # Without neighbours the mean of graphsage-simple is 0/0, so its graph has none such
    edges = graph_case.random_edges(generator, symmetric=not pyg, isolated=pyg, loops=pyg)
    x = torch.randn(graph_case.NODES, config["sizes"][0], generator=generator)
    single, double = golden.both_precisions(model, lambda m: m(x.to(next(m.parameters()).dtype), edges))
    nodes = None if pyg else torch.arange(1, graph_case.NODES, 3)
    graph_case.write(folder, name, config, weights, x, edges, single, double, nodes)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
