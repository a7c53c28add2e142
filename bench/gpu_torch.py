#!/usr/bin/env python3
"""Time the models of `bench gpu` in PyTorch, at the same sizes and batches and under the same names, on a CUDA device or on the CPU.

Weights are random; only time is measured here. Models do what ours do and no more: the last row alone where ours computes that alone.
Every cell is timed in the forms that PyTorch has: eager, compiled (torch.compile), graph (the eager kernels in a CUDA graph) and
compiled-graph (torch.compile, mode "reduce-overhead"). What a form cannot do is listed with its error. Three times of each, in
microseconds, medians:
  request_us  inputs sent from page-locked host memory, a forward pass, outputs on the host
  pass_us     a forward pass on inputs that lie on the device, and waiting for it
  stream_us   a forward pass of many in a queue, by CUDA events
Writes one JSON file, again after every cell, which `bench gpu --beside FILE` reads. Needs PyTorch 1.13 or later and nothing else.
"""
import argparse
import json
import math
import os
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

ITEMS = 12_101
BATCHES = (1, 64, 512, 4096)
PRODUCTS = ((1, 512, 1024), (1, 768, 3072), (16, 768, 3072), (64, 512, 1024), (512, 1024, 512), (4096, 512, 1024), (8192, 768, 3072),
            (204_800, 64, 64), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048), (4096, 4096, 4096), (8192, 8192, 8192))


def attend(q, k, v, heads, is_causal):
    """Attention of [batch, rows, d], by the fused kernel where this PyTorch has one."""
    def split(x):
        return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)

    if hasattr(functional, "scaled_dot_product_attention"):
        y = functional.scaled_dot_product_attention(split(q), split(k), split(v), is_causal=is_causal)
    else:
        scores = split(q) @ split(k).transpose(-1, -2) / math.sqrt(q.shape[-1] // heads)
        if is_causal:
            rows = q.shape[1]
            scores = scores.masked_fill(torch.ones(rows, rows, dtype=torch.bool, device=q.device).triu(1), -math.inf)
        y = torch.softmax(scores, -1) @ split(v)
    return y.transpose(1, 2).reshape(q.shape)


def dense(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Recurrent(nn.Module):
    def __init__(self, cell, input_size, hidden_size, layers):
        super().__init__()
        self.embedding = nn.Embedding(ITEMS + 1, input_size)
        self.rnn = cell(input_size, hidden_size, layers, batch_first=True)
        self.out = nn.Linear(hidden_size, input_size)

    def forward(self, items):
        _, state = self.rnn(self.embedding(items))
        return self.out((state[0] if isinstance(state, tuple) else state)[-1])


class SasRec(nn.Module):
    """Kang and McAuley 2018; the last block computes the last event's row alone."""

    def __init__(self, size, heads, layers, length):
        super().__init__()
        self.heads = heads
        self.items = nn.Embedding(ITEMS + 1, size)
        self.places = nn.Embedding(length, size)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "query_norm": nn.LayerNorm(size, 1e-8), "q": nn.Linear(size, size), "kv": nn.Linear(size, 2 * size), "out": nn.Linear(size, size),
            "norm": nn.LayerNorm(size, 1e-8), "inner": nn.Linear(size, size), "outer": nn.Linear(size, size)}) for _ in range(layers))
        self.norm = nn.LayerNorm(size, 1e-8)

    def forward(self, items):
        x = self.items(items) * math.sqrt(self.items.embedding_dim) + self.places(torch.arange(items.shape[1], device=items.device))
        for i, block in enumerate(self.blocks):
            is_last = i == len(self.blocks) - 1
            query = block["query_norm"](x[:, -1:] if is_last else x)
            key, value = block["kv"](x).chunk(2, -1)
            x = query + block["out"](attend(block["q"](query), key, value, self.heads, not is_last))
            x = block["norm"](x)
            x = x + block["outer"](torch.relu(block["inner"](x)))
        return self.norm(x)[:, -1]


class Encoder(nn.Module):
    """Layers of BERT, all rows."""

    def __init__(self, size, heads, inner, layers, length, vocabulary=1000):
        super().__init__()
        self.heads = heads
        self.words = nn.Embedding(vocabulary, size)
        self.places = nn.Embedding(length, size)
        self.norm = nn.LayerNorm(size, 1e-12)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "qkv": nn.Linear(size, 3 * size), "out": nn.Linear(size, size), "norm": nn.LayerNorm(size, 1e-12),
            "inner": nn.Linear(size, inner), "outer": nn.Linear(inner, size), "last": nn.LayerNorm(size, 1e-12)}) for _ in range(layers))

    def forward(self, items):
        x = self.norm(self.words(items) + self.places(torch.arange(items.shape[1], device=items.device)))
        for block in self.blocks:
            x = block["norm"](x + block["out"](attend(*block["qkv"](x).chunk(3, -1), self.heads, False)))
            x = block["last"](x + block["outer"](functional.gelu(block["inner"](x))))
        return x


class Din(nn.Module):
    """Zhou et al. 2018 as RecBole writes it: [batch, events] and [batch, candidates] to a logit a candidate."""

    def __init__(self, size):
        super().__init__()
        self.items = nn.Embedding(ITEMS, size)
        self.attention = nn.Sequential(
            nn.Linear(4 * size, 80), nn.Sigmoid(), nn.Linear(80, 40), nn.Sigmoid(), nn.Linear(40, 1))
        self.network = dense(3 * size, 200, 80, 1)

    def forward(self, items, candidates):
        keys = self.items(items).unsqueeze(1)
        target = self.items(candidates)
        shape = (target.shape[0], target.shape[1], items.shape[1], target.shape[2])
        k, q = keys.expand(shape), target.unsqueeze(2).expand(shape)
        scores = self.attention(torch.cat([q, k, q - k, q * k], -1)).transpose(2, 3)
        interest = (scores @ k).squeeze(2)
        return self.network(torch.cat([interest, target, interest * target], -1))


def power_law_graph(nodes, degree):
    """Edges in both directions, their ends drawn as often as a power law of the degrees says (Chung and Lu 2002), and self loops."""
    torch.manual_seed(41)
    order = torch.randperm(nodes)
    cumulative = torch.arange(1, nodes + 1, dtype=torch.float64).pow(-1 / 1.5).cumsum(0)
    ends = [order[torch.searchsorted(cumulative, torch.rand(nodes * degree // 2, dtype=torch.float64) * cumulative[-1]).clamp(max=nodes - 1)]
            for _ in range(2)]
    loops = torch.arange(nodes)
    return torch.cat([ends[0], ends[1], loops]), torch.cat([ends[1], ends[0], loops])


class Gcn(nn.Module):
    """Kipf and Welling 2017 over a fixed graph: messages as a product with a sparse matrix, or gathered and added up edge by edge."""

    def __init__(self, nodes, is_sparse, degree=16, size=64, layers=2):
        super().__init__()
        self.linears = nn.ModuleList(nn.Linear(size, size, bias=False) for _ in range(layers))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(size)) for _ in range(layers))
        sources, targets = power_law_graph(nodes, degree)
        scale = torch.zeros(nodes).index_add(0, targets, torch.ones(len(targets))).rsqrt()
        weights = scale[sources] * scale[targets]
        self.is_sparse = is_sparse
        if is_sparse:
            self.register_buffer("matrix", torch.sparse_coo_tensor(torch.stack([targets, sources]), weights, (nodes, nodes)).coalesce().to_sparse_csr())
        else:
            self.register_buffer("sources", sources)
            self.register_buffer("targets", targets)
            self.register_buffer("weights", weights.unsqueeze(1))

    def forward(self, x):
        for i, linear in enumerate(self.linears):
            x = linear(x)
            if self.is_sparse:
                x = self.matrix @ x
            else:
                x = torch.zeros_like(x).index_add(0, self.targets, x[self.sources] * self.weights)
            x = x + self.biases[i]
            if i < len(self.linears) - 1:
                x = torch.relu(x)
        return x


class Catalogue(nn.Module):
    def __init__(self, items, size=64, k=10):
        super().__init__()
        self.items = nn.Parameter(torch.randn(items, size))
        self.k = k

    def forward(self, queries):
        scores, ids = torch.topk(queries @ self.items.t(), self.k)
        return scores, ids


def ids(batch, length, limit=ITEMS):
    return torch.randint(1, limit, (batch, length))


def din_inputs(candidates):
    return lambda batch: (ids(batch, 50), ids(batch, candidates))


# Name: (makes the model, makes its inputs for a batch, whether batches differ, what is added to the form's name)
CELLS = [
    ("mlp", lambda: dense(64, 128, 64, 1), lambda batch: (torch.randn(batch, 64),), True, ""),
    ("wide", lambda: dense(512, 1024, 512, 256, 1), lambda batch: (torch.randn(batch, 512),), True, ""),
    ("ae", lambda: dense(7, 64, 32, 16, 8, 16, 32, 64, 7), lambda batch: (torch.randn(batch, 7),), True, ""),
    ("lstm128", lambda: Recurrent(nn.LSTM, 64, 128, 1), lambda batch: (ids(batch, 50),), True, ""),
    ("lstm256x2", lambda: Recurrent(nn.LSTM, 64, 256, 2), lambda batch: (ids(batch, 50),), True, ""),
    ("gru128", lambda: Recurrent(nn.GRU, 64, 128, 1), lambda batch: (ids(batch, 50),), True, ""),
    ("rnn128", lambda: Recurrent(nn.RNN, 64, 128, 1), lambda batch: (ids(batch, 50),), True, ""),
    ("sas64", lambda: SasRec(64, 2, 2, 50), lambda batch: (ids(batch, 50),), True, ""),
    ("sas256", lambda: SasRec(256, 4, 4, 200), lambda batch: (ids(batch, 200),), True, ""),
    ("bert2", lambda: Encoder(768, 12, 3072, 2, 128), lambda batch: (ids(batch, 128, 1000),), True, ""),
    ("gcn10k", lambda: Gcn(10_000, True), lambda batch: (torch.randn(10_000, 64),), False, "sparse "),
    ("gcn10k", lambda: Gcn(10_000, False), lambda batch: (torch.randn(10_000, 64),), False, "scatter "),
    ("gcn100k", lambda: Gcn(100_000, True), lambda batch: (torch.randn(100_000, 64),), False, "sparse "),
    ("gcn100k", lambda: Gcn(100_000, False), lambda batch: (torch.randn(100_000, 64),), False, "scatter "),
    ("topk100k", lambda: Catalogue(100_000), lambda batch: (torch.randn(batch, 64),), True, ""),
    ("topk1M", lambda: Catalogue(1_000_000), lambda batch: (torch.randn(batch, 64),), True, ""),
    ("user-x-500", lambda: Din(64), din_inputs(500), True, ""),
    ("din", lambda: Din(64), din_inputs(1), True, ""),
]


class Clock:
    """Times calls on a device that runs them later than they are made."""

    def __init__(self, device, seconds):
        self.device = device
        self.seconds = seconds
        self.is_cuda = device.type == "cuda"

    def wait(self):
        if self.is_cuda:
            torch.cuda.synchronize(self.device)

    def each(self, call):
        """Microseconds of a call that ends with a wait: the median of as many as the time allows, three at least unless they take a second."""
        call()
        times, start = [], time.perf_counter()
        while not times or (len(times) < 3 and sum(times) < 1e6) or (time.perf_counter() - start < self.seconds and len(times) < 10_000):
            self.wait()
            before = time.perf_counter()
            call()
            self.wait()
            times.append(1e6 * (time.perf_counter() - before))
        return statistics.median(times)

    def stream(self, call, one):
        """Microseconds of a call of many in a queue, given about how long one takes."""
        count = max(1, min(1000, int(1e6 * self.seconds / 8 / one)))
        return statistics.median(self.queue(call, count) / count for _ in range(5 if one < 1e6 else 1))

    def queue(self, call, count):
        self.wait()
        if not self.is_cuda:
            before = time.perf_counter()
            for _ in range(count):
                call()
            return 1e6 * (time.perf_counter() - before)
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(count):
            call()
        end.record()
        end.synchronize()
        return 1e3 * start.elapsed_time(end)


def captured(model, inputs):
    """The model's kernels in a CUDA graph that is started as a whole."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            model(*inputs)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        output = model(*inputs)

    def run(*given):
        for old, new in zip(inputs, given):
            if old is not new:
                old.copy_(new, non_blocking=True)
        graph.replay()
        return output

    return run


def forms(model, inputs, is_cuda):
    """Each form's name and what makes it."""
    yield "eager", lambda: model
    if is_cuda:
        yield "graph", lambda: captured(model, inputs)
    if hasattr(torch, "compile"):
        yield "compiled", lambda: torch.compile(model)
        if is_cuda:
            yield "compiled-graph", lambda: torch.compile(model, mode="reduce-overhead")


def to_host(output):
    return [part.cpu() for part in (output if isinstance(output, tuple) else (output,))]


def measure(clock, make, inputs, host):
    call = make()
    pass_us = clock.each(lambda: call(*inputs))

    def request():
        sent = [part.to(clock.device, non_blocking=True) for part in host]
        return to_host(call(*sent))

    return {"request_us": clock.each(request), "pass_us": pass_us, "stream_us": clock.stream(lambda: call(*inputs), pass_us)}


class Report:
    def __init__(self, path, machine):
        self.path = path
        self.content = {"machine": machine, "cells": [], "products": [], "left_out": []}

    def add(self, kind, entry):
        self.content[kind].append(entry)
        print(json.dumps(entry), flush=True)
        unfinished = f"{self.path}.part"
        with open(unfinished, "w") as file:
            json.dump(self.content, file, indent=1)
            file.write("\n")
        os.replace(unfinished, self.path)


def time_cells(arguments, clock, report, is_over):
    for name, create, make_inputs, has_batches, prefix in CELLS:
        if arguments.cells and name not in arguments.cells:
            continue
        model = create().to(clock.device).eval()
        for batch in arguments.batches if has_batches else (1,):
            host = make_inputs(batch)
            if clock.is_cuda:
                host = tuple(part.pin_memory() for part in host)
            try:
                inputs = tuple(part.to(clock.device) for part in host)
                clock.wait()
            except RuntimeError as error:
                report.add("left_out", {"name": f"{name}, batch {batch}", "reason": first_line(error)})
                continue
            slowest = 0
            for form, make in forms(model, inputs, clock.is_cuda):
                if arguments.forms and form not in arguments.forms:
                    continue
                label = f"{name}, batch {batch}, {prefix}{form}"
                if is_over():
                    report.add("left_out", {"name": label, "reason": f"the time limit of {arguments.time_limit} s was reached"})
                    continue
                try:
                    times = measure(clock, make, inputs, host)
                    slowest = max(slowest, times["pass_us"])
                    report.add("cells", {"cell": name, "batch": batch, "form": prefix + form, **{key: round(value, 3) for key, value in times.items()}})
                except Exception as error:  # a form that this PyTorch or this device cannot do, or memory that is not there
                    report.add("left_out", {"name": label, "reason": first_line(error)})
                    if clock.is_cuda:
                        torch.cuda.empty_cache()
            if has_batches and batch != arguments.batches[-1] and slowest > 1e6 * arguments.call_limit:
                report.add("left_out", {"name": f"{name}, batches above {batch}", "reason": f"a pass took {slowest / 1e6:.1f} s"})
                break
        del model
        if hasattr(torch, "_dynamo"):
            torch._dynamo.reset()
        if clock.is_cuda:
            torch.cuda.empty_cache()


def time_products(arguments, clock, report, is_over):
    precisions = [("fp32", torch.float32, False)]
    if clock.is_cuda:
        precisions += [("tf32", torch.float32, True), ("bf16", torch.bfloat16, False)]
    for rows, inputs, outputs in arguments.products:
        for name, dtype, is_tf32 in precisions:
            shape = f"{rows}x{inputs}x{outputs}"
            if is_over():
                report.add("left_out", {"name": f"{shape}, {name}", "reason": f"the time limit of {arguments.time_limit} s was reached"})
                continue
            torch.backends.cuda.matmul.allow_tf32 = is_tf32
            x = torch.randn(rows, inputs, device=clock.device, dtype=dtype)
            layer = nn.Linear(inputs, outputs).to(clock.device, dtype)
            one = clock.each(lambda: functional.linear(x, layer.weight, layer.bias))
            microseconds = clock.stream(lambda: functional.linear(x, layer.weight, layer.bias), one)
            report.add("products", {
                "shape": shape, "form": name, "stream_us": round(microseconds, 3), "gflops": round(2e-3 * rows * inputs * outputs / microseconds, 3)})
    torch.backends.cuda.matmul.allow_tf32 = False


def first_line(error):
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"


def shape(text):
    sizes = tuple(int(part) for part in text.split("x"))
    if len(sizes) != 3:
        raise argparse.ArgumentTypeError(f"'{text}' is not rows x inputs x outputs, such as 64x512x1024")
    return sizes


def listed(kind):
    return lambda text: [kind(part) for part in text.split(",") if part]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--batches", type=listed(int), default=list(BATCHES))
    parser.add_argument("--cells", type=listed(str), default=[], help="only these, separated by commas")
    parser.add_argument("--forms", type=listed(str), default=[], help="only these of eager, graph, compiled, compiled-graph")
    parser.add_argument("--products", type=listed(shape), default=list(PRODUCTS), help="rows x inputs x outputs of linear layers, separated by commas")
    parser.add_argument("--seconds", type=float, default=0.4, help="how long each time is measured")
    parser.add_argument("--time-limit", type=float, default=math.inf, help="seconds after which nothing new is begun")
    parser.add_argument("--call-limit", type=float, default=5, help="larger batches of a cell whose pass takes longer (s) are left out")
    parser.add_argument("--threads", type=int, default=0, help="threads on the CPU; 0: all")
    parser.add_argument("--output", default="gpu_torch.json")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.cells if name not in {cell[0] for cell in CELLS}]
    if unknown:
        parser.error(f"there is no cell {', '.join(unknown)}")

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    device = torch.device(arguments.device)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.manual_seed(7)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"the CPU, {torch.get_num_threads()} threads"
    report = Report(arguments.output, {"torch": torch.__version__, "device": name, "cuda": torch.version.cuda or ""})
    start = time.monotonic()
    clock = Clock(device, arguments.seconds)
    with torch.inference_mode():
        time_products(arguments, clock, report, lambda: time.monotonic() - start > arguments.time_limit)
        time_cells(arguments, clock, report, lambda: time.monotonic() - start > arguments.time_limit)


if __name__ == "__main__":
    main()
