namespace SeqInfer.Bench.Compare;

/// <summary>How long a cell is measured.</summary>
/// <param name="Rounds">How often the sides take turns.</param>
/// <param name="Dropped">Start of each turn that does not count: the other side's threads stop spinning, caches and clocks settle.</param>
/// <param name="Measured">The part that counts.</param>
/// <param name="MinimumCalls">Calls that count in a turn, however long they take.</param>
internal sealed record Schedule(int Rounds, TimeSpan Dropped, TimeSpan Measured, int MinimumCalls)
{
    /// <summary>To compare outputs and measure nothing.</summary>
    public static Schedule None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero, 0);

    /// <summary>For numbers to be published.</summary>
    public static Schedule Full { get; } = new(11, TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(160), 5);

    /// <summary>For a first look.</summary>
    public static Schedule Quick { get; } = new(3, TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(60), 2);

    /// <summary>To choose between two forms of the same model.</summary>
    public static Schedule Calibration { get; } = new(5, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50), 2);
}
