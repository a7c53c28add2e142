"""Multi-head attention with its projections, checked here against nn.MultiheadAttention before it is written."""

import math

import torch
from torch import nn

# name: batch, T, size, heads, lengths (None: all full), padding side, causal, are padded keys masked, separate memory
CASES = {
    "causal_full": (2, 9, 12, 3, None, "right", True, True, False),
    "bidirectional_full": (2, 7, 16, 2, None, "right", False, True, False),
    "one_slot": (3, 1, 8, 4, None, "right", True, True, False),
    "one_wide": (2, 4, 3, 3, None, "right", True, True, False),
    "causal_right_padded": (4, 8, 10, 2, [8, 1, 5, 3], "right", True, True, False),
    "bidirectional_right_padded": (4, 8, 12, 4, [8, 1, 5, 3], "right", False, True, False),
    "causal_left_masked": (4, 8, 12, 1, [8, 1, 5, 3], "left", True, True, False),
    "bidirectional_left_masked": (3, 6, 12, 4, [6, 1, 4], "left", False, True, False),
    "causal_left_unmasked": (4, 8, 12, 2, [8, 1, 5, 0], "left", True, False, False),
    "causal_separate_memory": (2, 6, 14, 2, None, "right", True, True, True),
    "bidirectional_separate_memory": (2, 5, 9, 3, [5, 2], "right", False, True, True),
    "odd_head_size": (2, 11, 26, 2, None, "right", True, True, False),
    "long_causal": (1, 70, 8, 2, None, "right", True, True, False),
}


def attentions(ops):
    """Rows of padding are random where unmasked padding takes part, else 0; results of masked padding rows are 0."""
    for name, case in CASES.items():
        add_attention(ops, name, *case)


def add_attention(ops, name, batch, steps, size, heads, lengths, side, causal, mask_padding, separate):
    lengths = torch.tensor(lengths if lengths is not None else [steps] * batch)
    slots = torch.arange(steps).expand(batch, steps)
    real = slots < lengths[:, None] if side == "right" else slots >= steps - lengths[:, None]
    taking_part = real if mask_padding else torch.ones_like(real)

    tensors = {"x": ops.random(batch, steps, size) * taking_part[:, :, None]}
    if separate:
        tensors["memory"] = ops.random(batch, steps, size) * taking_part[:, :, None]
    tensors["in_proj_weight"] = 1.5 * ops.random(3 * size, size) / math.sqrt(size)
    tensors["in_proj_bias"] = 0.3 * ops.random(3 * size)
    tensors["out_proj_weight"] = ops.random(size, size) / math.sqrt(size)
    tensors["out_proj_bias"] = 0.3 * ops.random(size)

    allowed = taking_part[:, None, :].expand(batch, steps, steps)
    if causal:
        allowed = allowed & torch.ones(steps, steps, dtype=torch.bool).tril()
    allowed = allowed | ~taking_part[:, :, None]  # a row that does not count may look anywhere: it must stay finite
    results = run(tensors, heads, allowed)
    results = {role: tensor * taking_part[:, :, None] for role, tensor in results.items()}
    parameters = {"heads": heads, "causal": causal, "padding_side": side, "key_padding_mask": mask_padding}
    ops.add(name, parameters, lengths=lengths.int(), **tensors, **results)


def run(tensors, heads, allowed):
    """q, k, v and the context [batch, T, size] with the heads side by side, and the projected output."""
    wide = {role: tensor.double() for role, tensor in tensors.items()}
    memory = wide.get("memory", wide["x"])
    weights, biases = wide["in_proj_weight"].chunk(3), wide["in_proj_bias"].chunk(3)
    q, k, v = (source @ w.T + b for source, w, b in zip([wide["x"], memory, memory], weights, biases))

    def split(x):
        return x.unflatten(2, (heads, -1)).transpose(1, 2)

    logits = split(q) @ split(k).transpose(2, 3) / math.sqrt(q.shape[2] // heads)
    logits = logits.masked_fill(~allowed[:, None], -torch.inf)
    context = (torch.softmax(logits, dim=3) @ split(v)).transpose(1, 2).flatten(2)
    output = context @ wide["out_proj_weight"].T + wide["out_proj_bias"]

    module = nn.MultiheadAttention(q.shape[2], heads, batch_first=True, dtype=torch.float64)
    module.load_state_dict({role.replace("out_proj_", "out_proj."): wide[role] for role in wide if "proj" in role})
    with torch.no_grad():
        expected = module(wide["x"], memory, memory, attn_mask=~allowed.repeat_interleave(heads, dim=0))[0]
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-12)
    return {"q": q, "k": k, "v": v, "context": context, "output": output}
