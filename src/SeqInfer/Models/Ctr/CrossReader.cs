using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>Reads the layers of DCN-V2's cross network for columns in another order than the file's.</summary>
/// <param name="device">Where it runs.</param>
/// <param name="weights">All tensors.</param>
/// <param name="isRecBole">Whose names.</param>
/// <param name="layers">How many layers.</param>
/// <param name="columns">Which columns of the concatenation rows share. They stand first in x, and the first layer takes x apart there.</param>
internal sealed class CrossReader(Device device, WeightScope weights, bool isRecBole, int layers, ColumnSplit columns)
{
    private readonly ImmutableArray<int> _order = columns.Order;

    /// <summary>Full matrices.</summary>
    public IReadOnlyList<ICross> ReadMatrices()
    {
        int width = _order.Length;
        Parameter? kernels = isRecBole ? null : weights.Tensor("crossnet.kernels", layers, width, width);
        Parameter[] biases = ReadBiases();
        return
        [
            .. biases.Select((bias, i) => new MatrixCross(
                device,
                Permute(PermuteRows(kernels?.SliceRows(i, 1).Reshape(width, width) ?? weights.Matrix($"cross_layer_w.{i}", width, width))),
                bias,
                SplitOf(i))),
        ];
    }

    /// <summary>Mixtures of low rank.</summary>
    public IReadOnlyList<ICross> ReadMixtures(int experts, int rank)
    {
        int width = _order.Length;
        WeightScope gating = weights.Scope(isRecBole ? "gating" : "crossnet.gating");
        WeightScope[] gates = [.. Enumerable.Range(0, experts).Select(expert => gating.Scope($"{expert}"))];
        Parameter kernel = Permute(Parameter.ConcatRows("gates", [.. gates.Select(scope => scope.Matrix("weight", 1, width))]));
        Parameter? gateBias = isRecBole ? Parameter.ConcatColumns("gate biases", [.. gates.Select(scope => scope.Vector("bias", 1))]) : null;
        Parameter[][] u = ReadExperts("u", experts, width, rank);
        Parameter[][] v = ReadExperts("v", experts, width, rank);
        Parameter[][] c = ReadExperts("c", experts, rank, rank);
        return
        [
            .. ReadBiases().Select((bias, i) => new MixtureCross(
                device, new SplitLinear(device, kernel, gateBias, SplitOf(i)), [.. u[i].Select(PermuteRows)], [.. v[i].Select(PermuteRows)], c[i], bias, SplitOf(i))),
        ];
    }

    // [layer][expert], each [rows, columns].
    private Parameter[][] ReadExperts(string part, int experts, int rows, int columns)
    {
        Parameter? all = isRecBole ? null : weights.Tensor($"crossnet.{part.ToUpperInvariant()}_list", layers, experts, rows, columns);
        return
        [
            .. Enumerable.Range(0, layers).Select(layer =>
            {
                Parameter stack = all?.SliceRows(layer, 1).Reshape(experts, rows * columns)
                    ?? weights.Tensor($"cross_layer_{part}.{layer}", experts, rows, columns);
                return Enumerable.Range(0, experts).Select(expert => stack.SliceRows(expert, 1).Reshape(rows, columns)).ToArray();
            }),
        ];
    }

    // Behind the first layer every row is its own.
    private ColumnSplit SplitOf(int layer) => layer == 0
        ? new ColumnSplit([.. Enumerable.Range(0, columns.Shared.Length)], [.. Enumerable.Range(columns.Shared.Length, columns.Own.Length)])
        : ColumnSplit.Whole(_order.Length);

    private Parameter[] ReadBiases()
    {
        int width = _order.Length;
        Parameter? all = isRecBole ? null : weights.Tensor("crossnet.bias", layers, width, 1);
        return
        [
            .. Enumerable.Range(0, layers).Select(layer => Permute(
                all?.SliceRows(layer, 1) ?? weights.Tensor($"bias.{layer}", width, 1).Transpose())),
        ];
    }

    private Parameter Permute(Parameter matrix) => ColumnSplit.Pick(matrix, _order);

    private Parameter PermuteRows(Parameter matrix) => Permute(matrix.Transpose()).Transpose();
}
