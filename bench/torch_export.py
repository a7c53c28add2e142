#!/usr/bin/env python3
"""Export a benchmark model with torch.onnx.export, to see that our own graphs are not slower than what PyTorch writes.

Reads config.json and model.safetensors from a folder, builds the same module out of torch.nn, loads the weights by name and exports it
for one batch size. The modules do what ours do and no more: only the last row is computed where ours computes only that.
Needs PyTorch (1.13 or later) and NumPy.
"""
import argparse
import collections
import json
import math
import pathlib
import struct

import numpy
import torch
from torch import nn

OPSET = 17


def read_safetensors(path):
    """All F32 tensors of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (header_size,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + header_size])
    tensors = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        if info["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is {info['dtype']}, expected F32")
        start, end = (8 + header_size + offset for offset in info["data_offsets"])
        tensors[name] = torch.from_numpy(numpy.frombuffer(data[start:end], dtype=numpy.float32).reshape(info["shape"]).copy())
    return tensors


class Dense(nn.Sequential):
    def __init__(self, config):
        layers = []
        for layer in config["layers"]:
            if layer["type"] == "linear":
                layers.append((layer["name"], nn.Linear(layer["in"], layer["out"])))
            else:
                layers.append((f"relu{len(layers)}", nn.ReLU()))
        super().__init__(collections.OrderedDict(layers))


class Recurrent(nn.Module):
    def __init__(self, config, has_output_bias):
        super().__init__()
        self.embedding = nn.Embedding(config["num_items"] + 1, config["embedding_size"])
        sizes = dict(input_size=config["embedding_size"], hidden_size=config["hidden_size"], num_layers=config["num_layers"], batch_first=True)
        cells = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn_tanh": nn.RNN}
        self.rnn = cells[config["cell"]](**sizes)
        self.out = nn.Linear(config["hidden_size"], config["embedding_size"], bias=has_output_bias)

    def forward(self, items):
        _, state = self.rnn(self.embedding(items))
        hidden = state[0] if isinstance(state, tuple) else state
        return self.out(hidden[-1])


def attend(q, k, v, heads, mask=None):
    """Scaled dot-product attention of [batch, rows, d], written out."""
    def split(x):
        return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

    scores = torch.matmul(split(q), split(k).transpose(-1, -2)) / math.sqrt(q.shape[-1] // heads)
    if mask is not None:
        scores = scores + mask
    y = torch.matmul(torch.softmax(scores, -1), split(v))
    return y.transpose(1, 2).reshape(q.shape)


class SasRec(nn.Module):
    """query_norm blocks with the state of the last event; its block computes that row alone."""

    def __init__(self, config, weights):
        super().__init__()
        self.config = config
        self.weights = nn.ParameterDict({name.replace(".", "/"): nn.Parameter(value) for name, value in weights.items()})
        length = config["max_length"]
        self.register_buffer("mask", torch.full((length, length), -math.inf).triu(1))

    def get(self, name):
        return self.weights[name.replace(".", "/")]

    def norm(self, x, name):
        return nn.functional.layer_norm(x, x.shape[-1:], self.get(f"{name}.weight"), self.get(f"{name}.bias"), self.config["layer_norm_eps"])

    def forward(self, items):
        d = self.config["hidden_size"]
        x = nn.functional.embedding(items, self.get("item_emb.weight")) * math.sqrt(d)
        x = x + nn.functional.embedding(torch.arange(items.shape[1]).unsqueeze(0), self.get("pos_emb.weight"))
        for i in range(self.config["num_layers"]):
            is_last = i == self.config["num_layers"] - 1
            query = self.norm(x[:, -1:] if is_last else x, f"attention_layernorms.{i}")
            weight = self.get(f"attention_layers.{i}.in_proj_weight")
            bias = self.get(f"attention_layers.{i}.in_proj_bias")
            q, k, v = (nn.functional.linear(rows, w, b) for rows, w, b in zip((query, x, x), weight.chunk(3), bias.chunk(3)))
            y = attend(q, k, v, self.config["num_heads"], None if is_last else self.mask)
            out = f"attention_layers.{i}.out_proj"
            x = query + nn.functional.linear(y, self.get(f"{out}.weight"), self.get(f"{out}.bias"))
            x = self.norm(x, f"forward_layernorms.{i}")
            layer = f"forward_layers.{i}"
            h = torch.relu(nn.functional.linear(x, self.get(f"{layer}.conv1.weight").squeeze(-1), self.get(f"{layer}.conv1.bias")))
            x = x + nn.functional.linear(h, self.get(f"{layer}.conv2.weight").squeeze(-1), self.get(f"{layer}.conv2.bias"))
        return self.norm(x, "last_layernorm")[:, -1]


class EncoderLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        d, eps = config["hidden_size"], config["layer_norm_eps"]
        self.heads = config["num_heads"]
        self.attention = nn.ModuleDict({name: nn.Linear(d, d) for name in ("query", "key", "value", "dense")})
        self.attention["LayerNorm"] = nn.LayerNorm(d, eps)
        self.intermediate = nn.Linear(d, config["intermediate_size"])
        self.output = nn.ModuleDict({"dense": nn.Linear(config["intermediate_size"], d), "LayerNorm": nn.LayerNorm(d, eps)})

    def forward(self, x):
        a = self.attention
        y = attend(a["query"](x), a["key"](x), a["value"](x), self.heads)
        x = a["LayerNorm"](a["dense"](y) + x)
        return self.output["LayerNorm"](self.output["dense"](nn.functional.gelu(self.intermediate(x))) + x)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        d = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], d)
        self.position_embeddings = nn.Embedding(config["max_length"], d)
        self.LayerNorm = nn.LayerNorm(d, config["layer_norm_eps"])
        self.layer = nn.ModuleList(EncoderLayer(config) for _ in range(config["num_layers"]))

    def forward(self, items):
        x = self.LayerNorm(self.word_embeddings(items) + self.position_embeddings(torch.arange(items.shape[1]).unsqueeze(0)))
        for layer in self.layer:
            x = layer(x)
        return x


class Din(nn.Module):
    """RecBole's DIN for one user and many candidates: the history is repeated for each of them inside the graph."""

    def __init__(self, config, weights):
        super().__init__()
        self.weights = nn.ParameterDict({name.replace(".", "/"): nn.Parameter(value) for name, value in weights.items()})
        self.attention_layers = len(config["attention_hidden_sizes"])
        self.layers = len(config["mlp_hidden_sizes"])

    def linear(self, x, name):
        return nn.functional.linear(x, self.weights[f"{name}.weight".replace(".", "/")], self.weights[f"{name}.bias".replace(".", "/")])

    def forward(self, items, candidates):
        table = self.weights["embedding_layer.token_embedding_table.item.embedding.weight".replace(".", "/")]
        target = nn.functional.embedding(candidates, table).squeeze(0)
        keys = nn.functional.embedding(items, table).expand(target.shape[0], -1, -1)
        queries = target.unsqueeze(1).expand(-1, items.shape[1], -1)
        x = torch.cat([queries, keys, queries - keys, queries * keys], dim=-1)
        for i in range(self.attention_layers):
            x = torch.sigmoid(self.linear(x, f"attention.att_mlp_layers.mlp_layers.{3 * i + 1}"))
        scores = self.linear(x, "attention.dense").transpose(1, 2)
        interest = torch.matmul(scores, keys).squeeze(1)
        x = torch.cat([interest, target, interest * target], dim=-1)
        for i in range(self.layers):
            x = torch.relu(self.linear(x, f"dnn_mlp_layers.mlp_layers.{3 * i + 1}"))
        return self.linear(x, "dnn_predict_layers")


class Gcn(nn.Module):
    """Graph convolutions with the symmetric normalisation of Kipf and Welling, over a graph that is part of the module."""

    def __init__(self, config, weights, folder):
        super().__init__()
        self.weights = nn.ParameterDict({name.replace(".", "/"): nn.Parameter(value) for name, value in weights.items()})
        self.layers = len(config["sizes"]) - 1
        nodes = torch.arange(config["num_nodes"])
        sources, targets = (
            torch.cat([torch.from_numpy(numpy.fromfile(folder / f"edges.{end}.i32", dtype=numpy.int32)).long(), nodes])
            for end in ("sources", "targets"))
        scale = torch.zeros(len(nodes)).index_add(0, targets, torch.ones(len(targets))).rsqrt()
        self.register_buffer("sources", sources)
        self.register_buffer("targets", targets)
        self.register_buffer("norm", (scale[sources] * scale[targets]).unsqueeze(1))

    def forward(self, x):
        for i in range(self.layers):
            x = torch.matmul(x, self.weights[f"convs/{i}/lin/weight"].t())
            messages = x[self.sources] * self.norm
            x = torch.zeros(x.shape).scatter_add(0, self.targets.unsqueeze(1).expand(messages.shape), messages) + self.weights[f"convs/{i}/bias"]
            if i < self.layers - 1:
                x = torch.relu(x)
        return x


class Catalogue(nn.Module):
    def __init__(self, weights, k):
        super().__init__()
        self.items = nn.Parameter(weights["items"])
        self.k = k

    def forward(self, queries):
        return torch.topk(torch.matmul(queries, self.items.t()), self.k)


def build(config, weights, k, folder):
    """The module with its weights."""
    family = config["model_type"]
    if family == "din":
        return Din(config, weights)
    if family == "gcn":
        return Gcn(config, weights, folder)
    if family == "sasrec":
        return SasRec(config, weights)
    if family == "catalogue":
        return Catalogue(weights, k)
    if family == "recurrent":
        module = Recurrent(config, "out.bias" in weights)
    else:
        module = {"sequential": Dense, "bench-encoder": Encoder}[family](config)
    module.load_state_dict(weights)
    return module


def examples(config, arguments):
    """Inputs by name, in the order in which the module takes them."""
    family = config["model_type"]
    ids = torch.ones(arguments.batch, arguments.length, dtype=torch.int64)
    if family == "din":
        return {"items": ids, "candidates": torch.ones(arguments.batch, arguments.candidates, dtype=torch.int64)}
    name = arguments.inputs.split(",")[0]
    if family in ("sequential", "catalogue"):
        return {name: torch.zeros(arguments.batch, config.get("input_size") or config["hidden_size"])}
    if family == "gcn":
        return {name: torch.zeros(config["num_nodes"], config["sizes"][0])}
    return {name: ids}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path, help="folder with config.json and model.safetensors")
    parser.add_argument("output", type=pathlib.Path, help="the .onnx file to write")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--length", type=int, default=1, help="events of a sequence")
    parser.add_argument("--candidates", type=int, default=1, help="candidates of a row")
    parser.add_argument("--k", type=int, default=10, help="items of a top-k")
    parser.add_argument("--inputs", required=True, help="names of the inputs, separated by commas")
    arguments = parser.parse_args()

    config = json.loads((arguments.model / "config.json").read_text())
    module = build(config, read_safetensors(arguments.model / "model.safetensors"), arguments.k, arguments.model).eval()
    inputs = examples(config, arguments)
    with torch.no_grad():
        torch.onnx.export(
            module, tuple(inputs.values()), str(arguments.output), opset_version=OPSET, input_names=list(inputs), do_constant_folding=True)


if __name__ == "__main__":
    main()
