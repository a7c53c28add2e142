namespace SeqInfer.Tests.Infrastructure;

/// <summary>
/// Finds the reference checkpoints, which live beside the repository and not in it: in SEQINFER_CASES, or in shared/cases beside any
/// folder above the test assembly. Tests that need them skip where they are absent.
/// </summary>
internal static class SharedCases
{
    private const string Variable = "SEQINFER_CASES";

    /// <summary>The folder of cases, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Why tests on cases are skipped.</summary>
    public static string SkipMessage => $"no shared/cases above {AppContext.BaseDirectory} and no {Variable}";

    /// <summary>A file or folder below the cases; skips the calling test (a SkippableFact or SkippableTheory) where it is absent.</summary>
    public static string Require(params string[] path)
    {
        Skip.If(Root is null, SkipMessage);
        string full = Path.Combine([Root!, .. path]);
        Skip.IfNot(Path.Exists(full), $"{full} is absent");
        return full;
    }

    /// <summary>A file or folder below the cases, or null; for theory data, which cannot skip.</summary>
    public static string? TryFind(params string[] path)
    {
        if (Root is null) return null;
        string full = Path.Combine([Root, .. path]);
        return Path.Exists(full) ? full : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return Directory.Exists(given) ? given : null;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "cases");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
