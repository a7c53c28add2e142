"""Golden cases of the `sequential` family: stacks of linear layers, activations and norms over a feature vector.

Usage: make_sequential.py [--check]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

import golden

ROWS = 20

ACTIVATIONS = {
    "relu": lambda x, _: F.relu(x),
    "gelu": lambda x, _: F.gelu(x),
    "gelu_tanh": lambda x, _: F.gelu(x, approximate="tanh"),
    "silu": lambda x, _: F.silu(x),
    "sigmoid": lambda x, _: torch.sigmoid(x),
    "tanh": lambda x, _: torch.tanh(x),
    "leaky_relu": lambda x, alpha: F.leaky_relu(x, alpha),
    "elu": lambda x, alpha: F.elu(x, alpha),
    "softmax": lambda x, _: F.softmax(x, dim=1),
    "log_softmax": lambda x, _: F.log_softmax(x, dim=1),
}


def linear(name, inputs, outputs, bias=True, kernel_layout="out_in"):
    layer = {"type": "linear", "name": name, "in": inputs, "out": outputs}
    return {**layer, "bias": bias, "kernel_layout": kernel_layout}


def activation(function, alpha=None):
    layer = {"type": "activation", "function": function}
    return layer if alpha is None else {**layer, "alpha": alpha}


def norm(kind, name, eps=1e-5):
    return {"type": kind, "name": name, "eps": eps}


def prelu(name):
    return {"type": "prelu", "name": name}


DROPOUT = {"type": "dropout"}
RELU = activation("relu")
SIGMOID = activation("sigmoid")


def mlp(sizes, hidden, last=None, **options):
    """fc1, fc2, ... with the layer `hidden` between them and `last` at the end."""
    layers = []
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), start=1):
        layers.append(linear(f"fc{i}", inputs, outputs, **options))
        if i < len(sizes) - 1:
            layers.append(hidden)
        elif last is not None:
            layers.append(last)
    return layers


# name -> (layers, outputs, storage type)
VARIANTS = {
    "sequential-mlp": (mlp([64, 128, 64, 1], RELU, SIGMOID), {"output": -1}, torch.float32),
    "sequential-autoencoder": (
        mlp([7, 64, 32, 16, 8, 16, 32, 64, 7], RELU),
        {"output": -1, "latent": 6},
        torch.float32,
    ),
    "sequential-logistic": (mlp([13, 1], RELU, SIGMOID), {"output": -1, "logit": 0}, torch.float32),
    "sequential-softmax-classifier": (
        [linear("hidden", 10, 33, bias=False), activation("tanh"), DROPOUT, linear("head", 33, 5), activation("softmax")],
        {"output": -1, "logits": 3},
        torch.float32,
    ),
    "sequential-batch-norm": (
        [
            linear("input.0", 12, 24),
            norm("batch_norm", "input.1", 1e-3),
            prelu("input.2"),
            linear("middle.0", 24, 18, bias=False),
            norm("batch_norm", "middle.1"),
            activation("elu", 0.7),
            prelu("middle.2"),
            DROPOUT,
            linear("middle.3", 18, 9),
            activation("leaky_relu", 0.01),
            linear("output", 9, 3),
        ],
        {"output": -1, "latent": 6},
        torch.float32,
    ),
    "sequential-keras": (
        mlp([9, 17, 4], activation("leaky_relu", 0.2), activation("silu"), kernel_layout="in_out"),
        {"output": -1},
        torch.float32,
    ),
    "sequential-layer-norm": (
        [
            norm("layer_norm", "norm0", 1e-12),
            linear("fc1", 11, 21),
            activation("gelu"),
            norm("layer_norm", "norm1"),
            linear("fc2", 21, 21),
            activation("gelu_tanh"),
            norm("layer_norm", "norm2", 1e-3),
            linear("fc3", 21, 6),
        ],
        {"output": -1, "latent": 2, "normed": 6},
        torch.float32,
    ),
    "sequential-log-softmax": (mlp([6, 8, 50], activation("silu"), activation("log_softmax")), {"output": -1}, torch.float32),
    "sequential-norms-only": (
        [norm("batch_norm", "scale"), activation("sigmoid")],
        {"output": -1, "scaled": 0},
        torch.float32,
    ),
    "sequential-bf16": (mlp([32, 48, 31, 2], activation("gelu"), SIGMOID), {"output": -1, "latent": 3}, torch.bfloat16),
    "sequential-f16": (
        [linear("fc1", 16, 40), norm("batch_norm", "bn1"), activation("relu"), linear("fc2", 40, 1)],
        {"output": -1},
        torch.float16,
    ),
    "sequential-gan-generator": (
        [
            linear("main.0", 16, 24, bias=False),
            norm("batch_norm", "main.1"),
            RELU,
            linear("main.3", 24, 40),
            norm("batch_norm", "main.4", 0.8),
            activation("leaky_relu", 0.2),
            linear("main.6", 40, 30),
            activation("tanh"),
        ],
        {"output": -1},
        torch.float32,
    ),
    "sequential-reward-model": (
        [
            norm("layer_norm", "trunk.0"),
            linear("trunk.1", 11, 32),
            activation("silu"),
            linear("trunk.3", 32, 16),
            activation("silu"),
            linear("reward", 16, 1),
        ],
        {"reward": -1},
        torch.float32,
    ),
    "sequential-denoising-autoencoder": (
        [
            DROPOUT,
            *mlp([20, 12, 5], activation("elu", 1.0), activation("elu", 1.0)),
            *[{**layer, "name": "decoder." + layer["name"]} if "name" in layer else layer for layer in mlp([5, 12, 20], RELU, SIGMOID)],
        ],
        {"output": -1, "latent": 4},
        torch.bfloat16,
    ),
}
PRELU_WIDTHS = {"input.2": 24, "middle.2": 1}


class Sequential(nn.Module):
    def __init__(self, input_size, layers):
        super().__init__()
        self.layers = layers
        self.named = nn.ModuleDict()
        width = input_size
        for layer in layers:
            module = None
            if layer["type"] == "linear":
                module, width = nn.Linear(layer["in"], layer["out"], bias=layer["bias"]), layer["out"]
            elif layer["type"] == "prelu":
                module = nn.PReLU(PRELU_WIDTHS[layer["name"]])
            elif layer["type"] == "layer_norm":
                module = nn.LayerNorm(width, eps=layer["eps"])
            elif layer["type"] == "batch_norm":
                module = nn.BatchNorm1d(width, eps=layer["eps"])
            if module is not None:
                self.named[layer["name"].replace(".", "/")] = module

    def forward(self, x):
        """The state after every layer."""
        states = []
        for layer in self.layers:
            if layer["type"] == "activation":
                x = ACTIVATIONS[layer["function"]](x, layer.get("alpha"))
            elif layer["type"] != "dropout":
                x = self.named[layer["name"].replace(".", "/")](x)
            states.append(x)
        return states


def file_weights(stored, layers):
    """Names without the ModuleDict's prefix; kernels transposed where the layout says so."""
    weights = {name.removeprefix("named.").replace("/", "."): tensor for name, tensor in stored.items()}
    for layer in layers:
        if layer.get("kernel_layout") == "in_out":
            weights[layer["name"] + ".weight"] = weights[layer["name"] + ".weight"].T.contiguous()
    return weights


def make_case(folder, number, name, layers, outputs, dtype):
    generator = torch.Generator().manual_seed(4000 + number)
    input_size = next((layer["in"] for layer in layers if layer["type"] == "linear"), 11)
    model = golden.randomize(Sequential(input_size, layers), generator, weight_gain=1.4)
    golden.randomize_batch_norms(model, generator)
    weights = file_weights(golden.stored_as(model, dtype), layers)
    x = torch.randn(ROWS, input_size, generator=generator)
    single, double = golden.both_precisions(model, lambda m: m(x.to(next(m.parameters()).dtype)))

    config = {"model_type": "sequential", "input_size": input_size, "layers": layers, "outputs": outputs}
    case = golden.Case(name, config)
    case.input("features", {"tensor": "x"}, x=x)
    for output, index in outputs.items():
        case.output(output, single[index], double[index])
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
