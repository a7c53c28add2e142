using SeqInfer.Devices;
using SeqInfer.Devices.Reference;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Layers;

/// <summary>Carrying the query to the rows gives what projecting the rows gives; in double the two differ by rounding alone.</summary>
public class SingleQueryAttentionTests
{
    private const double RoundingInDouble = 1e-12;

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(2, true, true)]
    [InlineData(3, false, false)]
    [InlineData(6, false, true)]
    public void Equals_attention_with_projected_keys(int heads, bool hasOutput, bool isRepeated)
    {
        const int hidden = 12;
        var random = new Random(heads);
        using var device = new ReferenceDevice();
        var projections = new AttentionProjections(
            Matrix(hidden), Matrix(1), Matrix(hidden), Matrix(1), Matrix(hidden), Matrix(1), hasOutput ? Matrix(hidden) : null, hasOutput ? Matrix(1) : null);
        IAttention[] layers = [new SelfAttention(device, projections, hidden, heads), new SingleQueryAttention(device, projections, hidden, heads)];

        int[] lengths = [1, 9, 4, 30];
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1 << 20, 1 << 10));
        Indices offsets = workspace.TakeIndices(lengths.Length + 1);
        for (int s = 0; s < lengths.Length; s++)
            workspace.Span(offsets)[s + 1] = workspace.Span(offsets)[s] + lengths[s];
        var sequences = new Ragged(offsets, lengths.Sum(), lengths.Max());
        Indices counts = workspace.TakeIndices(lengths.Length);
        for (int s = 0; s < lengths.Length; s++)
            workspace.Span(counts)[s] = s;
        Tensor x = Rows(sequences.RowCount);
        Tensor queries = Rows(lengths.Length);
        Tensor residual = Rows(lengths.Length);
        Tensor padding = Rows(isRepeated ? 1 : lengths.Length);
        var rows = new AttentionRows(workspace.TakeRagged(lengths.Length, 1), sequences, IsCausal: true, counts);

        double[][] results = [.. layers.Select(layer =>
        {
            layer.FreezePadding(workspace, padding, isRepeated);
            Tensor y = workspace.Take(lengths.Length, hidden);
            layer.Forward(workspace, queries, x, rows, y, residual);
            double[] values = new double[y.ElementCount];
            device.Read(workspace, y, values);
            return values;
        })];
        for (int i = 0; i < results[0].Length; i++)
            Assert.Equal(results[0][i], results[1][i], RoundingInDouble);

        Parameter Matrix(int count) => Parameter.FromValues("random", count, hidden, Values(count));

        double[] Values(int count) => [.. Enumerable.Range(0, count * hidden).Select(_ => random.NextDouble() - 0.5)];

        Tensor Rows(int count)
        {
            Tensor window = workspace.Take(count, hidden);
            device.Write(workspace, (ReadOnlySpan<double>)Values(count), window);
            return window;
        }
    }
}
