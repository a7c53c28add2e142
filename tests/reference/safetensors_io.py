"""Reads and writes the safetensors format with torch tensors, byte for byte reproducibly.

A file is: u64 little-endian header length, a JSON header padded with spaces to a multiple of 8,
then the tensors' raw little-endian bytes, laid end to end.
"""

import json
import struct

import numpy
import torch

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def _name_and_bytes(tensor):
    """The format's dtype name, the shape and the raw bytes of a torch tensor or a numpy uint16 array."""
    if isinstance(tensor, numpy.ndarray):
        if tensor.dtype != numpy.uint16:
            raise TypeError(f"numpy arrays are accepted for uint16 only, not {tensor.dtype}")
        return "U16", list(tensor.shape), tensor.astype("<u2").tobytes()
    raw = tensor.detach().contiguous()
    shape = list(raw.shape)
    if raw.dtype == torch.bfloat16:  # numpy has no bfloat16: take its bits
        return "BF16", shape, raw.view(torch.int16).numpy().tobytes()
    return NAMES[raw.dtype], shape, raw.numpy().tobytes()


def save(path, tensors, metadata=None):
    """Writes name -> tensor. Widest elements first, then by name, so that every tensor is aligned."""
    encoded = {name: _name_and_bytes(tensor) for name, tensor in tensors.items()}
    width = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2}
    order = sorted(encoded, key=lambda name: (-width.get(encoded[name][0], 1), name))
    header, offset = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for name in order:
        dtype, shape, data = encoded[name]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for name in order:
            file.write(encoded[name][2])


def load(path):
    """Reads (name -> tensor, metadata). U16 comes back as int32."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        data = bytearray(content[begin:end])
        if entry["dtype"] == "U16":
            tensor = torch.from_numpy(numpy.frombuffer(data, "<u2").astype(numpy.int32))
        elif not data:
            tensor = torch.empty(0, dtype=DTYPES[entry["dtype"]])
        else:
            tensor = torch.frombuffer(data, dtype=DTYPES[entry["dtype"]])
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors, metadata
