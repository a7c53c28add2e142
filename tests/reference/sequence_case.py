"""What the recurrent families' cases have in common: random histories in, user vectors and scores out."""

import torch

import golden

SEQUENCES = 16
CANDIDATES = 12
SCORE_ROWS = 4
TOP_K = 10


def make_case(folder, name, config, model, seed, *, pad_id=0, dtype=torch.float32, max_length):
    """Ids run from pad_id + 1. The model is called with right-padded items and lengths; the file has config's side."""
    generator = torch.Generator().manual_seed(seed)
    golden.randomize(model, generator, weight_gain=1.3)
    weights = golden.stored_as(model, dtype)

    first, count = pad_id + 1, config["num_items"]
    lengths = golden.random_lengths(SEQUENCES, max_length, generator)
    sequences = [torch.randint(first, first + count, (length,), generator=generator).tolist() for length in lengths.tolist()]
    candidates = torch.randint(first, first + count, (SEQUENCES, CANDIDATES), generator=generator)
    items = golden.pad(sequences, max_length, "right", pad_id)
    single, double = golden.both_precisions(model, lambda m: m(items, lengths))

    case = golden.Case(name, config)
    side = config["padding_side"]
    fields = {"tensor": "input_ids", "padding_side": side, "pad_id": pad_id}
    tensors = {"input_ids": golden.pad(sequences, max_length, side, pad_id).int()}
    if side == "right":
        fields["lengths"] = "lengths"
        tensors["lengths"] = lengths.int()
    case.input("items", fields, **tensors)
    case.input("candidates", {"tensor": "candidates"}, candidates=candidates.int())
    case.output("hidden", single["hidden"], double["hidden"])
    for state in ("state_h", "state_c"):
        if state in double:
            case.output(state, single[state], double[state])
    case.output("candidate_scores", single["scores"].gather(1, candidates), double["scores"].gather(1, candidates))
    case.output("scores", single["scores"], double["scores"], rows=SCORE_ROWS)
    case.top_k(single["scores"], double["scores"], TOP_K, exclude_ids=[0] if pad_id == 0 else [])
    case.write(folder, weights)
