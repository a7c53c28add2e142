"""Linear layers with bias, activation and residual, and layer norms."""

import torch
from torch.nn import functional as F

from ops_activations import FUNCTIONS

# rows, in, out, activation, has bias, has residual
LINEARS = [
    (1, 1, 1, "none", True, False),
    (0, 5, 3, "relu", True, False),
    (4, 1, 7, "relu", True, False),
    (3, 3, 2, "none", False, False),
    (5, 16, 16, "gelu", True, False),
    (2, 17, 33, "relu", True, True),
    (7, 64, 1, "sigmoid", True, False),
    (13, 50, 50, "none", True, True),
    (3, 7, 100, "tanh", True, False),
    (9, 31, 32, "gelu_tanh", True, False),
    (15, 33, 15, "silu", False, True),
    (6, 130, 5, "elu_0.5", True, False),
    (4, 48, 65, "leaky_relu_0.2", True, False),
]

# rows, width, eps
NORMS = [(1, 2, 1e-5), (3, 1, 1e-5), (0, 4, 1e-5), (4, 7, 1e-12), (5, 16, 1e-8), (3, 50, 1e-3), (2, 65, 1e-6), (2, 128, 1e-5)]


def linears(ops):
    for rows, inputs, outputs, activation, has_bias, has_residual in LINEARS:
        tensors = {"x": ops.random(rows, inputs), "weight": ops.random(outputs, inputs) / inputs**0.5}
        if has_bias:
            tensors["bias"] = ops.random(outputs)
        if has_residual:
            tensors["residual"] = ops.random(rows, outputs)
        wide = {role: tensor.double() for role, tensor in tensors.items()}
        y = F.linear(wide["x"], wide["weight"], wide.get("bias"))
        parameters = {"activation": "none"}
        if activation != "none":
            function, options = FUNCTIONS[activation]
            y = function(y)
            parameters = {"activation": options.get("function", activation)}
            if "alpha" in options:
                parameters["alpha"] = options["alpha"]
        y = y + wide.get("residual", 0)
        ops.add(f"linear_{rows}x{inputs}x{outputs}", parameters, **tensors, y=y)


def layer_norms(ops):
    """`y` is F.layer_norm; `unbiased_std_y` divides by (n-1 deviation + eps). A row of width 1 has no n-1 deviation."""
    for rows, width, eps in NORMS:
        add_norm(ops, f"normal_{rows}x{width}", ops.random(rows, width) * 2 + 1, eps)
    add_norm(ops, "constant_rows", torch.tensor([[2.5] * 6, [0.0] * 6, [-1e4] * 6]), 1e-5)
    add_norm(ops, "tiny_variance", 1 + ops.random(3, 10) * 1e-3, 1e-5)
    add_norm(ops, "large_mean", 1000 + ops.random(3, 24), 1e-5)


def add_norm(ops, name, x, eps):
    width = x.shape[1]
    weight, bias = 1 + 0.3 * ops.random(width), 0.3 * ops.random(width)
    wide, scale, shift = x.double(), weight.double(), bias.double()
    results = {"y": F.layer_norm(wide, (width,), scale, shift, eps)}
    if width > 1:
        centred = wide - wide.mean(1, keepdim=True)
        results["unbiased_std_y"] = scale * centred / (wide.std(1, unbiased=True, keepdim=True) + eps) + shift
    ops.add(name, {"eps": eps}, x=x, weight=weight, bias=bias, **results)
