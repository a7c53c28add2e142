using System.CommandLine;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Evaluation;
using SeqInfer.Cli.Terminal;
using SeqInfer.Inputs;
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
            Description =
                "Folder with sequences.safetensors and/or eval.safetensors, or with events.csv; or a CSV file (user_id,item_id,timestamp: the last item is "
                + "to be found); or a safetensors file: inputs with candidates or targets, or pairs (test_users, test_items, train_users, train_items)",
            HelpName = "path",
            Required = true,
        };
        var mode = new Option<string>("--mode")
        {
            Description = "full: among all items; sampled: among the candidates of the data set, or drawn ones where it has none",
            DefaultValueFactory = _ => FullMode,
        };
        mode.AcceptOnlyFromAmong(FullMode, SampledMode);
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the user's history, as a recommender would" };
        var ranks = new Option<string?>("--ranks") { Description = "Also write every user's rank (0-based) to a safetensors file", HelpName = "file" };
        Option<int> negatives = Common.Number(
            "--negatives", 100, "Candidates drawn besides the target: uniformly, without repetition, from what is neither target nor chosen before");
        Option<int> seed = Common.Number("--seed", 42, "Seed of drawn candidates; a user's draw depends on it and the user's place alone");
        Option<string[]> data = Common.Data();
        Option<int> k = Common.K();
        Option<int> batch = Common.Batch();
        Option<string> device = Common.Device();
        Option<Devices.WeightStorage> weights = Common.Weights();
        Option<bool> json = Common.Json();
        var command = new Command(
            "evaluate",
            "Evaluation: what users chose last is to be found from what they chose before. Prints HR@K, NDCG@K, recall, precision, MRR.")
        {
            model, dataset, mode, excludeSeen, negatives, seed, data, k, ranks, batch, device, weights, json,
        };
        Examples.Add(
            command,
            "seqinfer evaluate --model models/sasrec --dataset data/ml1m --exclude-seen",
            "seqinfer evaluate --model models/sasrec --dataset data/ml1m --mode sampled -k 20 --json",
            "seqinfer evaluate --model models/sasrec --dataset events.csv --mode sampled --negatives 100 --seed 42",
            "seqinfer evaluate --model models/lightgcn --data edges=train.csv --dataset test.safetensors --exclude-seen -k 20");
        command.Does((result, cancellation) =>
        {
            var options = new EvaluationOptions(
                result.GetValue(mode) == SampledMode ? EvaluationMode.Sampled : EvaluationMode.Full,
                result.GetValue(excludeSeen),
                result.GetValue(batch),
                result.GetValue(negatives),
                result.GetValue(seed));
            ModelData given = LoadTimeData.Read(result.GetRequiredValue(data));
            using SequenceModel loaded = Common.Load(
                result.GetRequiredValue(model),
                new LoadOptions { Device = result.GetRequiredValue(device), WeightStorage = result.GetValue(weights), Data = given });
            EvaluationSet set = EvaluationSetReader.Read(result.GetRequiredValue(dataset)).WithEdges(given);
            var evaluator = new Evaluator(loaded, set, options);
            EvaluationResult evaluation = LongTask.Run("evaluating", set.Count, "users", done => evaluator.Run(done, cancellation));
            if (result.GetValue(ranks) is { } file)
                WriteRanks(file, evaluation.Metrics);
            if (result.GetValue(json))
                WriteJson(loaded, set, evaluator, options, result.GetValue(k), evaluation);
            else
                Write(loaded, set, evaluator, options, result.GetValue(k), evaluation);
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

    private static void Write(
        SequenceModel model, EvaluationSet set, Evaluator evaluator, EvaluationOptions options, int k, EvaluationResult result)
    {
        double seconds = result.Elapsed.TotalSeconds;
        Screen.Line($"model         {model.Path} ({model.ModelType}, {model.Device.KernelName})");
        Screen.Line($"data set      {set.Name}");
        Screen.Line($"ranking       {Describe(evaluator, options)}");
        Screen.Line($"users         {set.Count}");
        foreach ((string name, double value) in Metrics(result.Metrics, k))
            Screen.Line($"{name,-13} {value:0.0000}");
        Screen.Line($"seconds       {seconds:0.000} ({set.Count / seconds:0} users/s, {options.BatchRows} a request)");
    }

    private static void WriteJson(
        SequenceModel model, EvaluationSet set, Evaluator evaluator, EvaluationOptions options, int k, EvaluationResult result) => Screen.Json(json =>
    {
        json.WriteString("model", model.Path);
        json.WriteString("dataset", set.Name);
        json.WriteString("family", model.ModelType);
        json.WriteString("device", model.Options.Device);
        json.WriteString("kernels", model.Device.KernelName);
        json.WriteString("mode", options.Mode == EvaluationMode.Sampled ? SampledMode : FullMode);
        json.WriteBoolean("exclude_seen", options.ExcludeSeen);
        if (evaluator.DrawsCandidates)
        {
            json.WriteNumber("negatives", options.Negatives);
            json.WriteNumber("seed", options.Seed);
        }

        json.WriteNumber("batch", options.BatchRows);
        json.WriteNumber("k", k);
        json.WriteNumber("users", set.Count);
        foreach ((string name, double value) in Metrics(result.Metrics, k))
            json.WriteNumber(name, value);
        json.WriteNumber("seconds", result.Elapsed.TotalSeconds);
        json.WriteNumber("users_per_second", set.Count / result.Elapsed.TotalSeconds);
    });

    private static string Describe(Evaluator evaluator, EvaluationOptions options) =>
        (options.Mode == EvaluationMode.Full
            ? "all items"
            : evaluator.DrawsCandidates ? $"the target and {options.Negatives} drawn items, seed {options.Seed}" : "candidates of the data set")
        + (options.ExcludeSeen ? " without those seen before" : "");

    private static void WriteRanks(string file, RankingMetrics metrics)
    {
        long[] ranks = [.. metrics.Ranks.Select(rank => (long)rank)];
        SafetensorsWriter.Write(file, [TensorData.FromValues("ranks", new Shape(ranks.Length), ranks)]);
    }
}
