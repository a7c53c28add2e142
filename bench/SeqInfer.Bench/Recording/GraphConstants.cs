using SeqInfer.Bench.Onnx;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Recording;

/// <summary>Writes parameters into a graph, each once.</summary>
internal sealed class GraphConstants(OnnxGraph graph)
{
    private readonly Dictionary<(Parameter, string), string> _names = [];

    /// <summary>[rows, columns] as stored.</summary>
    public string Matrix(Parameter parameter, float scale = 1) => Get(parameter, $"scaled {scale:R}", () =>
    {
        float[] values = parameter.ToFloatArray();
        if (scale != 1)
        {
            foreach (ref float value in values.AsSpan())
                value *= scale;
        }

        return graph.Constant(values, parameter.Rows, parameter.Columns);
    });

    /// <summary>Some of the rows.</summary>
    public string Rows(Parameter parameter, int start, int count) => Get(
        parameter, $"rows {start} {count}", () => graph.Constant(parameter.SliceRows(start, count).ToFloatArray(), count, parameter.Columns));

    /// <summary>Some of the rows, as columns: [columns, count].</summary>
    public string Transposed(Parameter parameter, int start, int count) => Get(
        parameter,
        $"transposed {start} {count}",
        () => graph.Constant(parameter.SliceRows(start, count).Transpose().ToFloatArray(), parameter.Columns, count));

    /// <summary>Some of the values of a [1, n] parameter, as a vector.</summary>
    public string Vector(Parameter parameter, int start, int count) => Get(
        parameter, $"vector {start} {count}", () => graph.Constant(parameter.SliceColumns(start, count).ToFloatArray(), count));

    /// <summary>All values of a [1, n] parameter, as a vector.</summary>
    public string Vector(Parameter parameter) => Vector(parameter, 0, parameter.Columns);

    /// <summary>Anything derived from a parameter; <paramref name="variant"/> says what.</summary>
    public string Get(Parameter parameter, string variant, Func<string> create)
    {
        if (!_names.TryGetValue((parameter, variant), out string? name))
            _names[(parameter, variant)] = name = create();
        return name;
    }
}
