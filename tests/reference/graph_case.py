"""What the cases over a graph's nodes have in common: a random graph with its traps, node features in, node vectors out."""

import torch

import golden

NODES = 26
EDGES = 70


def random_edges(generator, *, symmetric=False, loops=True, duplicates=True, isolated=True):
    """[2, edges] of (source, target). The last node has no edge when `isolated`; some edges are loops or named twice."""
    nodes = NODES - 1 if isolated else NODES
    edges = torch.randint(0, nodes, (2, EDGES), generator=generator)
    edges = edges[:, edges[0] != edges[1]]
    if not isolated:  # a ring reaches every node
        ring = torch.arange(nodes)
        edges = torch.cat([edges, torch.stack([ring, (ring + 1) % nodes])], dim=1)
    if symmetric:
        edges = torch.cat([edges, edges.flip(0)], dim=1)
    if loops:
        edges = torch.cat([edges, torch.tensor([[3, 7], [3, 7]])], dim=1)
    edges = torch.unique(edges, dim=1)
    edges = edges[:, torch.randperm(edges.shape[1], generator=generator)]
    return torch.cat([edges, edges[:, :6]], dim=1) if duplicates else edges


def counts(edges, dtype):
    """[target, source]: how often an edge is named."""
    matrix = torch.zeros(NODES, NODES, dtype=dtype)
    return matrix.index_put((edges[1], edges[0]), torch.ones(edges.shape[1], dtype=dtype), accumulate=True)


def write(folder, name, config, weights, x, edges, single, double, nodes=None, edge_weights=None):
    """`nodes`: only these rows are compared."""
    case = golden.Case(name, config)
    case.input("node_features", {"tensor": "x"}, x=x)
    fields = {"sources": "edge_src", "targets": "edge_dst"}
    case.input("edges", fields, edge_src=edges[0].int(), edge_dst=edges[1].int())
    if edge_weights is not None:
        fields["weights"] = "edge_weight"
        case.inputs["edge_weight"] = edge_weights
    for output in double:
        case.output(output, single[output], double[output])
        if nodes is not None:
            entry = case.outputs[-1]
            case.expected[entry["expected"]] = double[output][nodes]
            entry["rows"] = {"tensor": "nodes"}
            case.inputs["nodes"] = nodes.int()
    case.write(folder, weights)
