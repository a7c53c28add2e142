"""Golden cases of `sequential` over sequences: embedding, 1-D convolution, pooling over time and flattening.

Usage: make_sequential_conv.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden
from make_sequential import ACTIVATIONS, DROPOUT, RELU, activation, linear, norm

ROWS = 12


def embedding(name, rows, size):
    return {"type": "embedding", "name": name, "rows": rows, "size": size}


def conv(name, inputs, outputs, kernel_size, stride=1, padding=0, dilation=1, bias=True, kernel_layout="out_in_k"):
    layer = {"type": "conv1d", "name": name, "in": inputs, "out": outputs, "kernel_size": kernel_size, "stride": stride}
    return {**layer, "padding": padding, "dilation": dilation, "bias": bias, "kernel_layout": kernel_layout}


def pool(function, kernel_size, stride):
    return {"type": "pool1d", "function": function, "kernel_size": kernel_size, "stride": stride}


def global_pool(function):
    return {"type": "global_pool", "function": function}


def flatten(order):
    return {"type": "flatten", "order": order}


# name -> (input, input_length, input_size or None, layers, outputs, storage type)
VARIANTS = {
    "sequential-conv-text": (
        "ids",
        20,
        None,
        [
            embedding("embedding", 40, 10),
            conv("conv1", 10, 12, 3, padding="same"),
            RELU,
            conv("conv2", 12, 16, 4, dilation=2, bias=False),
            norm("batch_norm", "bn"),
            activation("gelu"),
            global_pool("max"),
            DROPOUT,
            linear("head", 16, 5),
            activation("softmax"),
        ],
        {"output": -1, "encoding": 6, "logits": 8},
        torch.float32,
    ),
    "sequential-conv-causal": (
        "sequence",
        11,
        6,
        [
            conv("a", 6, 8, 2, padding="causal"),
            activation("tanh"),
            conv("b", 8, 8, 3, padding="causal", dilation=2),
            norm("layer_norm", "n"),
            linear("step", 8, 7),
            RELU,
            global_pool("last"),
            linear("out", 7, 3),
        ],
        {"output": -1},
        torch.float32,
    ),
    "sequential-conv-strided-flatten": (
        "sequence",
        17,
        4,
        [
            conv("conv.0", 4, 6, 5, stride=2, padding=2),
            activation("leaky_relu", 0.1),
            pool("max", 3, 2),
            conv("conv.3", 6, 5, 2, padding="same"),
            flatten("channels_first"),
            linear("fc", 20, 2),
        ],
        {"output": -1, "flat": 4},
        torch.float32,
    ),
    "sequential-conv-keras-bf16": (
        "ids",
        9,
        None,
        [
            embedding("emb", 25, 8),
            conv("conv", 8, 8, 3, padding="same", kernel_layout="k_in_out"),
            activation("silu"),
            pool("mean", 2, 2),
            flatten("time_first"),
            linear("dense", 32, 6, kernel_layout="in_out"),
        ],
        {"output": -1},
        torch.bfloat16,
    ),
    "sequential-embedding-mean-f16": (
        "ids",
        6,
        None,
        [embedding("embedding_bag", 30, 16), global_pool("mean"), linear("project", 16, 8)],
        {"output": -1, "mean": 1},
        torch.float16,
    ),
    "sequential-embedding-sum": (
        "ids",
        1,
        None,
        [embedding("e", 9, 5), activation("elu", 1.0), global_pool("sum")],
        {"output": -1},
        torch.float32,
    ),
}


def paddings(layer):
    """(left, right) zeros in time."""
    reach = layer["dilation"] * (layer["kernel_size"] - 1)
    if layer["padding"] == "causal":
        return reach, 0
    if layer["padding"] == "same":
        return reach // 2, reach - reach // 2
    return layer["padding"], layer["padding"]


def apply(layer, module, x):
    """x is [rows, time, channels], or [rows, width] after pooling or flattening."""
    kind = layer["type"]
    if kind == "conv1d":
        return module(F.pad(x.transpose(1, 2), paddings(layer))).transpose(1, 2)
    if kind == "batch_norm" and x.dim() == 3:
        return module(x.transpose(1, 2)).transpose(1, 2)
    if kind == "pool1d":
        function = {"max": F.max_pool1d, "mean": F.avg_pool1d}[layer["function"]]
        return function(x.transpose(1, 2), layer["kernel_size"], layer["stride"]).transpose(1, 2)
    if kind == "global_pool":
        return {"max": lambda: x.amax(1), "mean": lambda: x.mean(1), "sum": lambda: x.sum(1), "last": lambda: x[:, -1]}[layer["function"]]()
    if kind == "flatten":
        return (x.transpose(1, 2) if layer["order"] == "channels_first" else x).flatten(1)
    if kind == "activation":
        function = layer["function"]
        return ACTIVATIONS[function](x, layer.get("alpha"))
    return x if kind == "dropout" else module(x)


class SequenceStack(nn.Module):
    def __init__(self, layers, width):
        super().__init__()
        self.layers = layers
        self.named = nn.ModuleDict()
        for layer in layers:
            kind, module = layer["type"], None
            if kind == "embedding":
                module, width = nn.Embedding(layer["rows"], layer["size"]), layer["size"]
            elif kind == "conv1d":
                shape = {"stride": layer["stride"], "dilation": layer["dilation"], "bias": layer["bias"]}
                module, width = nn.Conv1d(layer["in"], layer["out"], layer["kernel_size"], **shape), layer["out"]
            elif kind == "linear":
                module, width = nn.Linear(layer["in"], layer["out"], bias=layer["bias"]), layer["out"]
            elif kind == "layer_norm":
                module = nn.LayerNorm(width, eps=layer["eps"])
            elif kind == "batch_norm":
                module = nn.BatchNorm1d(width, eps=layer["eps"])
            if module is not None:
                self.named[layer["name"].replace(".", "/")] = module

    def forward(self, x):
        if x.is_floating_point():
            x = x.to(next(self.parameters()).dtype)
        states = []
        for layer in self.layers:
            name = layer.get("name", "").replace(".", "/")
            x = apply(layer, self.named[name] if name else None, x)
            states.append(x)
        return states


def file_weights(stored, layers):
    weights = {name.removeprefix("named.").replace("/", "."): tensor for name, tensor in stored.items()}
    for layer in layers:
        order = {"in_out": (1, 0), "k_in_out": (2, 1, 0)}.get(layer.get("kernel_layout"))
        if order is not None:
            weights[layer["name"] + ".weight"] = weights[layer["name"] + ".weight"].permute(order).contiguous()
    return weights


def make_case(folder, number, name, kind, length, size, layers, outputs, dtype):
    generator = torch.Generator().manual_seed(7200 + number)
    model = golden.randomize(SequenceStack(layers, size), generator, weight_gain=1.4)
    golden.randomize_batch_norms(model, generator)
    weights = file_weights(golden.stored_as(model, dtype), layers)
    config = {"model_type": "sequential", "input": kind, "input_length": length}
    if kind == "ids":
        x = torch.randint(0, layers[0]["rows"], (ROWS, length), generator=generator)
        name_of_input, stored = "ids", x.int()
    else:
        config["input_size"] = size
        x = torch.randn(ROWS, length, size, generator=generator)
        name_of_input, stored = "features", x
    single, double = golden.both_precisions(model, lambda m: m(x))
    case = golden.Case(name, {**config, "layers": layers, "outputs": outputs})
    case.input(name_of_input, {"tensor": "x"}, x=stored)
    for output, index in outputs.items():
        case.output(output, single[index], double[index])
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
