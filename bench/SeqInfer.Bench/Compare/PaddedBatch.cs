using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Compare;

/// <summary>Writes ragged histories into the inputs of a padded recording: what a caller of ONNX Runtime has to do for each batch.</summary>
internal static class PaddedBatch
{
    /// <summary>Writes all histories of a request.</summary>
    /// <param name="run">Buffers for as many rows, padded to <paramref name="length"/>.</param>
    /// <param name="histories">Ids, newest last, none longer than <paramref name="length"/>.</param>
    /// <param name="length">Places of a row.</param>
    public static void Fill(OrtRun run, IdColumn histories, int length)
    {
        for (int row = 0; row < histories.Count; row++)
            FillRow(run, row, histories[row], length);
    }

    /// <summary>Writes one history as a row.</summary>
    public static void FillRow(OrtRun run, int row, ReadOnlySpan<int> history, int length)
    {
        Span<long> ids = run.Input(SequenceEncoder.ItemsInput).Span<long>().Slice(row * length, length);
        for (int i = 0; i < history.Length; i++)
            ids[i] = history[i];
        ids[history.Length..].Clear();
        Span<float> mask = run.Input(GraphInputs.KeyMask).Span<float>().Slice(row * length, length);
        mask[..history.Length].Clear();
        mask[history.Length..].Fill(float.NegativeInfinity);
        run.Input(GraphInputs.LastRows).Span<long>()[row] = (row * length) + history.Length - 1;
    }
}
