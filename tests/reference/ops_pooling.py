"""Pooling of table rows by ragged lists of ids: sum, mean, maximum, weighted sum."""

import torch
from torch.nn import functional as F

# name: table rows, width, list lengths
CASES = {
    "one": (3, 1, [1]),
    "empty_lists": (5, 4, [0, 3, 0, 1, 0]),
    "all_empty": (4, 6, [0, 0]),
    "mixed": (20, 7, [5, 1, 12, 0, 2]),
    "wide": (9, 33, [4, 9, 1]),
    "long": (40, 16, [100, 37, 64]),
}


def poolings(ops):
    """`ids` may repeat; list i is ids[offsets[i]:offsets[i+1]]. An empty list gives a row of zeros."""
    for name, (rows, width, lengths) in CASES.items():
        total = sum(lengths)
        table, weights = ops.random(rows, width), ops.random(total)
        ids = torch.randint(0, rows, (total,), generator=ops.generator)
        offsets = torch.tensor([0, *lengths]).cumsum(0)
        results = {}
        for mode in ("sum", "mean", "max"):
            results[mode] = F.embedding_bag(ids, table.double(), offsets, mode=mode, include_last_offset=True)
        results["weighted_sum"] = F.embedding_bag(
            ids, table.double(), offsets, mode="sum", include_last_offset=True, per_sample_weights=weights.double()
        )
        ops.add(name, {}, table=table, ids=ids.int(), offsets=offsets.int(), weights=weights, **results)
