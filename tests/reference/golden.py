"""What the golden scripts share: the case format, the measured tolerance, seeded weights, and --check."""

import filecmp
import json
import math
import pathlib
import sys
import tempfile

import torch

import safetensors_io

REFERENCE = pathlib.Path(__file__).resolve().parent
REPOSITORY = REFERENCE.parent.parent
CASES = REFERENCE / "cases"

ATOL_FACTOR = 10  # an engine may lose ten times what float32 loses in the reference
ATOL_FLOOR = 1e-6


def tolerance(single, double):
    """Ten times the largest difference of the float32 run from the float64 run, two digits, rounded up."""
    loss = (single.double() - double).abs().max().item() * ATOL_FACTOR
    if loss <= ATOL_FLOOR:
        return ATOL_FLOOR
    digit = 10.0 ** (math.floor(math.log10(loss)) - 1)
    return float(f"{math.ceil(loss / digit) * digit:.1e}")


def gain(module):
    """The parameter of a norm that multiplies, which should stay near 1; None for other modules."""
    if isinstance(module, (torch.nn.LayerNorm, torch.nn.BatchNorm1d)):
        return module.weight
    return getattr(module, "gain", None)


def randomize(module, generator, embedding_std=1.0, weight_gain=1.0):
    """Seeded weights that make every parameter matter: norms away from 1 and 0, biases away from 0."""
    norms = {id(gain(m)) for m in module.modules() if gain(m) is not None}
    tables = {id(m.weight) for m in module.modules() if isinstance(m, torch.nn.Embedding)}
    with torch.no_grad():
        for parameter in module.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if id(parameter) in norms:
                parameter.copy_(1 + 0.2 * noise)
            elif id(parameter) in tables:
                parameter.copy_(embedding_std * noise)
            elif parameter.dim() == 1:
                parameter.copy_(0.2 * noise)
            else:
                parameter.copy_(weight_gain / math.sqrt(parameter[0].numel()) * noise)
    return module.eval()


def randomize_batch_norms(module, generator):
    """Gains and running statistics as a trained network has them, away from the initial 0 and 1."""
    for norm in module.modules():
        if isinstance(norm, torch.nn.BatchNorm1d):
            shape = norm.running_mean.shape
            if norm.affine:
                norm.weight.data = 1 + 0.3 * torch.randn(shape, generator=generator)
            norm.running_mean.copy_(0.5 * torch.randn(shape, generator=generator))
            norm.running_var.copy_(0.2 + 2 * torch.rand(shape, generator=generator))
            norm.num_batches_tracked.fill_(1234)
    return module


def stored_as(module, dtype):
    """Rounds weights and buffers to `dtype` in place, so that the float runs compute from what the file holds."""
    state = module.state_dict()
    stored = {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    module.load_state_dict(stored)
    return stored


def random_lengths(count, longest, generator, *, empty=False):
    """Lengths from 1 to `longest`, both ends present, and one 0 when asked for."""
    lengths = torch.randint(1, longest + 1, (count,), generator=generator)
    lengths[0], lengths[1] = 1, longest
    if empty:
        lengths[2] = 0
    return lengths


def pad(sequences, length, side, pad_id):
    rows = []
    for sequence in sequences:
        filler = [pad_id] * (length - len(sequence))
        rows.append(filler + sequence if side == "left" else sequence + filler)
    return torch.tensor(rows)


def top_k(scores, k, excluded=()):
    """(ids, scores): higher score first, then the lower id; equal up to 1e-12 counts as equal."""
    scores = scores.clone()
    for row, ids in enumerate(excluded):
        scores[row, list(ids)] = -math.inf
    rounded = torch.round(scores * 1e12) / 1e12
    ids = torch.argsort(rounded, dim=1, descending=True, stable=True)[:, :k]
    return ids, scores.gather(1, ids)


def both_precisions(module, function):
    """(float32 outputs, float64 outputs) of function(module): name -> tensor."""
    with torch.no_grad():
        single = function(module.float())
        double = function(module.double())
    module.float()
    return single, double


class Case:
    """Collects one folder of the case format and writes it."""

    def __init__(self, name, config):
        self.name, self.config = name, config
        self.inputs, self.expected = {}, {}
        self.input_fields, self.outputs = {}, []

    def input(self, name, fields, **tensors):
        """`fields` is the entry in case.json, `tensors` what inputs.safetensors gets for it."""
        self.input_fields[name] = fields
        self.inputs.update(tensors)

    def output(self, name, single, double, rows=None):
        """A result compared element by element; `rows` keeps the first n rows only."""
        entry = {"output": name, "expected": f"{name}_f64", "atol": tolerance(single, double)}
        if rows is not None and rows < len(double):
            double = double[:rows]
            entry["expected"] = f"{name}_f64_first{rows}"
            entry["rows"] = {"first": rows}
        self.expected[entry["expected"]] = double.double()
        self.outputs.append(entry)

    def top_k(self, single, double, k, exclude_ids=(), prefix="top", excluded=None, **fields):
        """The best k of `double` [rows, items]; `excluded` lists ids per row, `exclude_ids` for all rows."""
        per_row = [[*exclude_ids, *row] for row in excluded or [[]] * len(double)]
        ids, scores = top_k(double.double(), k, per_row)
        entry = {"output": "top_k", "k": k, "ids": f"{prefix}{k}_ids", "scores": f"{prefix}{k}_scores_f64"}
        entry["atol"] = tolerance(single, double)
        entry.update(fields)
        if exclude_ids:
            entry["exclude_ids"] = list(exclude_ids)
        self.expected[entry["ids"]] = ids.int()
        self.expected[entry["scores"]] = scores
        self.outputs.append(entry)

    def write(self, root, weights, shards=None):
        """`shards`: lists of name prefixes, one list a file; every tensor must match exactly one."""
        folder = root / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, tensor in self.expected.items():
            if tensor.is_floating_point() and not torch.isfinite(tensor).all():
                raise ValueError(f"{self.name}: {name} is not finite")
        case = {"format": 1, "inputs": self.input_fields, "outputs": self.outputs}
        (folder / "config.json").write_text(json.dumps(self.config, indent=2) + "\n")
        (folder / "case.json").write_text(json.dumps(case, indent=2) + "\n")
        safetensors_io.save(folder / "inputs.safetensors", self.inputs)
        safetensors_io.save(folder / "expected.safetensors", self.expected)
        if shards is None:
            safetensors_io.save(folder / "model.safetensors", weights, {"format": "pt"})
        else:
            write_shards(folder, weights, shards)


def write_shards(folder, weights, shards):
    weight_map = {}
    for number, prefixes in enumerate(shards, start=1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        part = {name: tensor for name, tensor in weights.items() if name.startswith(tuple(prefixes))}
        safetensors_io.save(folder / file, part, {"format": "pt"})
        for name in part:
            if name in weight_map:
                raise ValueError(f"{name} is in two shards")
            weight_map[name] = file
    if weight_map.keys() != weights.keys():
        raise ValueError(f"in no shard: {sorted(weights.keys() - weight_map.keys())}")
    size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())
    index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(weight_map.items()))}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")


class OpFile:
    """Collects the cases of one operation: tensors `<case>.<role>`, parameters as JSON in the metadata."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors, self.cases = {}, []

    def random(self, *shape):
        return torch.randn(shape, generator=self.generator)

    def shared(self, **tensors):
        """Tensors that all cases use, under their bare names."""
        self.tensors.update(tensors)

    def add(self, name, parameters, **tensors):
        if any(case["name"] == name for case in self.cases):
            raise ValueError(f"two cases are called {name}")
        self.cases.append({"name": name, **parameters})
        self.tensors.update({f"{name}.{role}": tensor for role, tensor in tensors.items()})

    def write(self, path):
        safetensors_io.save(path, self.tensors, {"cases": json.dumps(self.cases)})


def run_or_check(target, make):
    """Writes `target` with make(folder); with --check writes aside and returns 1 where a file's bytes differ."""
    torch.set_num_threads(1)
    if sys.argv[1:] not in ([], ["--check"]):
        print(f"usage: {sys.argv[0]} [--check]", file=sys.stderr)
        return 2
    if not sys.argv[1:]:
        make(target)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        fresh = pathlib.Path(scratch) / target.name
        make(fresh)
        files = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
        wrong = [f for f in files if not (target / f).is_file() or not filecmp.cmp(fresh / f, target / f, shallow=False)]
    for file in wrong:
        print(f"differs: {target / file}", file=sys.stderr)
    print(f"{pathlib.Path(sys.argv[0]).name}: {len(files) - len(wrong)} of {len(files)} files identical")
    return 1 if wrong else 0
