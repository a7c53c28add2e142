"""Golden cases of `srgnn` (Wu et al. 2019, https://arxiv.org/abs/1811.00855): the original's names and RecBole's.

Usage: make_srgnn.py [--check]
"""

import sys

import torch
from torch import nn

import golden
import history_case
from named import place

CRIPAC = {
    "model_type": "srgnn",
    "naming": "cripac",
    "num_items": 30,
    "hidden_size": 10,
    "steps": 1,
    "max_length": 9,
    "padding_side": "right",
    "hybrid": True,
    "update_gate": "keeps_hidden",
}
RECBOLE = {**CRIPAC, "naming": "recbole", "update_gate": "takes_new"}

# name -> (base, fields that differ, options). Options: dtype, ids
VARIANTS = {
    "srgnn-cripac": (CRIPAC, {}, {}),
    "srgnn-cripac-nonhybrid-3-steps": (CRIPAC, {"hybrid": False, "steps": 3, "hidden_size": 7}, {"ids": "ragged"}),
    "srgnn-cripac-f16": (CRIPAC, {"steps": 2, "hidden_size": 16}, {"dtype": torch.float16, "ids": torch.int64}),
    "srgnn-recbole": (RECBOLE, {"steps": 2}, {}),
    "srgnn-recbole-left-bf16": (RECBOLE, {"padding_side": "left", "hidden_size": 8, "max_length": 14}, {"dtype": torch.bfloat16}),
}


class SrGnn(nn.Module):
    def __init__(self, config):
        super().__init__()
        size = config["hidden_size"]
        self.config = config
        cripac = config["naming"] == "cripac"
        self.table = "embedding" if cripac else "item_embedding"
        self.add_module(self.table, nn.Embedding(config["num_items"] + 1, size))
        for name, shape in {"w_ih": (3 * size, 2 * size), "w_hh": (3 * size, size), "b_ih": (3 * size,), "b_hh": (3 * size,)}.items():
            place(self, "gnn." + name, nn.Parameter(torch.zeros(shape)))
        self.out_bias = "b_oah" if cripac else "b_ioh"
        for name in ("b_iah", self.out_bias):
            place(self, "gnn." + name, nn.Parameter(torch.zeros(size)))
        for name in ("linear_edge_in", "linear_edge_out", *(["linear_edge_f"] if cripac else [])):  # the last one is never read
            place(self, "gnn." + name, nn.Linear(size, size))
        self.linear_one = nn.Linear(size, size)
        self.linear_two = nn.Linear(size, size)
        self.linear_three = nn.Linear(size, 1, bias=False)
        self.linear_transform = nn.Linear(2 * size, size)

    def step(self, edges, h):
        """`edges` [from, to] of one session, each 0 or 1."""
        gnn = self.gnn
        incoming = edges.T / edges.sum(0).clamp(min=1).unsqueeze(1)  # [to, from], over the in-degree
        outgoing = edges / edges.sum(1).clamp(min=1).unsqueeze(1)  # [from, to], over the out-degree
        received = incoming @ gnn.linear_edge_in(h) + gnn.b_iah
        sent = outgoing @ gnn.linear_edge_out(h) + getattr(gnn, self.out_bias)
        from_edges = torch.cat([received, sent], dim=1) @ gnn.w_ih.T + gnn.b_ih
        from_state = h @ gnn.w_hh.T + gnn.b_hh
        (reset_x, gate_x, new_x), (reset_h, gate_h, new_h) = from_edges.chunk(3, 1), from_state.chunk(3, 1)
        gate = torch.sigmoid(gate_x + gate_h)
        new = torch.tanh(new_x + torch.sigmoid(reset_x + reset_h) * new_h)
        return gate * h + (1 - gate) * new if self.config["update_gate"] == "keeps_hidden" else (1 - gate) * h + gate * new

    def session(self, history):
        table = getattr(self, self.table)
        nodes, places = torch.unique(torch.tensor(history), return_inverse=True)
        h = table(nodes)
        edges = torch.zeros(len(nodes), len(nodes), dtype=h.dtype)
        edges[places[:-1], places[1:]] = 1  # once, however often
        for _ in range(self.config["steps"]):
            h = self.step(edges, h)
        events, last = h[places], h[places[-1]]
        weights = self.linear_three(torch.sigmoid(self.linear_one(last) + self.linear_two(events)))
        mixed = (weights * events).sum(0)
        return self.linear_transform(torch.cat([mixed, last])) if self.config["hybrid"] else mixed

    def forward(self, histories):
        hidden = torch.stack([self.session(history) for history in histories])
        return {"hidden": hidden, "scores": hidden @ getattr(self, self.table).weight.T}


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(7400 + number)
    model = golden.randomize(SrGnn(config), generator, weight_gain=1.3)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    # Few distinct items, so that sessions come back to them, also at once
    histories = history_case.random_histories(config, generator, last_id=6)
    histories[4] = [3, 3, 5, 3, 3]
    single, double = golden.both_precisions(model, lambda m: m(histories))
    case = golden.Case(name, config)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32))
    history_case.ranking_outputs(case, config, single, double, generator)
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
