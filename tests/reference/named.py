"""Modules and parameters under the dotted names of a reference's state_dict, without its classes."""

from torch import nn


def place(root, path, child):
    """Puts a module or parameter at `path` below root, with empty modules as levels, and returns it."""
    *levels, last = path.split(".")
    for level in levels:
        if level not in root._modules:
            root.add_module(level, nn.Module())
        root = root._modules[level]
    if isinstance(child, nn.Parameter):
        root.register_parameter(last, child)
    else:
        root.add_module(last, child)
    return child
