using SeqInfer.Bench.OnnxRuntime;

namespace SeqInfer.Bench.Tests.OnnxRuntime;

/// <summary>The loaded library, or the reason why the tests that need it are skipped.</summary>
internal static class OrtFixture
{
    private static readonly Lazy<OrtEnvironment?> Loaded = new(() => OrtLibrary.Find(null) is { } path ? OrtLibrary.Load(path) : null);

    /// <summary>The library; skips the calling test (a SkippableFact or SkippableTheory) where there is none.</summary>
    public static OrtEnvironment Require()
    {
        Skip.If(Loaded.Value is null, "ONNX Runtime is absent: run bench/setup, or name a library in " + OrtLibrary.Variable);
        return Loaded.Value!;
    }
}
