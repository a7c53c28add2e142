namespace SeqInfer.Bench.Gpu.Reports;

/// <summary>Files that are there whole or as they were before, so that what an interrupted run has found can be read.</summary>
internal static class WholeFile
{
    /// <summary>Has a file written beside the place and moves it there.</summary>
    public static void Write(string path, Action<string> write)
    {
        string unfinished = path + ".part";
        write(unfinished);
        File.Move(unfinished, path, overwrite: true);
    }
}
