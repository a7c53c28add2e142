"""Click-through rankers in plain torch: fields, towers, cross networks and the models made of them.

`recbole` and `deepctr` (DeepCTR-Torch) name the parameters; place() puts every module where that code base has it.
"""

import torch
from torch import nn
from torch.nn import functional as F

from named import place
from sasrec_torch import ACTIVATIONS

PLAIN = {**ACTIVATIONS, "leaky_relu": F.leaky_relu, "elu": F.elu}


class Dice(nn.Module):
    """p x + (1 - p) alpha x, with p = sigmoid(x) or, normed, sigmoid(batch norm of x). 3-D input: the last axis is the width."""

    def __init__(self, width, normed, shape):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(shape))
        self.bn = nn.BatchNorm1d(width, eps=1e-8) if normed else None

    def forward(self, x):
        normed = x if self.bn is None else self.bn(x.flatten(0, -2)).unflatten(0, x.shape[:-1])
        p = torch.sigmoid(normed)
        return p * x + (1 - p) * self.alpha.flatten() * x


class SharedPReLU(nn.Module):
    """nn.PReLU over the last axis, whatever the number of axes."""

    def __init__(self, count):
        super().__init__()
        self.weight = nn.Parameter(torch.full((count,), 0.25))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


class Mlp:
    """Linear, batch norm, activation, repeated. `kind` is `attention` where the input is a sequence."""

    def __init__(self, root, naming, prefix, sizes, activation, batch_norm=False, eps=1e-5, kind="deep"):
        self.layers, self.width = [], sizes[-1]
        step = 2 + batch_norm + (activation != "none")  # RecBole counts dropout, linear, batch norm and activation
        for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
            recbole = naming == "recbole"
            at = [f"{prefix}.mlp_layers.{step * i + place_in_step}" for place_in_step in range(1, 4)]
            names = at if recbole else [f"{prefix}.linears.{i}", f"{prefix}.bn.{i}", f"{prefix}.activation_layers.{i}"]
            self.layers.append(place(root, names[0], nn.Linear(inputs, outputs)))
            if batch_norm:
                self.layers.append(place(root, names[1], nn.BatchNorm1d(outputs, eps=eps)))
            name = names[2] if batch_norm or not recbole else names[1]
            if activation == "dice_alpha_zero":
                self.layers.append(F.silu)
            elif activation in ("dice", "dice_without_norm"):
                shape = (outputs, 1) if kind == "attention" and not recbole else (outputs,)
                self.layers.append(place(root, name, Dice(outputs, activation == "dice", shape)))
            elif activation == "prelu":
                self.layers.append(place(root, name, SharedPReLU(1)))
            else:
                self.layers.append(PLAIN[activation])

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def pool(vectors, real, how):
    """[..., n, size] over n where `real`; an empty list gives 0."""
    mask = real.unsqueeze(-1).to(vectors.dtype)
    if how == "max":
        return (vectors - (1 - mask) * 1e9).amax(-2)
    total = (vectors * mask).sum(-2)
    return total / (real.sum(-1, keepdim=True) + 1e-8) if how == "mean" else total


class Fields:
    """The tables of a list of fields. `paths`: kind -> path of the table(s), see table_path."""

    def __init__(self, root, fields, size, paths):
        self.fields, self.tables = fields, {}
        shared = {}  # by kind, and by embedding name
        for kind in ("token", "value"):
            rows = max([f["table_offset"] + f["size"] for f in fields if f["kind"] == kind and "table_offset" in f], default=0)
            if rows:
                shared[kind] = place(root, paths[kind], nn.Embedding(rows, size))
        multi = 0
        for field in fields:
            kind = field["kind"]
            if kind == "dense":
                continue
            if "table_offset" in field:
                self.tables[field["name"]] = shared[kind]
            elif "embedding_dict" in paths:
                name = field.get("embedding_name", field["name"])
                if name not in shared:
                    shared[name] = place(root, f"{paths['embedding_dict']}.{name}", nn.Embedding(field["size"], size))
                self.tables[field["name"]] = shared[name]
            else:
                self.tables[field["name"]] = place(root, f"{paths['multi']}.{multi}", nn.Embedding(field["size"], size))
                multi += 1
        self.width = sum(f["size"] if f["kind"] == "dense" else size for f in fields)

    def look_up(self, field, inputs, pooling=None):
        x, table = inputs[field["name"]], self.tables[field["name"]]
        if field["kind"] == "token":
            return table(x + field.get("table_offset", 0))
        if field["kind"] == "value":
            row = torch.tensor(field["table_offset"] + field.get("index", 1))
            return x.to(table.weight.dtype).unsqueeze(-1) * table(row)
        real = x != field["pad_id"]
        return pool(table(x.clamp(min=0)), real, pooling or field["pooling"])

    def vectors(self, inputs, pooling=None):
        """The embedded fields, in order, without the dense ones."""
        return [self.look_up(f, inputs, pooling if f["kind"] == "multi" else None) for f in self.fields if f["kind"] != "dense"]

    def dense(self, inputs, dtype):
        return [inputs[f["name"]].to(dtype) for f in self.fields if f["kind"] == "dense"]

    def concatenated(self, inputs):
        vectors = self.vectors(inputs)
        return torch.cat(vectors + self.dense(inputs, vectors[0].dtype), dim=-1)


def paths_of(naming, prefix="", side=""):
    if naming == "deepctr":
        return {"embedding_dict": prefix + "embedding_dict"}
    return {
        "token": f"{prefix}token_embedding_table{side}.embedding",
        "multi": f"{prefix}token_seq_embedding_table{side}",
        "value": f"{prefix}float_embedding_table{side}.embedding",
    }


class FirstOrder:
    """One weight for every id, value and dense entry; the bias is RecBole's own or the one of DeepCTR's output layer."""

    def __init__(self, root, config):
        naming, fields = config["naming"], config["fields"]
        prefix = "first_order_linear." if naming == "recbole" else "linear_model."
        self.fields = Fields(root, fields, 1, paths_of(naming, prefix))
        how = config["first_order_multi_pooling"]
        self.pooling = None if how == "same_as_field" else how
        dense = sum(f["size"] for f in fields if f["kind"] == "dense")
        self.weight = place(root, prefix + "weight", nn.Parameter(torch.zeros(dense, 1))) if dense else None
        name = prefix + "bias" if naming == "recbole" else "out.bias"
        self.bias = place(root, name, nn.Parameter(torch.zeros(1)))

    def __call__(self, inputs):
        vectors = self.fields.vectors(inputs, self.pooling)
        result = torch.cat(vectors, dim=-1).sum(-1)
        if self.weight is not None:
            result = result + (torch.cat(self.fields.dense(inputs, result.dtype), dim=-1) @ self.weight).squeeze(-1)
        return result + self.bias


def second_order(vectors):
    stacked = torch.stack(vectors, dim=-2)
    return 0.5 * (stacked.sum(-2) ** 2 - (stacked**2).sum(-2)).sum(-1)


class CrossVector:
    """x' = x0 (w x) + b + x."""

    def __init__(self, root, config, width):
        self.layers, self.recbole = config["cross_layers"], config["naming"] == "recbole"
        if self.recbole:
            self.w = [place(root, f"cross_layer_w.{i}", nn.Parameter(torch.zeros(width))) for i in range(self.layers)]
            self.b = [place(root, f"cross_layer_b.{i}", nn.Parameter(torch.zeros(width))) for i in range(self.layers)]
        else:
            self.w = place(root, "crossnet.kernels", nn.Parameter(torch.zeros(self.layers, width, 1)))
            self.b = place(root, "crossnet.bias", nn.Parameter(torch.zeros(self.layers, width, 1)))

    def __call__(self, x0):
        x = x0
        for i in range(self.layers):
            x = x0 * (x @ self.w[i].flatten()).unsqueeze(-1) + self.b[i].flatten() + x
        return x


class CrossMatrix:
    """x' = x0 * (W x + b) + x."""

    def __init__(self, root, config, width):
        self.layers = config["cross_layers"]
        if config["naming"] == "recbole":
            self.w = [place(root, f"cross_layer_w.{i}", nn.Parameter(torch.zeros(width, width))) for i in range(self.layers)]
            self.b = [place(root, f"bias.{i}", nn.Parameter(torch.zeros(width, 1))) for i in range(self.layers)]
        else:
            self.w = place(root, "crossnet.kernels", nn.Parameter(torch.zeros(self.layers, width, width)))
            self.b = place(root, "crossnet.bias", nn.Parameter(torch.zeros(self.layers, width, 1)))

    def __call__(self, x0):
        x = x0
        for i in range(self.layers):
            x = x0 * (x @ self.w[i].T + self.b[i].flatten()) + x
        return x


class CrossMixture:
    """x' = sum over experts e of softmax(gate x)_e x0 * (U tanh(C tanh(V^T x)) + b) + x; the gates are the same for all layers."""

    def __init__(self, root, config, width):
        layers, experts, rank = config["cross_layers"], config["expert_num"], config["low_rank"]
        shapes = {"u": (experts, width, rank), "v": (experts, width, rank), "c": (experts, rank, rank)}
        recbole = config["naming"] == "recbole"
        if recbole:
            self.parts = {
                part: [place(root, f"cross_layer_{part}.{i}", nn.Parameter(torch.zeros(shape))) for i in range(layers)]
                for part, shape in shapes.items()
            }
            self.b = [place(root, f"bias.{i}", nn.Parameter(torch.zeros(width, 1))) for i in range(layers)]
        else:
            self.parts = {
                part: place(root, f"crossnet.{part.upper()}_list", nn.Parameter(torch.zeros(layers, *shape)))
                for part, shape in shapes.items()
            }
            self.b = place(root, "crossnet.bias", nn.Parameter(torch.zeros(layers, width, 1)))
        prefix = "" if recbole else "crossnet."
        self.gates = [place(root, f"{prefix}gating.{e}", nn.Linear(width, 1, bias=recbole)) for e in range(experts)]

    def __call__(self, x0):
        x = x0
        for i, bias in enumerate(self.b):
            gates = torch.softmax(torch.cat([gate(x) for gate in self.gates], dim=-1), dim=-1)
            mixed = 0
            for e in range(len(self.gates)):
                u, v, c = (self.parts[part][i][e] for part in ("u", "v", "c"))
                expert = torch.tanh(torch.tanh(x @ v) @ c.T) @ u.T
                mixed = mixed + gates[..., e : e + 1] * x0 * (expert + bias.flatten())
            x = mixed + x
        return x


def tail(root, config, name, width):
    """The last linear layer, as a function; DeepCTR's has no bias of its own but one under `out`."""
    return place(root, name, nn.Linear(width, 1, bias=config["naming"] == "recbole")).forward


class Ctr(nn.Module):
    """lr, fm, widedeep, deepfm, dcn, dcnv2 over `fields`."""

    def __init__(self, config):
        super().__init__()
        kind, naming = config["model_type"], config["naming"]
        self.kind = kind
        self.fields = Fields(self, config["fields"], config["embedding_size"], paths_of(naming))
        crossed = kind in ("dcn", "dcnv2")
        # RecBole makes the first-order tables for every model, also where nothing reads them
        first_order = FirstOrder(self, {"first_order_multi_pooling": "sum", **config})
        self.first_order = first_order if not crossed or config.get("first_order", False) else None
        self.deep = self.cross = None
        width = self.fields.width
        if kind in ("lr", "fm"):
            return
        self.stacked = kind == "dcnv2" and config["structure"] == "stacked"
        if crossed:
            mixed = kind == "dcnv2" and config["mixed"]
            cross = CrossVector if kind == "dcn" else CrossMixture if mixed else CrossMatrix
            self.cross = cross(self, config, width)
        sizes = [width, *config["mlp_hidden_sizes"]]
        prefix = "mlp_layers" if naming == "recbole" else "dnn"
        self.deep = Mlp(self, naming, prefix, sizes, config["mlp_activation"], config["mlp_batch_norm"], config["batch_norm_eps"])
        name = "dnn_linear" if naming == "deepctr" else "predict_layer" if crossed else "deep_predict_layer"
        self.predict = tail(self, config, name, self.deep.width + (width if crossed and not self.stacked else 0))

    def logits(self, inputs):
        if self.first_order is not None:
            result = self.first_order(inputs)
        else:
            result = self.out.bias if hasattr(self, "out") else 0
        if self.kind in ("fm", "deepfm"):
            result = result + second_order(self.fields.vectors(inputs))
        if self.deep is None:
            return result
        x = self.fields.concatenated(inputs)
        leading, x = x.shape[:-1], x.flatten(0, -2)
        if self.cross is not None:
            crossed = self.cross(x)
            x = self.deep(crossed) if self.stacked else torch.cat([crossed, self.deep(x)], dim=-1)
        else:
            x = self.deep(x)
        return result + self.predict(x).squeeze(-1).unflatten(0, leading)

    def forward(self, inputs):
        logits = self.logits(inputs)
        return {"logits": logits, "probabilities": torch.sigmoid(logits)}
