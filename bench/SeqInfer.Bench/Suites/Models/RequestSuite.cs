using BenchmarkDotNet.Attributes;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Suites.Models;

/// <summary>A dense request to each family and to the larger cells: the widest instruction set beside 128-bit vectors, which every machine has.</summary>
public class RequestSuite
{
    private static readonly BenchModel[] Zoos =
    [
        .. FamilyZoo.All,
        Zoo.Dense("wide", 512, 1024, 512, 256, 1),
        Zoo.Recurrent("gru128", "gru", 64, 128, 1, 50),
        Zoo.Recurrent("rnn128", "rnn_tanh", 64, 128, 1, 50),
        Zoo.Encoder("bert2", 768, 12, 3072, 2, 128),
        Zoo.TopK("topk100k", 100_000, 64, 10),
    ];

    private readonly List<IDisposable> _owned = [];
    private OurRun? _wide;
    private OurRun? _narrow;

    /// <summary>Names of the models.</summary>
    public static IEnumerable<string> Names => Zoos.Select(model => model.Name);

    /// <summary>Which model.</summary>
    [ParamsSource(nameof(Names))]
    public string Model { get; set; } = "";

    /// <summary>Rows of the request.</summary>
    [Params(1, 64)]
    public int Batch { get; set; }

    /// <summary>Makes the model twice.</summary>
    [GlobalSetup]
    public void Setup()
    {
        BenchModel bench = Zoos.Single(model => model.Name == Model);
        _narrow = Make(bench, "cpu:vector128");
        _wide = Make(bench, "cpu");
    }

    /// <summary>Frees both.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable owned in Enumerable.Reverse(_owned))
            owned.Dispose();
        _owned.Clear();
    }

    /// <summary>128-bit vectors.</summary>
    [Benchmark(Baseline = true)]
    public void Vector128() => _narrow!.Run();

    /// <summary>The widest vectors of this machine.</summary>
    [Benchmark]
    public void Widest() => _wide!.Run();

    private OurRun Make(BenchModel bench, string device)
    {
        SequenceModel model = bench.Create(device);
        var request = new Batch(model.Signature);
        bench.Fill(request, Batch, new Random(1));
        var run = new OurRun(model, bench.Limits(model.Signature, Batch), bench.Output, request);
        _owned.Add(model);
        _owned.Add(run);
        return run;
    }
}
