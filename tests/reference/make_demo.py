"""Makes the demo that ships with the command line tool: a synthetic viewing log and a SASRec trained on it.

Usage: make_demo.py [--check]     writes src/SeqInfer.Cli/demo; --check remakes it aside and compares the bytes
"""

import csv
import json
import math
import random
import sys

import torch
from torch.nn import functional as F

import demo_log
import demo_titles
import safetensors_io
import sasrec_torch
from golden import REPOSITORY, run_or_check

SEED = 20240607
DEMO = REPOSITORY / "src" / "SeqInfer.Cli" / "demo"
EPOCHS = 30
BATCH = 128
LEARNING_RATE = 3e-3
DROPOUT = 0.2

CONFIG = {
    "model_type": "sasrec",
    "naming": "pmixer",
    "num_items": 0,
    "hidden_size": 48,
    "num_layers": 2,
    "num_heads": 2,
    "max_length": 50,
    "layer_norm_eps": 1e-8,
    "padding_side": "right",
    "scale_embedding": True,
    "position_ids": "from_zero",
    "block": "pre_norm",
    "ffn_activation": "relu",
    "zero_padding_rows": False,
    "key_padding_mask": True,
    "embedding_layer_norm": False,
}


def right_padded(sequences, length):
    rows = [sequence[-length:] for sequence in sequences]
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def train(config, sequences):
    """Next-item prediction with the full softmax over the catalogue at every position."""
    torch.manual_seed(SEED)
    model = sasrec_torch.PmixerSasRec(config, config["max_length"], DROPOUT)
    for name, parameter in model.named_parameters():
        if name in ("item_emb.weight", "pos_emb.weight"):
            torch.nn.init.normal_(parameter, std=0.02 if name == "pos_emb.weight" else 1 / config["hidden_size"])
    model.item_emb.weight.data[0] = 0
    inputs = right_padded([sequence[:-1] for sequence in sequences], config["max_length"])
    targets = right_padded([sequence[1:] for sequence in sequences], config["max_length"])
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    for epoch in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(len(inputs)).split(BATCH):
            states = sasrec_torch.encode(model, config, inputs[rows])
            real = targets[rows] != 0
            logits = states[real] @ model.item_emb.weight.T
            logits[:, 0] = -torch.inf
            loss = F.cross_entropy(logits, targets[rows][real])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            model.item_emb.weight.data[0] = 0
            total += loss.item() * len(rows)
        schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: loss {total / len(inputs):.4f}", flush=True)
    return model.eval()


def model_scores(model, config, sequences):
    items = right_padded(sequences, config["max_length"])
    with torch.no_grad():
        hidden = sasrec_torch.last_hidden(config, sasrec_torch.encode(model, config, items), items)
        return hidden @ model.item_emb.weight.T


def metrics(scores, seen, targets):
    """HR@10 and NDCG@10 of the one held-out item among all items that the user has not seen."""
    hits, gain = 0, 0.0
    for row, user_seen, target in zip(scores.double(), seen, targets):
        row = row.clone()
        row[[0, *user_seen]] = -torch.inf
        rank = int((row > row[target]).sum() + (row[:target] == row[target]).sum())
        if rank < 10:
            hits += 1
            gain += 1 / math.log2(rank + 2)
    return hits / len(targets), gain / len(targets)


def example(films, seen, scores):
    """The first viewer who stopped within a series: the last five films and the five recommended next, as a table."""
    series = {(film[2], film[3]) for film in films}
    user = next(u for u, items in enumerate(seen) if (films[items[-1] - 1][2], films[items[-1] - 1][3] + 1) in series)
    row = scores[user].clone()
    row[[0, *seen[user]]] = -torch.inf
    label = [f"{title} ({genre})" for title, genre, _, _ in films]
    pairs = zip(seen[user][-5:], row.topk(5).indices.tolist())
    return "\n".join(f"| {label[watched - 1]} | {label[best - 1]} |" for watched, best in pairs)


def write_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def make(folder):
    torch.set_num_threads(1)
    generator = random.Random(SEED)
    films = demo_titles.build_catalogue(generator)
    events = demo_log.simulate(films, generator)
    config = {**CONFIG, "num_items": len(films)}
    users = list(demo_log.histories(events).values())
    seen, targets = [items[:-1] for items in users], [items[-1] for items in users]

    model = train(config, seen)
    scores = model_scores(model, config, seen)
    popular = torch.bincount(torch.tensor([item for items in seen for item in items]), minlength=len(films) + 1)
    model_hr, model_ndcg = metrics(scores, seen, targets)
    popular_hr, popular_ndcg = metrics(popular.expand(len(users), -1), seen, targets)
    print(f"SASRec      HR@10 {model_hr:.4f}  NDCG@10 {model_ndcg:.4f}")
    print(f"popularity  HR@10 {popular_hr:.4f}  NDCG@10 {popular_ndcg:.4f}")

    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model" / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    safetensors_io.save(folder / "model" / "model.safetensors", model.state_dict(), {"format": "pt"})
    write_csv(folder / "items.csv", ["item_id", "title", "genre"], [(i, f[0], f[1]) for i, f in enumerate(films, 1)])
    write_csv(folder / "events.csv", ["user_id", "item_id", "timestamp"], events)
    (folder / "README.md").write_text(
        README.format(
            films=len(films),
            genres=len(demo_titles.RELATED),
            users=f"{len(users):,}",
            events=f"{len(events):,}",
            skew=demo_log.popularity_skew(events),
            model_hr=model_hr,
            model_ndcg=model_ndcg,
            popular_hr=popular_hr,
            popular_ndcg=popular_ndcg,
            example=example(films, seen, scores),
        ),
        encoding="utf-8",
    )


README = """# The demo: {films} films, {users} viewers and a SASRec trained on them

Everything here is invented: titles, viewers and events come out of a seeded generator, and any likeness to a real film is chance.

| file | content |
| --- | --- |
| `items.csv` | item_id, title, genre: {films} films in {genres} genres |
| `events.csv` | user_id, item_id, timestamp (seconds): {events} events of {users} users, in time order |
| `model/` | config.json and model.safetensors: SASRec, hidden size 48, 2 pre-norm layers, 2 heads, last 50 events |

What a person can see in the log: viewers go on with a series in order, drift from a genre to a related one, share hits
(a tenth of the films takes {skew:.0%} of the events) and follow some films with one particular other film.

The last event of every user is the test item; the model was trained on all events before it. Full ranking over the catalogue,
films already watched removed:

| | HR@10 | NDCG@10 |
| --- | --- | --- |
| SASRec | {model_hr:.4f} | {model_ndcg:.4f} |
| most popular | {popular_hr:.4f} | {popular_ndcg:.4f} |

A viewer who stopped within a series:

| watched last (newest at the bottom) | recommended next (best on top) |
| --- | --- |
{example}

Remake it with `python3 tests/reference/make_demo.py` (PyTorch 1.13, one CPU thread, a few minutes). The same machine writes the same
bytes; another one may train slightly different weights.
"""

if __name__ == "__main__":
    sys.exit(run_or_check(DEMO, make))
