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

    /// <summary>Every cell, in the order of the report.</summary>
    public static IReadOnlyList<Cell> All { get; } =
    [
        new ModelCell(Zoo.Dense("mlp", 64, 128, 64, 1), "dense 64-128-64-1", 1, 8, 64, 512),
        new ModelCell(Zoo.Dense("wide", 512, 1024, 512, 256, 1), "dense 512-1024-512-256-1", 1, 8, 64, 512),
        new ModelCell(Zoo.Dense("ae", 7, 64, 32, 16, 8, 16, 32, 64, 7), "autoencoder 7-64-32-16-8-16-32-64-7", 1, 8, 64, 512),
        new ModelCell(Zoo.Recurrent("lstm128", "lstm", 64, 128, 1, 50), "LSTM, input 64, hidden 128, 50 events, linear 64", 1, 8, 64, 512),
        new ModelCell(Zoo.Recurrent("lstm256x2", "lstm", 64, 256, 2, 50), "2 LSTM layers, input 64, hidden 256, 50 events, linear 64", 1, 8, 64, 512),
        new ModelCell(Zoo.Recurrent("gru128", "gru", 64, 128, 1, 50), "GRU, input 64, hidden 128, 50 events, linear 64", 1, 8, 64, 512),
        new ModelCell(Zoo.Recurrent("rnn128", "rnn_tanh", 64, 128, 1, 50), "RNN (tanh), input 64, hidden 128, 50 events, linear 64", 1, 8, 64, 512),
        new ModelCell(Zoo.SasRec("sas64", 64, 2, 2, 50), "SASRec, d 64, 2 heads, 2 layers, 50 events, last row", 1, 8, 64, 512),
        new ModelCell(Zoo.SasRec("sas256", 256, 4, 4, 200), "SASRec, d 256, 4 heads, 4 layers, 200 events, last row", 1, 8),
        new ModelCell(Zoo.Encoder("bert2", 768, 12, 3072, 2, 128), "2 layers of BERT, d 768, 12 heads, 128 tokens, all rows", 1, 8),
        new ModelCell(Zoo.TopK("topk100k", 100_000, 64, 10), "the 10 best of 100 000 items x 64", 1, 32),
        new ModelCell(Zoo.TopK("topk1M", 1_000_000, 64, 10), "the 10 best of 1 000 000 items x 64", 1, 32),
        new TrafficCell(
            Zoo.SasRecPaddedRight("traffic-sas64", 64, 2, 2, 50), "SASRec d 64, 64 users in order of arrival, histories of 8.8 events on average", MeanHistory, 64),
        new AppendCell("append", Zoo.Recurrent("append", "lstm", 64, 128, 1, 50), "lstm128, one new event of a user with 50: the state kept against the history anew"),
        new CallersCell("threads", Zoo.SasRec("threads", 64, 2, 2, 50), "sas64, one caller a core, each its own requests", 1),
    ];

    /// <summary>What the matrix should have and the engine cannot do yet.</summary>
    public static IReadOnlyList<MissingCell> Missing { get; } =
    [
        new("gcn10k", "the op set has no aggregation over graphs"),
        new("gcn100k", "the op set has no aggregation over graphs"),
        new("user-x-500", "no family computes attention over candidates"),
    ];

    /// <summary>How weights may be stored on our side.</summary>
    public static IReadOnlyList<string> WeightStorages { get; } = ["fp32"];

    /// <summary>Null where a cell can be run with so many threads, or why not.</summary>
    public static string? WhyNot(Cell cell, int threads) => cell switch
    {
        CallersCell => threads == Environment.ProcessorCount ? null : $"there is one caller a core: --threads {Environment.ProcessorCount}",
        _ => threads == 1 ? null : "a request runs on its caller's thread alone; the engine splits none",
    };
}
