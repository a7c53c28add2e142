"""Golden cases of `mind` (Li et al. 2019, https://arxiv.org/abs/1904.08030) and `comirec_sa` (Cen et al. 2020,
https://arxiv.org/abs/2005.09347).

Usage: make_multi_interest.py [--check]
"""

import sys

import torch
from torch import nn

import golden
import history_case
from named import place

MIND = {
    "model_type": "mind",
    "naming": "pytorch_comirec",
    "num_items": 30,
    "hidden_size": 8,
    "num_interests": 3,
    "max_length": 7,
    "padding_side": "right",
    "bilinear": "shared",
    "routing_iterations": 3,
    "routing_softmax": "over_interests",
    "initial_routing": "stored",
    "relu_layer": True,
    "score": "max",
}
COMIREC_SA = {
    "model_type": "comirec_sa",
    "naming": "pytorch_comirec",
    "num_items": 30,
    "hidden_size": 8,
    "num_interests": 4,
    "attention_hidden_size": 32,
    "max_length": 7,
    "padding_side": "right",
    "position_embedding": True,
    "bias": False,
    "score": "max",
}

# name -> (base, fields that differ, options). Options: dtype, ids, empty (one empty history)
VARIANTS = {
    "mind-shared": (MIND, {}, {"empty": True}),
    "mind-shared-given-routing": (
        MIND,
        {"initial_routing": "input", "routing_softmax": "over_slots", "num_interests": 4, "relu_layer": False},
        {},
    ),
    "mind-per-interest": (MIND, {"bilinear": "per_interest", "initial_routing": "zeros", "routing_iterations": 2}, {"ids": "ragged"}),
    "mind-per-slot-left": (
        MIND,
        {"bilinear": "per_slot_and_interest", "initial_routing": "zeros", "padding_side": "left", "num_interests": 2, "hidden_size": 6},
        {"ids": torch.int64},
    ),
    "mind-bf16": (MIND, {"routing_softmax": "over_slots", "num_interests": 2}, {"dtype": torch.bfloat16}),
    "comirec_sa": (COMIREC_SA, {}, {"empty": True}),
    "comirec_sa-bias-no-positions": (
        COMIREC_SA,
        {"bias": True, "position_embedding": False, "attention_hidden_size": 11, "num_interests": 1},
        {"ids": "ragged"},
    ),
    "comirec_sa-left-f16": (COMIREC_SA, {"padding_side": "left", "hidden_size": 12, "attention_hidden_size": 48, "num_interests": 2}, {"dtype": torch.float16}),
}


def squash(x):
    square = (x * x).sum(-1, keepdim=True)
    return square / (1 + square) / torch.sqrt(square + 1e-9) * x


class MultiInterest(nn.Module):
    """`interests` [batch, number, size]; the score of an item is its best one over the interests."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        size, interests, length = config["hidden_size"], config["num_interests"], config["max_length"]
        self.embeddings = nn.Embedding(config["num_items"] + 1, size)
        if config["model_type"] == "comirec_sa":
            if config["position_embedding"]:
                self.position_embedding = nn.Parameter(torch.zeros(1, length, size))
            place(self, "linear1.0", nn.Linear(size, config["attention_hidden_size"], bias=config["bias"]))
            self.linear2 = nn.Linear(config["attention_hidden_size"], interests, bias=config["bias"])
            return
        place(self, "capsule_network.relu.0", nn.Linear(size, size, bias=False))  # in the file whether used or not
        if config["bilinear"] == "per_slot_and_interest":
            place(self, "capsule_network.w", nn.Parameter(torch.zeros(1, length, interests * size, size)))
        else:
            outputs = size if config["bilinear"] == "shared" else interests * size
            place(self, "capsule_network.linear", nn.Linear(size, outputs, bias=False))
        if config["initial_routing"] == "stored":
            place(self, "capsule_network.routing_logits", nn.Parameter(torch.zeros(1, interests, length)))

    def projected(self, events):
        """[batch, interests, slots, size]"""
        capsules, interests = self.capsule_network, self.config["num_interests"]
        if self.config["bilinear"] == "per_slot_and_interest":
            flat = torch.einsum("toi,bti->bto", capsules.w[0], events)
        else:
            flat = capsules.linear(events)
        if self.config["bilinear"] == "shared":
            return flat.unsqueeze(1).expand(-1, interests, -1, -1)
        return flat.unflatten(2, (interests, -1)).transpose(1, 2)

    def route(self, events, real, initial):
        """Dynamic routing; padding has no weight, though over_slots it is part of the softmax."""
        config, projected = self.config, self.projected(events)
        logits = initial.to(events.dtype).expand(len(events), -1, -1)
        axis = 1 if config["routing_softmax"] == "over_interests" else 2
        for iteration in range(config["routing_iterations"]):
            weights = torch.softmax(logits, dim=axis) * real.unsqueeze(1)
            interests = squash((weights.unsqueeze(3) * projected).sum(2))
            if iteration < config["routing_iterations"] - 1:
                logits = logits + (projected * interests.unsqueeze(2)).sum(3)
        return torch.relu(self.capsule_network.relu._modules["0"](interests)) if config["relu_layer"] else interests

    def attend(self, events, real):
        x = events + self.position_embedding if self.config["position_embedding"] else events
        logits = self.linear2(torch.tanh(self.linear1._modules["0"](x))).transpose(1, 2)
        return torch.softmax(logits.masked_fill(~real.unsqueeze(1), -1e30), dim=2) @ events

    def forward(self, items, lengths, routing=None):
        real = items != 0
        events = self.embeddings(items) * real.unsqueeze(2)
        if self.config["model_type"] == "comirec_sa":
            interests = self.attend(events, real)
        else:
            stored = self.config["initial_routing"] == "stored"
            zeros = torch.zeros(1, self.config["num_interests"], items.shape[1])
            interests = self.route(events, real, self.capsule_network.routing_logits if stored else zeros if routing is None else routing)
        return {"interests": interests, "scores": (interests @ self.embeddings.weight.T).amax(1)}


def make_case(folder, number, name, base, changes, options):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(7500 + number)
    model = golden.randomize(MultiInterest(config), generator, weight_gain=1.5)
    weights = golden.stored_as(model, options.get("dtype", torch.float32))
    histories = history_case.random_histories(config, generator, empty=options.get("empty", False))
    case, more = golden.Case(name, config), []
    if config.get("initial_routing") == "input":
        routing = torch.randn(len(histories), config["num_interests"], config["max_length"], generator=generator)
        case.input("routing_logits", {"tensor": "routing_logits"}, routing_logits=routing)
        more = [routing]
    single, double = history_case.run(model, config, histories, *more)
    history_case.items_input(case, config, histories, options.get("ids", torch.int32))
    history_case.ranking_outputs(case, config, single, double, generator, outputs=("interests",))
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
