using SeqInfer.Cli.Verification;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>Finds the golden files, which are part of the repository, from wherever the test assembly runs.</summary>
internal static class Goldens
{
    /// <summary>The folder tests/reference.</summary>
    public static string Root { get; } = Find();

    /// <summary>The top of the repository.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Root, "..", ".."));

    /// <summary>Every golden case's folder name.</summary>
    public static IEnumerable<string> CaseNames =>
        Directory.EnumerateDirectories(Path.Combine(Root, "cases")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>One golden case's folder name for each family.</summary>
    public static IEnumerable<string> OneCaseOfEachFamily =>
        CaseNames.GroupBy(name => ModelConfig.Load(Path.Combine(Case(name), "config.json")).Text("model_type")).Select(family => family.First());

    /// <summary>The folder of one case.</summary>
    public static string Case(string name) => Path.Combine(Root, "cases", name);

    /// <summary>The model of a case, on a graph and features of the case where it needs them.</summary>
    public static SequenceModel Load(string name, string device = "cpu", WeightStorage storage = WeightStorage.Float32) =>
        SequenceModel.Load(Case(name), new LoadOptions { Device = device, WeightStorage = storage, Data = Data(name) });

    /// <summary>What the model of a case needs beside its weights.</summary>
    public static ModelData Data(string name)
    {
        CaseDefinition definition = CaseReader.Read(Case(name));
        using CaseTensors tensors = CaseTensors.Open(Case(name));
        return CaseData.Read(definition, tensors);
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "reference");
            if (Directory.Exists(candidate))
                return candidate;
        }

        throw new DirectoryNotFoundException($"no tests/reference above {AppContext.BaseDirectory}");
    }
}
