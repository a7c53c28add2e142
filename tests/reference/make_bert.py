"""BERT golden cases: BertModel and BertForMaskedLM as Hugging Face writes them, with and without pooler and `bert.` prefix.

Usage: make_bert.py [--check]
"""

import sys

import torch

import golden
from bert_torch import Bert

ROWS = 8
TOP_K = 10

BASE = {
    "architectures": ["BertForMaskedLM"],
    "model_type": "bert",
    "vocab_size": 50,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "hidden_act": "gelu",
    "max_position_embeddings": 12,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
    "tie_word_embeddings": True,
}
# What the writers of such files add without an effect on inference
HUGGING_FACE = {
    "attention_probs_dropout_prob": 0.1,
    "classifier_dropout": None,
    "gradient_checkpointing": False,
    "hidden_dropout_prob": 0.1,
    "initializer_range": 0.02,
    "position_embedding_type": "absolute",
    "torch_dtype": "float32",
    "transformers_version": "4.30.0",
    "use_cache": True,
}

# name -> (fields that differ, options). Options: pooler, head, prefix, dtype, length (slots of the input), mask ("right",
# "holes": zeros anywhere but in slot 0, "none": not given), types (token_type_ids given), extras (unused tensors in the file)
VARIANTS = {
    "bert-masked-lm": ({}, {}),
    "bert-masked-lm-pooler-gelu-new": (
        {"hidden_act": "gelu_new", "num_attention_heads": 4, "layer_norm_eps": 1e-5, **HUGGING_FACE},
        {"pooler": True, "extras": True, "length": 9},
    ),
    "bert-model": ({"architectures": ["BertModel"], "hidden_act": "relu"}, {"head": False, "pooler": True, "prefix": False}),
    "bert-model-no-pooler": (
        {"architectures": ["BertModel"], "type_vocab_size": 1, "num_hidden_layers": 3, "hidden_size": 12, "num_attention_heads": 3},
        {"head": False, "prefix": False, "mask": "none", "length": 5, "types": False},
    ),
    "bert-model-prefixed": (
        {"architectures": ["BertForPreTraining"], "hidden_act": "silu", "num_attention_heads": 1},
        {"head": False, "pooler": True, "mask": "holes"},
    ),
    "bert-masked-lm-untied": (
        {"tie_word_embeddings": False, "hidden_act": "tanh", "type_vocab_size": 3, "intermediate_size": 7, "num_hidden_layers": 1},
        {"mask": "holes"},
    ),
    "bert-masked-lm-no-types": ({"hidden_act": "gelu_pytorch_tanh", "vocab_size": 31}, {"types": False, "mask": "none"}),
    "bert-masked-lm-f16": ({"hidden_act": "relu"}, {"dtype": torch.float16, "pooler": True}),
    "bert-masked-lm-bf16": ({"hidden_size": 24, "num_attention_heads": 4}, {"dtype": torch.bfloat16}),
}


def attention_mask(kind, length, generator):
    mask = torch.ones(ROWS, length, dtype=torch.int64)
    if kind == "right":
        lengths = golden.random_lengths(ROWS, length, generator)
        return (torch.arange(length) < lengths.unsqueeze(1)).long()
    if kind == "holes":
        mask[:, 1:] = torch.randint(0, 2, (ROWS, length - 1), generator=generator)
    return mask


def file_weights(stored, options):
    if not options.get("prefix", True):
        stored = {name.removeprefix("bert."): tensor for name, tensor in stored.items()}
    if options.get("extras"):
        # Position numbers and the next-sentence head, as older files of BertForPreTraining have them
        size = stored["bert.pooler.dense.bias"].shape[0]
        positions = stored["bert.embeddings.position_embeddings.weight"].shape[0]
        stored = {**stored, "bert.embeddings.position_ids": torch.arange(positions).unsqueeze(0)}
        stored["cls.predictions.decoder.weight"] = stored["bert.embeddings.word_embeddings.weight"]
        stored["cls.predictions.decoder.bias"] = stored["cls.predictions.bias"]
        stored["cls.seq_relationship.weight"] = torch.ones(2, size)
        stored["cls.seq_relationship.bias"] = torch.zeros(2)
    return stored


def make_case(folder, number, name, changes, options):
    config = {**BASE, **changes}
    generator = torch.Generator().manual_seed(6100 + number)
    head = options.get("head", True)
    model = golden.randomize(Bert(config, pooler=options.get("pooler", False), head=head), generator, weight_gain=1.3)
    weights = file_weights(golden.stored_as(model, options.get("dtype", torch.float32)), options)

    length = options.get("length", config["max_position_embeddings"])
    mask = attention_mask(options.get("mask", "right"), length, generator)
    input_ids = torch.randint(1, config["vocab_size"], (ROWS, length), generator=generator) * mask
    types = torch.randint(0, config["type_vocab_size"], (ROWS, length), generator=generator) * options.get("types", True)
    positions = (mask * torch.arange(length)).argmax(1)  # the last real slot
    single, double = golden.both_precisions(model, lambda m: m(input_ids, mask, types, positions))

    case = golden.Case(name, config)
    case.input("input_ids", {"tensor": "input_ids"}, input_ids=input_ids.int())
    if options.get("mask") != "none":
        case.input("attention_mask", {"tensor": "attention_mask"}, attention_mask=mask.int())
    if options.get("types", True):
        case.input("token_type_ids", {"tensor": "token_type_ids"}, token_type_ids=types.int())
    # Rows of padding have values in the reference, but only real rows are compared and may set the tolerance
    real = mask.unsqueeze(2)
    case.output("last_hidden_state", single["last_hidden_state"] * real, double["last_hidden_state"] * real)
    if options.get("mask") != "none":
        case.outputs[-1]["where"] = "attention_mask"
    if "pooled" in double:
        case.output("pooled", single["pooled"], double["pooled"])
    if head:
        case.input("logits_position", {"tensor": "logits_position"}, logits_position=positions.int())
        case.output("logits", single["logits"], double["logits"])
        case.top_k(single["logits"], double["logits"], TOP_K)
    case.write(folder, weights)


def make(folder):
    for number, (name, (changes, options)) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, changes, options)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
