namespace SeqInfer.Bench.Gpu;

/// <summary>What one run does.</summary>
internal sealed record GpuOptions
{
    /// <summary>The measured limits of a device.</summary>
    public const string Limits = "limits";

    /// <summary>Every operation against the reference.</summary>
    public const string Operations = "ops";

    /// <summary>Every case against its expected outputs.</summary>
    public const string Cases = "cases";

    /// <summary>Memory that cannot be had, and loading again and again.</summary>
    public const string Memory = "memory";

    /// <summary>Each family beside our CPU.</summary>
    public const string Families = "families";

    /// <summary>Each operation alone beside its limit.</summary>
    public const string Kernels = "kernels";

    /// <summary>In the order in which they are done.</summary>
    public static IReadOnlyList<string> AllParts { get; } = [Limits, Operations, Cases, Memory, Families, Kernels];

    /// <summary>Device strings; empty: every device that is there.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Which parts.</summary>
    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    /// <summary>Batch sizes.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 64, 512, 4096];

    /// <summary>Names of cells; empty: all.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Numbers of threads of our CPU.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1];

    /// <summary>Folders of cases.</summary>
    public IReadOnlyList<string> CaseFolders { get; init; } = [];

    /// <summary>Random calls of every operation.</summary>
    public int Samples { get; init; } = 20;

    /// <summary>Loads and unloads of a model; 0: none.</summary>
    public int Cycles { get; init; }

    /// <summary>When nothing new is begun any more; null: never.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Calls that are expected to take longer are left out.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True: a first look, a tenth of the time.</summary>
    public bool IsQuick { get; init; }

    /// <summary>True for the models divided by about 16, for checks that time nothing.</summary>
    public bool IsSmall { get; init; }

    /// <summary>Times of the same cells in PyTorch; null: none.</summary>
    public string? Beside { get; init; }
}
