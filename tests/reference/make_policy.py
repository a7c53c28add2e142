"""Golden cases of `policy`: actor-critic and DQN networks with the names of Stable-Baselines3.

Usage: make_policy.py [--check]
"""

import sys

import torch
from torch import nn

import golden
from named import place

ROWS = 10

ACTOR_CRITIC = {
    "model_type": "policy",
    "naming": "sb3",
    "kind": "actor_critic",
    "observation_size": 9,
    "action_space": "discrete",
    "num_actions": 12,
    "shared_hidden_sizes": [],
    "policy_hidden_sizes": [16, 10],
    "value_hidden_sizes": [14],
    "activation": "tanh",
}
DQN = {
    "model_type": "policy",
    "naming": "sb3",
    "kind": "dqn",
    "observation_size": 9,
    "num_actions": 12,
    "hidden_sizes": [16, 16],
    "activation": "relu",
}

# name -> (base, fields that differ, storage type)
VARIANTS = {
    "policy-actor-critic": (ACTOR_CRITIC, {}, torch.float32),
    "policy-actor-critic-shared": (
        ACTOR_CRITIC,
        {"shared_hidden_sizes": [20, 13], "policy_hidden_sizes": [], "value_hidden_sizes": [6, 6], "activation": "relu"},
        torch.float32,
    ),
    "policy-actor-critic-continuous": (ACTOR_CRITIC, {"action_space": "continuous", "num_actions": 3, "activation": "elu"}, torch.float32),
    "policy-actor-critic-bf16": (ACTOR_CRITIC, {"num_actions": 5, "value_hidden_sizes": [16, 16]}, torch.bfloat16),
    "policy-dqn": (DQN, {}, torch.float32),
    "policy-dqn-linear-f16": (DQN, {"hidden_sizes": [], "num_actions": 7, "observation_size": 16}, torch.float16),
}
MODULES = {"tanh": nn.Tanh, "relu": nn.ReLU, "elu": nn.ELU}


class Policy(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, self.activation = config, MODULES[config["activation"]]()
        inputs, actions = config["observation_size"], config["num_actions"]
        if config["kind"] == "dqn":
            sizes = [inputs, *config["hidden_sizes"], actions]
            self.q_layers, _ = self.stack("q_net.q_net", sizes)
            self.stack("q_net_target.q_net", sizes)  # trained with, never asked
            return
        self.shared, width = self.stack("mlp_extractor.shared_net", [inputs, *config["shared_hidden_sizes"]])
        self.actor, actor_width = self.stack("mlp_extractor.policy_net", [width, *config["policy_hidden_sizes"]])
        self.critic, critic_width = self.stack("mlp_extractor.value_net", [width, *config["value_hidden_sizes"]])
        self.action_net = nn.Linear(actor_width, actions)
        self.value_net = nn.Linear(critic_width, 1)
        if config["action_space"] == "continuous":
            self.log_std = nn.Parameter(torch.zeros(actions))

    def stack(self, path, sizes):
        """Linear layers at every second place of a Sequential; functions, so that they are registered once."""
        layers = [place(self, f"{path}.{2 * i}", nn.Linear(*pair)).forward for i, pair in enumerate(zip(sizes, sizes[1:]))]
        return layers, sizes[-1]

    def run(self, layers, x):
        for layer in layers:
            x = self.activation(layer(x))
        return x

    def forward(self, x):
        if self.config["kind"] == "dqn":
            *hidden, last = self.q_layers
            return {"q_values": last(self.run(hidden, x))}
        shared = self.run(self.shared, x)
        action, value = self.action_net(self.run(self.actor, shared)), self.value_net(self.run(self.critic, shared))
        if self.config["action_space"] == "continuous":
            return {"action_mean": action, "action_log_std": self.log_std.expand_as(action), "value": value.squeeze(1)}
        return {"logits": action, "probabilities": torch.softmax(action, dim=1), "value": value.squeeze(1)}


def make_case(folder, number, name, base, changes, dtype):
    config = {**base, **changes}
    generator = torch.Generator().manual_seed(7600 + number)
    model = golden.randomize(Policy(config), generator, weight_gain=1.6)
    weights = golden.stored_as(model, dtype)
    x = torch.randn(ROWS, config["observation_size"], generator=generator)
    single, double = golden.both_precisions(model, lambda m: m(x.to(next(m.parameters()).dtype)))
    case = golden.Case(name, config)
    case.input("features", {"tensor": "x"}, x=x)
    for output in double:
        case.output(output, single[output], double[output])
    scores = "q_values" if config["kind"] == "dqn" else "logits"
    if scores in double:
        case.top_k(single[scores], double[scores], 5)
        case.top_k(single[scores], double[scores], 1, prefix="greedy")
    case.write(folder, weights)


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
