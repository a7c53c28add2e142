"""Golden cases of `gcn` and `gat`: the names of pygcn, pyGAT and of old and new PyG.

GCN: Kipf and Welling 2017, https://arxiv.org/abs/1609.02907; GAT: Velickovic et al. 2018, https://arxiv.org/abs/1710.10903.
Usage: make_gcn.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden
import graph_case
from named import place
from sasrec_torch import ACTIVATIONS

PYGCN = {
    "model_type": "gcn",
    "naming": "pygcn",
    "sizes": [9, 12, 5],
    "activation": "relu",
    "activation_after_last_layer": False,
    "normalization": "row",
    "self_loops": "add",
    "self_loop_weight": 1.0,
    "bias": True,
    "output_normalization": "log_softmax",
    "num_nodes": graph_case.NODES,
}
PYG = {**PYGCN, "naming": "pyg", "normalization": "symmetric", "self_loops": "add_missing", "output_normalization": "none"}
PYGAT = {
    "model_type": "gat",
    "naming": "pygat",
    "input_size": 9,
    "head_sizes": [6, 5],
    "heads": [3, 1],
    "concat": [True, False],
    "negative_slope": 0.2,
    "attention_score": "leaky_relu",
    "self_loops": "add_missing",
    "edge_multiplicity": "set",
    "bias": False,
    "activation": "elu",
    "activation_after_last_layer": True,
    "output_normalization": "log_softmax",
    "num_nodes": graph_case.NODES,
}
PYG_GAT = {
    **PYGAT,
    "naming": "pyg",
    "self_loops": "replace",
    "edge_multiplicity": "count",
    "bias": True,
    "activation_after_last_layer": False,
    "output_normalization": "none",
}

# name -> (base, fields that differ, options). Options: dtype, weighted (the edges have weights)
VARIANTS = {
    "gcn-pygcn": (PYGCN, {}, {}),
    "gcn-pygcn-weighted-f16": (PYGCN, {"sizes": [8, 16], "output_normalization": "none"}, {"weighted": True, "dtype": torch.float16}),
    "gcn-pyg": (PYG, {}, {"weighted": True}),
    "gcn-pyg-improved-3-layers": (
        PYG,
        {"self_loop_weight": 2.0, "sizes": [7, 10, 8, 4], "activation": "tanh", "activation_after_last_layer": True, "bias": False},
        {},
    ),
    "gcn-pyg-no-loops-l2": (PYG, {"self_loops": "none", "output_normalization": "l2", "activation": "elu"}, {"weighted": True}),
    "gcn-pyg-old-names": (PYG, {"naming": "pyg_1", "sizes": [6, 6, 6]}, {}),
    "gcn-pyg-unnormalized-bf16": (PYG, {"normalization": "none", "self_loops": "none", "sizes": [8, 8]}, {"dtype": torch.bfloat16}),
    "gat-pygat": (PYGAT, {}, {}),
    "gat-pygat-sparse": (PYGAT, {"attention_score": "negative_leaky_relu", "heads": [2, 1], "negative_slope": 0.1}, {}),
    "gat-pyg": (PYG_GAT, {}, {}),
    "gat-pyg-2": (PYG_GAT, {"naming": "pyg_2", "heads": [2, 4], "head_sizes": [5, 3], "output_normalization": "l2"}, {}),
    "gat-pyg-1-6": (PYG_GAT, {"naming": "pyg_1_6", "heads": [2, 2, 1], "concat": [True, True, True], "head_sizes": [4, 4, 6]}, {}),
    "gat-pyg-1-no-bias": (PYG_GAT, {"naming": "pyg_1", "bias": False, "activation": "relu"}, {}),
    "gat-pyg-no-loops-bf16": (PYG_GAT, {"self_loops": "none", "heads": [4, 2]}, {"dtype": torch.bfloat16}),
}
KNOWN = {**ACTIVATIONS, "elu": F.elu}
OUTPUTS = {"none": lambda x: x, "l2": F.normalize, "log_softmax": lambda x: F.log_softmax(x, dim=1)}


def finish(config, layers, i, x):
    if i < layers - 1 or config["activation_after_last_layer"]:
        x = KNOWN[config["activation"]](x)
    return OUTPUTS[config["output_normalization"]](x) if i == layers - 1 else x


class Gcn(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, self.layers = config, []
        for i, (inputs, outputs) in enumerate(zip(config["sizes"], config["sizes"][1:])):
            prefix = f"gc{i + 1}" if config["naming"] == "pygcn" else f"convs.{i}"
            transposed = config["naming"] == "pyg"
            shape = (outputs, inputs) if transposed else (inputs, outputs)
            weight = place(self, f"{prefix}.lin.weight" if transposed else f"{prefix}.weight", nn.Parameter(torch.zeros(shape)))
            bias = place(self, f"{prefix}.bias", nn.Parameter(torch.zeros(outputs))) if config["bias"] else 0
            self.layers.append(lambda x, w=weight, b=bias, t=transposed: (x @ (w.T if t else w), b))

    def adjacency(self, edges, weights, dtype):
        """[target, source]"""
        config, loop = self.config, self.config["self_loop_weight"]
        matrix = torch.zeros(graph_case.NODES, graph_case.NODES, dtype=dtype)
        matrix = matrix.index_put((edges[1], edges[0]), weights.to(dtype), accumulate=True)
        loops = torch.eye(graph_case.NODES, dtype=dtype) * loop
        if config["self_loops"] == "add":
            matrix = matrix + loops
        elif config["self_loops"] == "add_missing":
            matrix = matrix + torch.where(matrix.diagonal() == 0, loops.diagonal(), torch.zeros((), dtype=dtype)).diag()
        degree = matrix.sum(1)
        if config["normalization"] == "row":
            return matrix / degree.unsqueeze(1)
        if config["normalization"] == "symmetric":
            scale = torch.where(degree > 0, degree, torch.ones_like(degree)) ** -0.5 * (degree > 0)
            return scale.unsqueeze(1) * matrix * scale
        return matrix

    def forward(self, x, edges, weights):
        matrix = self.adjacency(edges, weights, x.dtype)
        for i, layer in enumerate(self.layers):
            projected, bias = layer(x)
            x = finish(self.config, len(self.layers), i, matrix @ projected + bias)
        return {"embeddings": x}


class Gat(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, self.layers = config, []
        inputs = config["input_size"]
        for i, (size, heads, concat) in enumerate(zip(config["head_sizes"], config["heads"], config["concat"])):
            self.layers.append(self.pygat_layer(i, inputs, size, heads) if config["naming"] == "pygat" else self.pyg_layer(i, inputs, size, heads))
            outputs = size * heads if concat else size
            bias = place(self, f"convs.{i}.bias", nn.Parameter(torch.zeros(outputs))) if config["bias"] else 0
            self.layers[-1] += (bias, concat)
            inputs = outputs

    def pygat_layer(self, i, inputs, size, heads):
        """(kernels, attention of targets, attention of sources), each a function: the halves of `a` are target, source."""
        flat = self.config["attention_score"] == "negative_leaky_relu"
        shape = (1, 2 * size) if flat else (2 * size, 1)
        names = ["out_att"] if i else [f"attention_{head}" for head in range(heads)]
        kernels = [place(self, f"{name}.W", nn.Parameter(torch.zeros(inputs, size))) for name in names]
        halves = [place(self, f"{name}.a", nn.Parameter(torch.zeros(shape))) for name in names]
        return (
            lambda: torch.stack(list(kernels), dim=1),
            lambda: torch.stack([a.flatten()[:size] for a in halves]),
            lambda: torch.stack([a.flatten()[size:] for a in halves]),
        )

    def pyg_layer(self, i, inputs, size, heads):
        naming, prefix = self.config["naming"], f"convs.{i}."
        if naming == "pyg_1":
            kernel = place(self, prefix + "weight", nn.Parameter(torch.zeros(inputs, heads * size)))
            both = place(self, prefix + "att", nn.Parameter(torch.zeros(1, heads, 2 * size)))
            return lambda: kernel.unflatten(1, (heads, size)), lambda: both[0, :, :size], lambda: both[0, :, size:]
        lin, target, source = {
            "pyg": ("lin", "att_dst", "att_src"),
            "pyg_2": ("lin_src", "att_dst", "att_src"),
            "pyg_1_6": ("lin_l", "att_r", "att_l"),
        }[naming]
        linear = place(self, prefix + lin, nn.Linear(inputs, heads * size, bias=False))
        targets = place(self, prefix + target, nn.Parameter(torch.zeros(1, heads, size)))
        sources = place(self, prefix + source, nn.Parameter(torch.zeros(1, heads, size)))
        return lambda: linear.weight.T.unflatten(1, (heads, size)), lambda: targets[0], lambda: sources[0]

    def multiplicities(self, edges, dtype):
        config, eye = self.config, torch.eye(graph_case.NODES, dtype=dtype)
        matrix = graph_case.counts(edges, dtype)
        if config["edge_multiplicity"] == "set":
            matrix = (matrix > 0).to(dtype)
        if config["self_loops"] == "add_missing":
            return torch.where((eye > 0) & (matrix == 0), eye, matrix)
        return matrix * (1 - eye) + eye if config["self_loops"] == "replace" else matrix

    def forward(self, x, edges, _):
        config = self.config
        counts = self.multiplicities(edges, x.dtype).unsqueeze(0)
        for i, (kernels, target, source, bias, concat) in enumerate(self.layers):
            h = torch.einsum("ni,iho->hno", x, kernels())
            scores = torch.einsum("hno,ho->hn", h, target()).unsqueeze(2) + torch.einsum("hno,ho->hn", h, source()).unsqueeze(1)
            scores = F.leaky_relu(scores, config["negative_slope"])
            scores = -scores if config["attention_score"] == "negative_leaky_relu" else scores
            scores = scores.masked_fill(counts == 0, -1e30)
            weights = counts * torch.exp(scores - scores.amax(2, keepdim=True))
            total = weights.sum(2, keepdim=True)
            mixed = torch.where(total > 0, weights / total.clamp(min=1e-30), torch.zeros_like(weights)) @ h
            x = mixed.transpose(0, 1).flatten(1) if concat else mixed.mean(0)
            x = finish(config, len(self.layers), i, x + bias)
        return {"embeddings": x}


def also_shared(config, weights):
    """Older PyG has one linear layer under two names when both ends of an edge have the same features."""
    twins = {"pyg_2": ("lin_src", "lin_dst"), "pyg_1_6": ("lin_l", "lin_r")}
    if config["model_type"] == "gat" and config["naming"] in twins:
        first, second = twins[config["naming"]]
        weights |= {name.replace(first, second): tensor for name, tensor in weights.items() if f".{first}." in name}
    return weights


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(7300 + number)
    gat = config["model_type"] == "gat"
    model = golden.randomize((Gat if gat else Gcn)(config), generator, weight_gain=2.0)
    weights = also_shared(config, golden.stored_as(model, options.get("dtype", torch.float32)))
    edges = graph_case.random_edges(generator, symmetric=config["naming"] in ("pygcn", "pygat"))
    edge_weights = 0.5 + torch.rand(edges.shape[1], generator=generator) if options.get("weighted") else None
    if edge_weights is not None or (not gat and config["self_loops"] == "add_missing"):
        # Which of several loops with different weights counts is nobody's promise: each node has one at most
        unique = torch.unique(edges, dim=1)
        edges = torch.cat([unique, edges[:, edges[0] != edges[1]][:, :5]], dim=1)
        edge_weights = None if edge_weights is None else edge_weights[: edges.shape[1]]
    x = torch.randn(graph_case.NODES, config["input_size"] if gat else config["sizes"][0], generator=generator)
    used = torch.ones(edges.shape[1]) if edge_weights is None else edge_weights
    single, double = golden.both_precisions(model, lambda m: m(x.to(next(m.parameters()).dtype), edges, used))
    graph_case.write(folder, name, config, weights, x, edges, single, double, edge_weights=edge_weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
