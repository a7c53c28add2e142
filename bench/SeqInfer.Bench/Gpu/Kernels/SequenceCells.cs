using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Operations over histories.</summary>
internal static class SequenceCells
{
    private const int Columns = 64;
    private const int HiddenSize = 128;
    private const int Items = 100_000;

    public static IEnumerable<KernelCell> Create(int histories, int length, int divisor)
    {
        int rows = histories * length;
        double row = 4.0 * Columns;
        string shape = $"{histories} of {length}x{Columns}";
        List<KernelCell> cells =
        [
            new("EmbedBag", shape, (double)rows * Columns, (rows * (row + 4)) + (histories * row), on =>
            {
                Table table = on.Device.CreateTable(on.Parameter(Items, Columns));
                Indices ids = on.Ids(rows, Items);
                Ragged bags = on.Sequences(histories, length);
                Tensor y = on.Arena.Take(histories, Columns);
                return () => on.Device.EmbedBag(on.Arena, ids, bags, table, y);
            }),
            new("Pool, mean", shape, (double)rows * Columns, (rows + histories) * row, on =>
            {
                Tensor x = on.Take(rows, Columns);
                Ragged sequences = on.Sequences(histories, length);
                Tensor y = on.Arena.Take(histories, Columns);
                return () => on.Device.Pool(on.Arena, x, sequences, PoolKind.Mean, y);
            }),
            new("SegmentSoftmax", shape, 12.0 * rows * Columns, 2 * rows * row, on =>
            {
                Tensor x = on.Take(rows, Columns);
                Ragged sequences = on.Sequences(histories, length);
                Tensor y = on.Arena.Take(rows, Columns);
                return () => on.Device.SegmentSoftmax(on.Arena, x, sequences, y);
            }),
            new("Flatten", shape, 0, 2 * rows * row, on =>
            {
                Tensor x = on.Take(rows, Columns);
                Tensor y = on.Arena.Take(histories, length * Columns);
                return () => on.Device.Flatten(on.Arena, x, length, FlattenOrder.ChannelsFirst, y);
            }),
            Attention(histories, length, 2, 32, true),
            Attention(Math.Max(1, 512 / divisor), 200, 4, 64, true),
            Attention(Math.Max(1, 64 / divisor), 128, 12, 64, false),
        ];
        foreach (RecurrentCell cell in (RecurrentCell[])[RecurrentCell.Lstm, RecurrentCell.Gru, RecurrentCell.RnnTanh])
        {
            foreach (int batch in new[] { 1, Math.Max(1, 64 / divisor), histories }.Distinct())
                cells.Add(Recurrent(cell, batch, length));
        }

        return cells;
    }

    private static KernelCell Attention(int count, int length, int heads, int headSize, bool isCausal)
    {
        int hidden = heads * headSize;
        int rows = count * length;
        double pairs = count * (isCausal ? length * (length + 1) / 2.0 : (double)length * length);
        return new KernelCell(
            isCausal ? "Attention, causal" : "Attention", $"{count} of {length}, {heads} heads of {headSize}", 4 * pairs * hidden, 16.0 * rows * hidden, on =>
            {
                Ragged sequences = on.Sequences(count, length);
                var spec = new AttentionSpec(sequences, sequences, heads, 1 / MathF.Sqrt(headSize), isCausal);
                Tensor query = on.Take(rows, hidden);
                Tensor key = on.Take(rows, hidden);
                Tensor value = on.Take(rows, hidden);
                Tensor y = on.Arena.Take(rows, hidden);
                return () => on.Device.Attention(on.Arena, query, key, value, spec, y);
            });
    }

    private static KernelCell Recurrent(RecurrentCell cell, int batch, int length)
    {
        var spec = new RecurrentSpec(cell, Columns, HiddenSize);
        int gates = spec.GateCount * HiddenSize;
        int rows = batch * length;
        double weights = (double)gates * (Columns + HiddenSize);
        return new KernelCell(
            $"Recurrent, {cell}",
            $"{batch} of {length}, {Columns} to {HiddenSize}",
            2 * rows * weights,
            4 * (((double)rows * Columns) + weights + ((double)batch * HiddenSize)),
            on =>
            {
                RecurrentWeights layer = on.Device.CreateRecurrent(
                    spec, on.Parameter(gates, Columns), on.Parameter(gates, HiddenSize), on.Parameter(1, gates), on.Parameter(1, gates));
                Ragged sequences = on.Sequences(batch, length);
                Tensor x = on.Take(rows, Columns);
                Tensor final = on.Arena.Take(batch, HiddenSize);
                return () => on.Device.Recurrent(on.Arena, x, layer, sequences, default, null, new RecurrentState(final));
            });
    }
}
