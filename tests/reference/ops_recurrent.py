"""One recurrent layer in one direction, with an initial state, over sequences of different lengths."""

import math

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}

# batch, longest, input size, hidden size
SHAPES = [(1, 1, 1, 1), (3, 6, 3, 5), (4, 9, 8, 16), (2, 5, 20, 17)]


def recurrences(ops):
    for cell in GATES:
        for shape in SHAPES:
            for reverse in (False, True):
                add_recurrence(ops, cell, *shape, reverse=reverse, biases=True, initial=True)
        add_recurrence(ops, cell, 3, 4, 6, 7, reverse=False, biases=False, initial=False)


def build(cell, inputs, hidden, biases):
    if cell.startswith("rnn_"):
        return nn.RNN(inputs, hidden, nonlinearity=cell[4:], bias=biases, batch_first=True, dtype=torch.float64)
    return {"lstm": nn.LSTM, "gru": nn.GRU}[cell](inputs, hidden, bias=biases, batch_first=True, dtype=torch.float64)


def flip(x, lengths):
    """Reverses the first `length` rows of each sequence and leaves the padding where it is."""
    flipped = x.clone()
    for row, length in enumerate(lengths.tolist()):
        flipped[row, :length] = x[row, :length].flip(0)
    return flipped


def add_recurrence(ops, cell, batch, longest, inputs, hidden, *, reverse, biases, initial):
    """`outputs` has a state for every step at the step's own place (0 beyond the length); h_n, c_n are the last states."""
    rows = GATES[cell] * hidden
    lengths = torch.arange(batch) * 2 % longest + 1
    lengths[0] = longest
    real = torch.arange(longest)[None, :, None] < lengths[:, None, None]
    tensors = {"x": ops.random(batch, longest, inputs) * real}
    tensors["weight_ih"] = ops.random(rows, inputs) / math.sqrt(inputs)
    tensors["weight_hh"] = ops.random(rows, hidden) / math.sqrt(hidden)
    if biases:
        tensors["bias_ih"], tensors["bias_hh"] = 0.3 * ops.random(rows), 0.3 * ops.random(rows)
    if initial:
        tensors["h0"] = ops.random(batch, hidden)
        if cell == "lstm":
            tensors["c0"] = ops.random(batch, hidden)

    wide = {role: tensor.double() for role, tensor in tensors.items()}
    module = build(cell, inputs, hidden, biases)
    module.load_state_dict({f"{role}_l0": wide[role] for role in wide if role.startswith(("weight", "bias"))})
    state = wide["h0"][None] if initial else None
    if initial and cell == "lstm":
        state = (state, wide["c0"][None])
    x = flip(wide["x"], lengths) if reverse else wide["x"]
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    with torch.no_grad():
        outputs, final = module(packed, state)
    outputs = pad_packed_sequence(outputs, batch_first=True, total_length=longest)[0]
    results = {"outputs": flip(outputs, lengths) if reverse else outputs}
    results["h_n"] = (final[0] if cell == "lstm" else final)[0]
    if cell == "lstm":
        results["c_n"] = final[1][0]
    direction = "reverse" if reverse else "forward"
    name = f"{cell}_{direction}_{batch}x{longest}_{inputs}_{hidden}" + ("" if biases else "_no_bias")
    parameters = {"cell": cell, "reverse": reverse, "biases": biases, "initial_state": initial}
    ops.add(name, parameters, lengths=lengths.int(), **tensors, **results)
