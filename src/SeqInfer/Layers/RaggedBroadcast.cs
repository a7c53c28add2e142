using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>Operations between the rows of sequences and one row a sequence.</summary>
internal static class RaggedBroadcast
{
    /// <summary>x[r] = x[r] (operation) y[s] for every row r of sequence s.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="y">[sequences, columns].</param>
    /// <param name="operation">Which operation.</param>
    public static void CombineEach(
        this Device device, Workspace workspace, Tensor x, Ragged sequences, Tensor y, BinaryOperation operation)
    {
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int s = 0; s < sequences.Count; s++)
        {
            Tensor rows = x.Rows(offsets[s], offsets[s + 1] - offsets[s]);
            device.Combine(workspace, rows, y.Rows(s, 1), operation, rows);
        }
    }
}
