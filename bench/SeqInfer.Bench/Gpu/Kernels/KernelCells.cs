namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Every operation at the shapes that the families have in large batches, and products of matrices by their sizes.</summary>
internal static class KernelCells
{
    // 4096 histories of 50 events.
    private const int Histories = 4096;
    private const int Length = 50;

    /// <summary>Divides the rows for a device that computes on the host.</summary>
    public const int HostDivisor = 64;

    /// <summary>Divides the rows for the simulator.</summary>
    public const int SimulatorDivisor = 2048;

    /// <summary>All cells.</summary>
    /// <param name="divisor">What rows, nodes and items are divided by; 1 for a GPU.</param>
    public static IReadOnlyList<KernelCell> Create(int divisor)
    {
        int histories = Math.Max(1, Histories / divisor);
        return
        [
            .. ProductCells.Create(divisor),
            .. RowCells.Create(histories, Length),
            .. SequenceCells.Create(histories, Length, divisor),
            .. GraphCells.Create(Math.Max(100, 100_000 / divisor)),
            .. RankingCells.Create(Math.Max(1, 64 / divisor), Math.Max(100, 100_000 / divisor)),
        ];
    }
}
