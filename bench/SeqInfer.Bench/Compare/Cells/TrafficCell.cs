using SeqInfer.Bench.Limits;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Compare.Cells;

/// <summary>
/// Batches of users in the order of arrival, with histories of very different lengths. Our side takes them as they are; ONNX Runtime gets
/// the better of padding each batch to its longest history and of splitting it into groups of similar length. Both start from the same
/// ragged ids and end with one row a user, so writing and padding the request counts on both sides.
/// </summary>
internal sealed class TrafficCell(BenchModel bench, string description, double meanLength, params IReadOnlyList<int> batches)
    : Cell(bench.Name, description, batches)
{
    private const int RequestCount = 24;
    private const int Seed = 88;

    public override BenchModel Model => bench;

    public override bool IsLikeForLike => false;

    public override CellResult Measure(CellContext context, int batch, int threads)
    {
        using SequenceModel model = bench.Create(context.Engine(threads));
        InputSpec items = model.Signature.Inputs[model.Signature.IndexOfInput(SequenceEncoder.ItemsInput)];
        int[][][] requests = Requests(items, batch);
        using var ours = new RaggedSide(model, bench, batch);
        using var padded = new PaddedSide(context.Ort, bench, requests, threads);
        using var buckets = new BucketSide(context.Ort, bench, requests, threads);

        double difference = 0;
        foreach (int[][] request in requests)
        {
            ours.Run(request);
            padded.Run(request);
            difference = Math.Max(difference, OutputComparison.MaxAbsDiff($"{Name}, padded", ours.Values, padded.Values));
            buckets.Run(request);
            difference = Math.Max(difference, OutputComparison.MaxAbsDiff($"{Name}, by length", ours.Values, buckets.Values));
        }

        Timings[] times = Interleaved.Measure(
            context.Schedule, InTurn(requests, padded.Run), InTurn(requests, buckets.Run), InTurn(requests, ours.Run));
        bool isPaddedBetter = times[0].MedianMicroseconds <= times[1].MedianMicroseconds;
        return new CellResult(Name, batch, threads, WeightForms.Fp32)
        {
            Ort = isPaddedBetter ? times[0] : times[1],
            Ours = times[2],
            MaxAbsDiff = difference,
            Work = AverageWork(requests),
            Limits = context.Limits(threads),
            OrtForm = isPaddedBetter ? "padded" : "by length",
        };
    }

    private static Action InTurn(int[][][] requests, Action<int[][]> run)
    {
        int next = 0;
        return () =>
        {
            run(requests[next]);
            next = (next + 1) % requests.Length;
        };
    }

    private int[][][] Requests(InputSpec items, int batch)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, RequestCount).Select(_ =>
            Enumerable.Range(0, batch).Select(_ => BenchModel.RandomIds(items, NextLength(random), random)).ToArray())];
    }

    // Geometric on 1, 2, ... with the given mean, cut off at the model's longest history.
    private int NextLength(Random random)
    {
        double length = 1 + Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - (1 / meanLength)));
        return (int)Math.Min(length, bench.Length);
    }

    private Work AverageWork(int[][][] requests)
    {
        Work[] all = [.. requests.Select(request => WorkCounter.Count(bench, request.Length, batch =>
        {
            foreach (int[] history in request)
                batch.Ids(SequenceEncoder.ItemsInput).Add(history);
        }))];
        return new Work(
            [.. all.SelectMany(work => work.Operations).Select(operation => new OperationWork(operation.Flops / all.Length, operation.Bytes / all.Length))],
            all[0].WeightBytes);
    }
}
