using System.CommandLine;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Cli.Terminal;
using SeqInfer.Ranking;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer evaluate: how well a model finds what users really did next.</summary>
internal static class EvaluateCommand
{
    private const string FullMode = "full";
    private const string SampledMode = "sampled";

    public static Command Create()
    {
        Option<string> model = Common.Model();
        var dataset = new Option<string>("--dataset", "-d")
        {
            Description = "Folder with sequences.safetensors and eval.safetensors, or with events.csv, or a CSV file (user_id,item_id,timestamp)",
            HelpName = "path",
            Required = true,
        };
        var mode = new Option<string>("--mode")
        {
            Description = "full: among all items; sampled: among the candidates of the data set",
            DefaultValueFactory = _ => FullMode,
        };
        mode.AcceptOnlyFromAmong(FullMode, SampledMode);
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the user's history, as a recommender would" };
        var ranks = new Option<string?>("--ranks") { Description = "Also write every user's rank (0-based) to a safetensors file", HelpName = "file" };
        Option<int> k = Common.K();
        Option<int> batch = Common.Batch();
        Option<string> device = Common.Device();
        Option<bool> json = Common.Json();
        var command = new Command(
            "evaluate",
            "Leave-one-out evaluation: the last item of every user is to be found from those before it. Prints HR@K, NDCG@K, recall, MRR.")
        {
            model, dataset, mode, excludeSeen, k, ranks, batch, device, json,
        };
        Examples.Add(
            command,
            "seqinfer evaluate --model models/sasrec --dataset data/ml1m --exclude-seen",
            "seqinfer evaluate --model models/sasrec --dataset data/ml1m --mode sampled -k 20 --json",
            "seqinfer evaluate --model models/sasrec --dataset events.csv");
        command.Does((result, cancellation) =>
        {
            var options = new EvaluationOptions(
                result.GetValue(mode) == SampledMode ? EvaluationMode.Sampled : EvaluationMode.Full, result.GetValue(excludeSeen), result.GetValue(batch));
            using SequenceModel loaded = SequenceModel.Load(
                result.GetRequiredValue(model), new LoadOptions { Device = result.GetRequiredValue(device) });
            EvaluationSet set = EvaluationSetReader.Read(result.GetRequiredValue(dataset));
            var evaluator = new Evaluator(loaded, set, options);
            EvaluationResult evaluation = LongTask.Run("evaluating", set.Count, "users", done => evaluator.Run(done, cancellation));
            if (result.GetValue(ranks) is { } file)
                WriteRanks(file, evaluation.Metrics);
            if (result.GetValue(json))
                WriteJson(loaded, set, options, result.GetValue(k), evaluation);
            else
                Write(loaded, set, options, result.GetValue(k), evaluation);
            return CommandLine.Success;
        });
        return command;
    }

    private static IEnumerable<(string Name, double Value)> Metrics(RankingMetrics metrics, int k) =>
    [
        ($"hr@{k}", metrics.HitRate(k)),
        ($"ndcg@{k}", metrics.Ndcg(k)),
        ($"recall@{k}", metrics.Recall(k)),
        ($"precision@{k}", metrics.Precision(k)),
        ($"mrr@{k}", metrics.ReciprocalRank(k)),
        ("mrr", metrics.ReciprocalRank()),
    ];

    private static void Write(SequenceModel model, EvaluationSet set, EvaluationOptions options, int k, EvaluationResult result)
    {
        double seconds = result.Elapsed.TotalSeconds;
        Screen.Line($"model         {model.Path} ({model.ModelType}, {model.Device.KernelName})");
        Screen.Line($"data set      {set.Name}");
        Screen.Line($"ranking       {Describe(options)}");
        Screen.Line($"users         {set.Count}");
        foreach ((string name, double value) in Metrics(result.Metrics, k))
            Screen.Line($"{name,-13} {value:0.0000}");
        Screen.Line($"seconds       {seconds:0.000} ({set.Count / seconds:0} users/s, {options.BatchRows} a request)");
    }

    private static void WriteJson(SequenceModel model, EvaluationSet set, EvaluationOptions options, int k, EvaluationResult result) => Screen.Json(json =>
    {
        json.WriteString("model", model.Path);
        json.WriteString("dataset", set.Name);
        json.WriteString("family", model.ModelType);
        json.WriteString("device", model.Options.Device);
        json.WriteString("kernels", model.Device.KernelName);
        json.WriteString("mode", options.Mode == EvaluationMode.Sampled ? SampledMode : FullMode);
        json.WriteBoolean("exclude_seen", options.ExcludeSeen);
        json.WriteNumber("batch", options.BatchRows);
        json.WriteNumber("k", k);
        json.WriteNumber("users", set.Count);
        foreach ((string name, double value) in Metrics(result.Metrics, k))
            json.WriteNumber(name, value);
        json.WriteNumber("seconds", result.Elapsed.TotalSeconds);
        json.WriteNumber("users_per_second", set.Count / result.Elapsed.TotalSeconds);
    });

    private static string Describe(EvaluationOptions options) =>
        (options.Mode == EvaluationMode.Full ? "all items" : "candidates of the data set") + (options.ExcludeSeen ? " without those seen before" : "");

    private static void WriteRanks(string file, RankingMetrics metrics)
    {
        long[] ranks = [.. metrics.Ranks.Select(rank => (long)rank)];
        SafetensorsWriter.Write(file, [TensorData.FromValues("ranks", new Shape(ranks.Length), ranks)]);
    }
}
