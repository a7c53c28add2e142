"""The BERT encoder (Devlin et al., 2018, https://arxiv.org/abs/1810.04805) with pooler and masked-token head, in plain torch modules.

state_dict() has the parameter names of Hugging Face's BertForMaskedLM plus `bert.pooler`; `cls.predictions.decoder` is tied.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

MASKED = -10000.0

ACTIVATIONS = {
    "gelu": F.gelu,
    "gelu_new": lambda x: F.gelu(x, approximate="tanh"),
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
    "silu": F.silu,
    "swish": F.silu,
    "tanh": torch.tanh,
}


def module(**children):
    """A container whose only purpose is a level in the names."""
    container = nn.Module()
    for name, child in children.items():
        container.add_module(name, child)
    return container


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        size, inner, eps = config["hidden_size"], config["intermediate_size"], config["layer_norm_eps"]
        self.attention = module(
            self=module(query=nn.Linear(size, size), key=nn.Linear(size, size), value=nn.Linear(size, size)),
            output=module(dense=nn.Linear(size, size), LayerNorm=nn.LayerNorm(size, eps=eps)),
        )
        self.intermediate = module(dense=nn.Linear(size, inner))
        self.output = module(dense=nn.Linear(inner, size), LayerNorm=nn.LayerNorm(size, eps=eps))
        self.heads, self.activation = config["num_attention_heads"], ACTIVATIONS[config["hidden_act"]]

    def forward(self, x, mask):
        projections = self.attention.self
        q, k, v = (
            layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for layer in (projections.query, projections.key, projections.value)
        )
        logits = q @ k.transpose(2, 3) / math.sqrt(q.shape[3]) + mask
        context = (torch.softmax(logits, dim=3) @ v).transpose(1, 2).flatten(2)
        x = self.attention.output.LayerNorm(self.attention.output.dense(context) + x)
        inner = self.activation(self.intermediate.dense(x))
        return self.output.LayerNorm(self.output.dense(inner) + x)


class Bert(nn.Module):
    def __init__(self, config, *, pooler, head):
        super().__init__()
        size, eps = config["hidden_size"], config["layer_norm_eps"]
        embeddings = module(
            word_embeddings=nn.Embedding(config["vocab_size"], size),
            position_embeddings=nn.Embedding(config["max_position_embeddings"], size),
            token_type_embeddings=nn.Embedding(config["type_vocab_size"], size),
            LayerNorm=nn.LayerNorm(size, eps=eps),
        )
        encoder = module(layer=nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"])))
        self.bert = module(embeddings=embeddings, encoder=encoder)
        if pooler:
            self.bert.pooler = module(dense=nn.Linear(size, size))
        if head:
            transform = module(dense=nn.Linear(size, size), LayerNorm=nn.LayerNorm(size, eps=eps))
            self.cls = module(predictions=module(transform=transform))
            self.cls.predictions.bias = nn.Parameter(torch.zeros(config["vocab_size"]))
            if not config["tie_word_embeddings"]:
                self.cls.predictions.decoder = nn.Linear(size, config["vocab_size"], bias=False)
        self.activation = ACTIVATIONS[config["hidden_act"]]

    def encode(self, input_ids, attention_mask, token_type_ids):
        table = self.bert.embeddings
        positions = torch.arange(input_ids.shape[1])
        x = table.word_embeddings(input_ids) + table.position_embeddings(positions)
        x = table.LayerNorm(x + table.token_type_embeddings(token_type_ids))
        mask = (1 - attention_mask[:, None, None, :].to(x.dtype)) * MASKED
        for layer in self.bert.encoder.layer:
            x = layer(x, mask)
        return x

    def logits(self, states):
        head = self.cls.predictions
        states = head.transform.LayerNorm(self.activation(head.transform.dense(states)))
        decoder = head.decoder.weight if hasattr(head, "decoder") else self.bert.embeddings.word_embeddings.weight
        return states @ decoder.T + head.bias

    def forward(self, input_ids, attention_mask, token_type_ids, logits_position):
        states = self.encode(input_ids, attention_mask, token_type_ids)
        results = {"last_hidden_state": states}
        if hasattr(self.bert, "pooler"):
            results["pooled"] = torch.tanh(self.bert.pooler.dense(states[:, 0]))
        if hasattr(self, "cls"):
            results["logits"] = self.logits(states[torch.arange(len(states)), logits_position])
        return results
