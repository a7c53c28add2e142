namespace SeqInfer.Bench;

/// <summary>Finds files of the bench folder, and others of the repository, from wherever this program was built or unpacked to.</summary>
internal static class BenchFolder
{
    /// <summary>The path of a file or folder below bench/, or null where no folder above the program has it.</summary>
    public static string? Find(params string[] parts) => Above(["bench", .. parts]);

    /// <summary>The path of a file or folder below any folder above the program, or null.</summary>
    public static string? Above(params string[] parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine([folder.FullName, .. parts]);
            if (Path.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
