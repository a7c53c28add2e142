namespace SeqInfer.Bench;

/// <summary>Finds files of the bench folder from wherever this program was built to.</summary>
internal static class BenchFolder
{
    /// <summary>The path of a file or folder below bench/, or null where no folder above the program has it.</summary>
    public static string? Find(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine([folder.FullName, "bench", .. parts]);
            if (Path.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
