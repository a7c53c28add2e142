using SeqInfer.Bench.Compare.Cells;
using SeqInfer.Bench.Models;

namespace SeqInfer.Bench.Compare;

/// <summary>A cell of the matrix that cannot be run, and why.</summary>
internal sealed record MissingCell(string Name, string Reason);

/// <summary>The matrix.</summary>
internal static class CellTable
{
    // Mean history length in Amazon Beauty.
    private const double MeanHistory = 8.8;

    private static readonly int[] DenseBatches = [1, 8, 64, 512];

    /// <summary>Every cell, in the order of the report.</summary>
    public static IReadOnlyList<Cell> All { get; } = Create(1);

    /// <summary>The same cells with everything divided by about 16: for checks that time nothing.</summary>
    public static IReadOnlyList<Cell> Small { get; } = Create(16);

    /// <summary>Null where a cell can be run with so many threads, or why not.</summary>
    public static string? WhyNot(Cell cell, int threads) => cell switch
    {
        CallersCell when threads != Environment.ProcessorCount => $"there is one caller a core: --threads {Environment.ProcessorCount}",
        AppendCell when threads != 1 => "one event of one user is the work of one thread",
        _ => null,
    };

    private static IReadOnlyList<Cell> Create(int divisor)
    {
        int Size(int full) => Math.Max(2, full / divisor);
        int[] Sizes(params int[] full) => [.. full.Select(size => size == 1 ? 1 : Size(size))];
        IReadOnlyList<int> Batches(params int[] full) => divisor == 1 ? full : full[..Math.Min(2, full.Length)];
        BenchModel Recurrent(string name, string cell, int hiddenSize, int layers) =>
            Zoo.Recurrent(name, cell, Size(64), Size(hiddenSize), layers, Size(50), Size(Zoo.Items));
        BenchModel Gcn(string name, int nodes) => Zoo.Gcn(name, Size(nodes), 16, Size(64), Size(64), Size(64));
        BenchModel Din(string name, bool isPeerSplit) =>
            Zoo.Din(name, Size(64), Size(50), Size(500), isPeerSplit, Size(Zoo.Items), Size(80), Size(40));
        BenchModel Sas64(string name) => Zoo.SasRec(name, 2 * Size(32), 2, 2, Size(50), Size(Zoo.Items));

        return
        [
            new ModelCell(Zoo.Dense("mlp", Sizes(64, 128, 64, 1)), "dense 64-128-64-1", Batches(DenseBatches)) { ReducedWeights = [WeightForms.Bf16] },
            new ModelCell(Zoo.Dense("wide", Sizes(512, 1024, 512, 256, 1)), "dense 512-1024-512-256-1", Batches(DenseBatches))
            {
                ReducedWeights = [WeightForms.Bf16, WeightForms.Int8],
            },
            new ModelCell(Zoo.Dense("ae", Sizes(7, 64, 32, 16, 8, 16, 32, 64, 7)), "autoencoder 7-64-32-16-8-16-32-64-7", Batches(DenseBatches)),
            new ModelCell(Recurrent("lstm128", "lstm", 128, 1), "LSTM, input 64, hidden 128, 50 events, linear 64", Batches(DenseBatches))
            {
                ReducedWeights = [WeightForms.Bf16],
            },
            new ModelCell(Recurrent("lstm256x2", "lstm", 256, 2), "2 LSTM layers, input 64, hidden 256, 50 events, linear 64", Batches(DenseBatches))
            {
                ReducedWeights = [WeightForms.Bf16],
            },
            new ModelCell(Recurrent("gru128", "gru", 128, 1), "GRU, input 64, hidden 128, 50 events, linear 64", Batches(DenseBatches))
            {
                ReducedWeights = [WeightForms.Bf16],
            },
            new ModelCell(Recurrent("rnn128", "rnn_tanh", 128, 1), "RNN (tanh), input 64, hidden 128, 50 events, linear 64", Batches(DenseBatches)),
            new ModelCell(Sas64("sas64"), "SASRec, d 64, 2 heads, 2 layers, 50 events, last row", Batches(DenseBatches)),
            new ModelCell(
                Zoo.SasRec("sas256", 4 * Size(64), 4, 4, Size(200), Size(Zoo.Items)), "SASRec, d 256, 4 heads, 4 layers, 200 events, last row", Batches(1, 8)),
            new ModelCell(
                Zoo.Encoder("bert2", 12 * Size(64), 12, Size(3072), 2, Size(128)), "2 layers of BERT, d 768, 12 heads, 128 tokens, all rows", Batches(1, 8)),
            new ModelCell(Gcn("gcn10k", 10_000), "GCN, 2 layers, d 64, 10 000 nodes, degree 16, power law", 1) { ReducedWeights = [WeightForms.Bf16] },
            new ModelCell(Gcn("gcn100k", 100_000), "GCN, 2 layers, d 64, 100 000 nodes, degree 16, power law", 1) { ReducedWeights = [WeightForms.Bf16] },
            new ModelCell(Zoo.TopK("topk100k", Size(100_000), Size(64), 10), "the 10 best of 100 000 items x 64", Batches(1, 32))
            {
                ReducedWeights = [WeightForms.Int8],
            },
            new ModelCell(Zoo.TopK("topk1M", Size(1_000_000), Size(64), 10), "the 10 best of 1 000 000 items x 64", Batches(1, 32))
            {
                ReducedWeights = [WeightForms.Int8],
            },
            new TrafficCell(
                Zoo.SasRecPaddedRight("traffic-sas64", 2 * Size(32), 2, 2, Math.Max(8, Size(50)), Size(Zoo.Items)),
                "SASRec d 64, 64 users in order of arrival, histories of 8.8 events on average",
                MeanHistory,
                64),
            new ModelCell(Din("user-x-500", false), "DIN, d 64, a user of 50 events and 500 candidates; ONNX Runtime has the published formula", 1),
            new ModelCell(
                Din("user-x-500-split", true), "the same; ONNX Runtime's graph takes the attention's first layer apart by hand, as SeqInfer does", 1),
            new AppendCell("append", Recurrent("append", "lstm", 128, 1), "lstm128, one new event of a user with 50: the state kept against the history anew"),
            new CallersCell("threads", Sas64("threads"), "sas64, one caller a core, each its own requests", 1),
        ];
    }
}
