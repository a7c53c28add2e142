"""Golden cases of `lightgcn`: mean of the propagated embeddings of users and items.

Usage: make_lightgcn.py [--check]
"""

import sys

import torch

import golden

BASE = {
    "model_type": "lightgcn",
    "num_users": 15,
    "num_items": 24,
    "hidden_size": 8,
    "num_layers": 3,
    "layer_weights": "uniform",
    "normalization": "symmetric",
    "tensor_names": {"user_embedding": "embedding_user.weight", "item_embedding": "embedding_item.weight"},
}
OTHER_NAMES = {"user_embedding": "user_embedding.weight", "item_embedding": "item_embedding.weight"}

# name -> (fields that differ, options). Options: dtype, offsets (items by user instead of an edge list)
VARIANTS = {
    "lightgcn": ({}, {}),
    "lightgcn-one-layer-offsets": ({"num_layers": 1, "hidden_size": 17, "tensor_names": OTHER_NAMES}, {"offsets": True}),
    "lightgcn-no-layer": ({"num_layers": 0, "num_users": 6}, {}),
    "lightgcn-seven-layers-bf16": ({"num_layers": 7, "hidden_size": 12, "num_items": 31}, {"dtype": torch.bfloat16}),
    "lightgcn-f16": ({"num_layers": 2, "hidden_size": 16, "num_users": 30}, {"dtype": torch.float16, "offsets": True}),
}
TOP_K = 8


def propagate(config, edges, users, items):
    """(users, items) after all layers, from the dense normalized adjacency matrix."""
    count = config["num_users"]
    adjacency = torch.zeros(count + config["num_items"], count + config["num_items"], dtype=users.dtype)
    adjacency[edges[0], count + edges[1]] = 1  # a pair named twice is one edge
    adjacency[count + edges[1], edges[0]] = 1
    degree = adjacency.sum(1)
    scale = torch.where(degree > 0, degree.clamp(min=1) ** -0.5, torch.zeros_like(degree))
    adjacency = scale.unsqueeze(1) * adjacency * scale
    states = [torch.cat([users, items])]
    for _ in range(config["num_layers"]):
        states.append(adjacency @ states[-1])
    return torch.stack(states).mean(0)


def make_case(folder, number, name, changes, options):
    config = {**BASE, **changes}
    generator = torch.Generator().manual_seed(6300 + number)
    count, size, dtype = config["num_users"], config["hidden_size"], options.get("dtype", torch.float32)
    tables = [torch.randn(rows, size, generator=generator).to(dtype) for rows in (count, config["num_items"])]

    # The last user and the last item have no edge; some pairs are named twice
    edges = torch.stack([
        torch.randint(0, count - 1, (4 * count,), generator=generator),
        torch.randint(0, config["num_items"] - 1, (4 * count,), generator=generator),
    ])
    edges = torch.cat([edges, edges[:, :5]], dim=1)
    single = propagate(config, edges, *(table.float() for table in tables))
    double = propagate(config, edges, *(table.double() for table in tables))

    case = golden.Case(name, config)
    if options.get("offsets"):
        edges = edges[:, torch.argsort(edges[0], stable=True)]
        offsets = torch.tensor([0, *torch.bincount(edges[0], minlength=count).tolist()]).cumsum(0)
        case.input("edges", {"items": "train_items", "offsets": "train_offsets"})
        case.inputs["train_offsets"] = offsets.int()
    else:
        case.input("edges", {"users": "train_users", "items": "train_items"}, train_users=edges[0].int())
    case.inputs["train_items"] = edges[1].int()
    case.output("embeddings", single, double)
    case.output("user_embeddings", single[:count], double[:count], rows=4)
    case.output("item_embeddings", single[count:], double[count:], rows=4)
    scores = [x[:count] @ x[count:].T for x in (single, double)]
    case.output("user_scores", *scores, rows=5)
    seen = [edges[1][edges[0] == user].tolist() for user in range(count)]
    case.top_k(*scores, TOP_K, excluded=seen, exclude="train_edges")
    case.write(folder, dict(zip(config["tensor_names"].values(), tables)))


def make(folder):
    for number, (name, (changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
