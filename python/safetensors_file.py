"""Writes and reads the safetensors container by hand, so that goldens and checks need nothing but
torch and numpy.

A file is: the header's length (u64, little endian), a JSON header, then the tensors' bytes. Names
are sorted and the header padded to 8 bytes, so equal tensors always give equal files.
"""

import json
import struct

import numpy as np

DTYPES = {"float32": "F32", "float64": "F64", "int32": "I32"}


def save_safetensors(path, tensors, metadata=None):
    """tensors: {name: numpy array of float32, float64 or int32}; metadata: {str: str}."""
    header = {"__metadata__": metadata} if metadata else {}
    parts, offset = [], 0
    for name in sorted(tensors):
        array = np.asarray(tensors[name])
        if array.dtype.name not in DTYPES:
            raise TypeError(f"{path}: {name} is {array.dtype}, not one of {', '.join(DTYPES)}")
        data = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        parts.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def read_safetensors(path):
    """Tensors as numpy arrays by name, and the metadata; of a file that ours or this wrote."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        content = file.read()
    metadata = header.pop("__metadata__", {})
    known = {code: name for name, code in DTYPES.items()}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(content[begin:end], np.dtype(known[entry["dtype"]]).newbyteorder("<"))
        tensors[name] = array.reshape(entry["shape"]).copy()
    return tensors, metadata
