"""Golden files of single operations: float32 inputs and weights, float64 results, several shapes each.

A file holds tensors `<case>.<role>`; its metadata entry "cases" is a JSON list of objects with "name" and the case's parameters.

Usage: make_ops.py [--check]
"""

import sys

import golden
import ops_activations
import ops_attention
import ops_linear
import ops_pooling
import ops_recurrent

FILES = {
    "activations": ops_activations.activations,
    "softmax": ops_activations.softmaxes,
    "linear": ops_linear.linears,
    "layer_norm": ops_linear.layer_norms,
    "attention": ops_attention.attentions,
    "recurrent": ops_recurrent.recurrences,
    "pooling": ops_pooling.poolings,
}


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, fill) in enumerate(FILES.items(), start=6000):
        ops = golden.OpFile(seed)
        fill(ops)
        ops.write(folder / f"{name}.safetensors")


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.REFERENCE / "ops", make))
