"""What the cases over feature fields have in common: random fields with their traps, and the `fields` entry of case.json."""

import torch

ROWS = 14
LONGEST = 5


def random_ids(field, shape, generator):
    """Ids of one field: tokens of `shape`, lists of `shape` + [LONGEST]; one list is empty unless its maximum is asked for."""
    if field["kind"] == "token":
        ids = torch.randint(0, field["size"], shape, generator=generator)
        ids.view(-1)[0] = field["size"] - 1
        return ids
    pad, size = field["pad_id"], field["size"]
    ids = torch.randint(0, size, (*shape, LONGEST), generator=generator)
    real = torch.randint(0, 2, ids.shape, generator=generator).bool()
    if field["pooling"] == "max":
        ids[..., 0] = torch.where(ids[..., 0] == pad, torch.full_like(ids[..., 0], size - 1), ids[..., 0])
        real[..., 0] = True
    else:
        real.view(-1, LONGEST)[1] = False
    return torch.where(real, ids, torch.full_like(ids, pad))


def random_inputs(fields, generator, shape=(ROWS,)):
    inputs = {}
    for field in fields:
        if field["kind"] == "value":
            inputs[field["name"]] = torch.randn(shape, generator=generator)
        elif field["kind"] == "dense":
            inputs[field["name"]] = torch.randn(*shape, field["size"], generator=generator)
        else:
            inputs[field["name"]] = random_ids(field, shape, generator)
    return inputs


def fields_input(case, fields, inputs, ragged=False, ids=torch.int32):
    """Tokens and values as columns of one matrix each, lists as matrices (or ragged), dense fields as matrices."""
    columns = {"token": ("tokens", ids), "value": ("values", torch.float32)}
    collected = {"token": [], "value": []}
    entries = {}
    for field in fields:
        name, kind = field["name"], field["kind"]
        if kind in columns:
            entries[name] = {"tensor": columns[kind][0], "column": len(collected[kind])}
            collected[kind].append(inputs[name])
        elif kind == "dense":
            entries[name] = {"tensor": name}
            case.inputs[name] = inputs[name]
        elif ragged:
            real = inputs[name] != field["pad_id"]
            entries[name] = {"ids": f"{name}_ids", "offsets": f"{name}_offsets"}
            case.inputs[f"{name}_ids"] = inputs[name][real].int()
            case.inputs[f"{name}_offsets"] = torch.tensor([0, *real.sum(1).tolist()]).cumsum(0).int()
        else:
            entries[name] = {"tensor": name}
            case.inputs[name] = inputs[name].to(ids)
    for kind, (tensor, dtype) in columns.items():
        if collected[kind]:
            case.inputs[tensor] = torch.stack(collected[kind], dim=1).to(dtype)
    case.input("fields", entries)


def item_features_input(case, fields, features):
    """One row an item id; the row of id 0 is padding's."""
    case.input("item_features", {field["name"]: f"item_{field['name']}" for field in fields if field["name"] in features})
    for field in fields:
        if field["name"] in features:
            x = features[field["name"]]
            case.inputs[f"item_{field['name']}"] = x if x.is_floating_point() else x.int()
