using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using SeqInfer.Bench.Suites.Kernels;
using SeqInfer.Bench.Suites.Models;

namespace SeqInfer.Bench.Suites;

/// <summary>Runs suites of BenchmarkDotNet in this process, so that nothing is restored or built.</summary>
internal static class SuiteRunner
{
    /// <summary>Suites of single operations.</summary>
    public static IReadOnlyList<Type> KernelSuites { get; } =
    [
        typeof(LinearSuite),
        typeof(LinearChainSuite),
        typeof(ActivationSuite),
        typeof(SoftmaxSuite),
        typeof(LayerNormSuite),
        typeof(AttentionSuite),
        typeof(RecurrentSuite),
        typeof(TopKSuite),
        typeof(EmbedSuite),
        typeof(PoolSuite),
        typeof(RowOperationSuite),
        typeof(GraphSuite),
        typeof(ScoreSuite),
    ];

    private static readonly Type[] ModelSuites = [typeof(RequestSuite), typeof(RecommendSuite)];

    /// <summary>Operations at the shapes of real models.</summary>
    public static void Kernels(string[] arguments) => Run(KernelSuites, arguments);

    /// <summary>Requests to every family.</summary>
    public static void Models(string[] arguments) => Run(ModelSuites, arguments);

    private static void Run(IReadOnlyList<Type> suites, string[] arguments)
    {
        IConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumn(StatisticColumn.Median, StatisticColumn.P95);
        BenchmarkSwitcher.FromTypes([.. suites]).Run([.. arguments.Length == 0 ? ["--filter", "*"] : arguments, "--inProcess"], config);
    }
}
