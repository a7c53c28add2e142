"""Activations and elementary functions over the whole float32 range, and softmax rows."""

import torch
from torch.nn import functional as F

# case -> (function, parameters): every value in float64
FUNCTIONS = {
    "relu": (F.relu, {}),
    "leaky_relu_0.01": (lambda x: F.leaky_relu(x, 0.01), {"function": "leaky_relu", "alpha": 0.01}),
    "leaky_relu_0.2": (lambda x: F.leaky_relu(x, 0.2), {"function": "leaky_relu", "alpha": 0.2}),
    "elu_1": (lambda x: F.elu(x, 1.0), {"function": "elu", "alpha": 1.0}),
    "elu_0.5": (lambda x: F.elu(x, 0.5), {"function": "elu", "alpha": 0.5}),
    "gelu": (F.gelu, {}),
    "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), {}),
    "silu": (F.silu, {}),
    "sigmoid": (torch.sigmoid, {}),
    "tanh": (torch.tanh, {}),
    "exp": (torch.exp, {}),
    "erf": (torch.erf, {}),
}
SPECIAL = [0.0, -0.0, float("inf"), float("-inf"), float("nan")]


def grid(generator):
    """Finite float32 inputs: a dense middle, every power of two with both signs, denormals, the largest numbers."""
    middle = torch.linspace(-12, 12, 769)
    wide = torch.linspace(-110, 110, 221)
    powers = 2.0 ** torch.arange(-149, 128).double()
    largest = torch.tensor([torch.finfo(torch.float32).max, torch.finfo(torch.float32).tiny], dtype=torch.float64)
    odd = torch.randn(128, generator=generator) * 4
    positive = torch.cat([powers, largest]).float()
    return torch.cat([middle, wide, positive, -positive, odd])


def activations(ops):
    """`x` and `special` are shared by all cases; `<case>.y` and `<case>.special_y` are the results."""
    x, special = grid(ops.generator), torch.tensor(SPECIAL)
    ops.shared(x=x, special=special)
    for name, (function, parameters) in FUNCTIONS.items():
        tensors = {"y": function(x.double()), "special_y": function(special.double())}
        ops.add(name, {"function": name, **parameters}, **tensors)


def softmaxes(ops):
    for rows, columns in [(1, 1), (3, 2), (4, 7), (2, 16), (3, 33), (2, 250)]:
        x = ops.random(rows, columns) * 3
        add_softmax(ops, f"normal_{rows}x{columns}", x)
    add_softmax(ops, "equal", torch.full((2, 5), 7.25))
    add_softmax(ops, "large", torch.tensor([[3e38, 1.0, -3e38], [1e4, 1e4 - 1, 1e4 - 2], [-1e4, -1e4 + 1, -1e4 + 30]]))
    add_softmax(ops, "far_apart", torch.tensor([[0.0, -87.0, -88.0, -100.0, -104.0, -120.0, -800.0]]))
    masked = ops.random(4, 9)
    masked[0, 5:] = -torch.inf
    masked[1, :8] = -torch.inf
    masked[2, ::2] = -torch.inf
    add_softmax(ops, "masked", masked)


def add_softmax(ops, name, x):
    y = F.softmax(x.double(), dim=1)
    ops.add(name, {}, x=x, softmax=y, log_softmax=F.log_softmax(x.double(), dim=1))
