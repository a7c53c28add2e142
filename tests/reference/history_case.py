"""What the cases over item histories have in common: random histories in, user vector, scores and top K out.

A model is called with items [batch, max_length], padded on the side that its configuration names, and lengths, and returns
`hidden` and `scores` (a column an id). The families whose states are compared too use sequence_case.py.
"""

import numpy
import torch

import golden

SEQUENCES = 16
CANDIDATES = 12
SCORE_ROWS = 4
TOP_K = 10


def random_histories(config, generator, *, shortest=1, empty=False, last_id=None):
    """Lists of ids 1..num_items (or last_id), lengths from `shortest` to max_length, both present."""
    lengths = golden.random_lengths(SEQUENCES, config["max_length"], generator, empty=empty).tolist()
    lengths = [max(length, shortest) if length else 0 for length in lengths]
    last = last_id or config["num_items"]
    return [torch.randint(1, last + 1, (length,), generator=generator).tolist() for length in lengths]


def items_input(case, config, histories, ids=torch.int32, name="items", pad_id=0):
    """The `items` entry: padded ids in an integer type ("U16" too), or flat ids with offsets for "ragged"."""
    if ids == "ragged":
        flat = torch.tensor([item for history in histories for item in history], dtype=torch.int32)
        offsets = torch.tensor([0, *map(len, histories)]).cumsum(0).int()
        case.input(name, {"ids": "history_ids", "offsets": "history_offsets"}, history_ids=flat, history_offsets=offsets)
        return
    items = golden.pad(histories, config["max_length"], config["padding_side"], pad_id)
    stored = items.numpy().astype(numpy.uint16) if ids == "U16" else items.to(ids)
    fields = {"tensor": "input_ids", "padding_side": config["padding_side"], "pad_id": pad_id}
    tensors = {"input_ids": stored}
    if config["padding_side"] == "right":
        fields["lengths"] = "lengths"
        tensors["lengths"] = torch.tensor([len(history) for history in histories], dtype=torch.int32)
    case.input(name, fields, **tensors)


def run(model, config, histories, *more):
    """(float32, float64) outputs of model(items, lengths, *more)."""
    items = golden.pad(histories, config["max_length"], config["padding_side"], 0)
    lengths = torch.tensor([len(history) for history in histories])
    return golden.both_precisions(model, lambda m: m(items, lengths, *more))


def ranking_outputs(case, config, single, double, generator, outputs=("hidden",), exclude_ids=(0,), first_id=1):
    """Candidates in; hidden, candidate_scores, scores and top_k out."""
    shape = (len(double["scores"]), CANDIDATES)
    candidates = torch.randint(first_id, first_id + config["num_items"], shape, generator=generator)
    case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    for output in outputs:
        case.output(output, single[output], double[output])
    case.output("candidate_scores", single["scores"].gather(1, candidates), double["scores"].gather(1, candidates))
    case.output("scores", single["scores"], double["scores"], rows=SCORE_ROWS)
    case.top_k(single["scores"], double["scores"], TOP_K, exclude_ids=exclude_ids)
