"""Golden cases of the `catalogue` family: exact top K by dot, cosine and negative squared distance.

Usage: make_catalogue.py [--check]
"""

import sys

import torch

import golden

QUERIES = 16


def similarities(queries, items):
    """name -> [queries, items]. The squared distance is expanded, which is what loses most in float32."""
    dot = queries @ items.T
    query_squares = (queries * queries).sum(1, keepdim=True)
    item_squares = (items * items).sum(1)
    smallest = torch.finfo(dot.dtype).tiny  # a padding row of zeros has no direction: its cosine is 0
    return {
        "dot": dot,
        "cosine": dot / (query_squares * item_squares).sqrt().clamp(min=smallest),
        "neg_l2_squared": 2 * dot - query_squares - item_squares,
    }


def random_table(rows, size, generator, copies):
    """Row 0 is zero (padding); the last `copies` rows are exact copies of earlier ones, so they tie."""
    table = torch.randn(rows, size, generator=generator)
    table[0] = 0
    sources = torch.randint(1, rows - copies, (copies,), generator=generator)
    table[rows - copies :] = table[sources]
    return table


def small_integer_table(rows, size, generator):
    """Entries -1, 0, 1: every sum is exact in any precision and most scores tie, so the order of ids is all that counts."""
    table = torch.randint(-1, 2, (rows, size), generator=generator).float()
    table[:, 0] = 1
    return table


# name -> (rows, hidden size, pad id, k, longest exclusion list, storage type, similarities)
VARIANTS = {
    "catalogue-ties": (150, 12, 0, 20, 30, torch.float32, ["dot", "cosine", "neg_l2_squared"]),
    "catalogue-integers": (200, 6, 3, 25, 10, torch.float32, ["dot", "neg_l2_squared"]),
    "catalogue-everything": (90, 50, 0, 89, 0, torch.float32, ["dot", "cosine", "neg_l2_squared"]),
    "catalogue-f16": (160, 17, 0, 10, 20, torch.float16, ["dot", "cosine", "neg_l2_squared"]),
    "catalogue-bf16": (160, 32, 0, 10, 20, torch.bfloat16, ["dot"]),
}


def make_case(folder, number, name, rows, size, pad_id, k, longest, dtype, kinds):
    generator = torch.Generator().manual_seed(5000 + number)
    if name == "catalogue-integers":
        table = small_integer_table(rows, size, generator)
        queries = small_integer_table(QUERIES, size, generator)
    else:
        table = random_table(rows, size, generator, rows // 5)
        queries = torch.randn(QUERIES, size, generator=generator)
    stored = table.to(dtype)
    config = {
        "model_type": "catalogue",
        "num_items": rows,
        "hidden_size": size,
        "tensor_names": {"items": "items"},
        "pad_id": pad_id,
    }
    case = golden.Case(name, config)
    case.input("queries", {"tensor": "queries"}, queries=queries)

    fields, excluded = {}, [[] for _ in range(QUERIES)]
    if longest:
        counts = golden.random_lengths(QUERIES, longest, generator, empty=True)
        excluded = [torch.randperm(rows, generator=generator)[:count].tolist() for count in counts.tolist()]
        case.inputs["exclude_ids"] = torch.tensor([item for row in excluded for item in row], dtype=torch.int32)
        case.inputs["exclude_offsets"] = torch.tensor([0, *counts.tolist()]).cumsum(0).int()
        fields["exclude"] = {"ids": "exclude_ids", "offsets": "exclude_offsets"}

    single = similarities(queries, stored.float())
    double = similarities(queries.double(), stored.double())
    for kind in kinds:
        case.top_k(
            single[kind], double[kind], k, [pad_id], prefix=f"{kind}_top", excluded=excluded, similarity=kind, **fields
        )
    case.write(folder, {"items": stored})


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
