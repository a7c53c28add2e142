using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SeqInfer.Cli.Data;
using SeqInfer.Cli.Terminal;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer predict: one output of a model for every row of a file.</summary>
internal static class PredictCommand
{
    public static Command Create()
    {
        Option<string> model = Common.Model();
        var input = new Option<string>("--input", "-i")
        {
            Description = "safetensors file with a tensor for each model input, or CSV with a column for each; - reads CSV from standard input",
            DefaultValueFactory = _ => "-",
            HelpName = "file",
        };
        var output = new Option<string?>("--output", "-o") { Description = "Which output (seqinfer inspect lists them); default: the first", HelpName = "name" };
        Option<int> k = Common.K();
        Option<int> batch = Common.Batch();
        Option<string[]> data = Common.Data();
        Option<string> device = Common.Device();
        Option<Devices.WeightStorage> weights = Common.Weights();
        Option<NodeReordering> reordering = Common.Reordering();
        Option<bool> json = Common.Json();
        var command = new Command(
            "predict",
            "Compute one output of a model for every row of the input. Prints a line of blank-separated numbers a row; top_k prints id:score.")
        {
            model, input, output, data, k, batch, device, weights, reordering, json,
        };
        Examples.Add(
            command,
            "seqinfer predict --model models/churn --input customers.csv",
            "seqinfer predict --model models/sasrec --input histories.safetensors --output hidden --json",
            "seqinfer predict --model models/gcn --data node_features=nodes.csv --data edges=edges.csv --output embeddings",
            "printf 'items\\n12 55 9\\n' | seqinfer predict --model models/sasrec --output top_k -k 5");
        command.Does((result, cancellation) =>
        {
            ModelData given = LoadTimeData.Read(result.GetRequiredValue(data));
            using SequenceModel loaded = Common.Load(
                result.GetRequiredValue(model),
                new LoadOptions
                {
                    Device = result.GetRequiredValue(device),
                    WeightStorage = result.GetValue(weights),
                    Data = given,
                    NodeReordering = result.GetValue(reordering),
                });
            string name = result.GetValue(output) ?? loaded.Signature.Outputs[0].Name;
            if (loaded.Signature.IndexOfOutput(name) < 0)
                throw new CliException($"no output '{name}'; there are: {string.Join(", ", loaded.Signature.Outputs.Select(spec => spec.Name))}");
            List<Row> results = loaded.Signature.Outputs[loaded.Signature.IndexOfOutput(name)].Kind == OutputKind.PerNode
                ? RunNodes(loaded, name)
                : RunRows(loaded, result.GetRequiredValue(input), name, result.GetValue(k), result.GetValue(batch), cancellation);
            if (result.GetValue(json))
                WriteJson(loaded, name, results);
            else
                Write(results);
            return CommandLine.Success;
        });
        return command;
    }

    // The rows of nodes do not depend on a request: an empty one gives them all.
    private static List<Row> RunNodes(SequenceModel model, string name)
    {
        OutputSet outputs = model.Signature.Select(name);
        using ModelWorkspace workspace = model.CreateWorkspace(new BatchLimits { MaxBatch = 0, Outputs = outputs });
        model.Run(model.CreateBatch(), workspace, outputs);
        OutputView view = workspace[name];
        double[] all = new double[view.ElementCount];
        view.CopyTo(all);
        return [.. all.Chunk(view.ColumnCount).Select(values => new Row(values, null))];
    }

    private static List<Row> RunRows(SequenceModel model, string file, string name, int k, int batchRows, CancellationToken cancellation)
    {
        InputRows rows = PredictInput.Read(file, model.Signature);
        if (model.Signature.Outputs[model.Signature.IndexOfOutput(name)].Kind == OutputKind.PerCandidate && rows[RankingHead.CandidatesInput] is null)
            throw new CliException($"the output '{name}' needs the input '{RankingHead.CandidatesInput}'");
        return LongTask.Run("predicting", rows.RowCount, "rows", done => Run(model, rows, name, k, batchRows, done, cancellation));
    }

    private static List<Row> Run(
        SequenceModel model, InputRows inputs, string name, int k, int batchRows, Action<int> done, CancellationToken cancellation)
    {
        List<Row> results = [];
        int[][] chunks = [.. Enumerable.Range(0, inputs.RowCount).Chunk(batchRows)];
        if (chunks.Length == 0)
            return results;
        OutputSet outputs = model.Signature.Select(name);
        using ModelWorkspace workspace = model.CreateWorkspace(inputs.Limits(chunks) with { MaxK = k, Outputs = outputs });
        Batch batch = model.CreateBatch();
        batch.TopK = k;
        foreach (int[] chunk in chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Clear();
            foreach (int row in chunk)
                inputs.AddTo(batch, row);
            model.Run(batch, workspace, outputs);
            OutputView view = workspace[name];
            double[] all = new double[view.ElementCount];
            view.CopyTo(all);
            for (int place = 0; place < chunk.Length; place++)
            {
                results.Add(view.Spec.Kind == OutputKind.TopK
                    ? new Row(all[(place * k)..((place + 1) * k)], view.Ids.Slice(place * k, k).ToArray())
                    : new Row(OutputRows.Of(all, view.Spec, view.ColumnCount, batch, place), null));
            }

            done(results.Count);
        }

        return results;
    }

    private static void Write(List<Row> rows)
    {
        foreach (Row row in rows)
        {
            Screen.Line(string.Join(' ', row.Ids is null
                ? row.Values.Select(Text)
                : row.Values.Take(row.ItemCount).Select((score, rank) => $"{row.Ids[rank]}:{Text(score)}")));
        }
    }

    private static void WriteJson(SequenceModel model, string output, List<Row> rows) => Screen.Json(json =>
    {
        json.WriteString("model", model.Path);
        json.WriteString("output", output);
        json.WriteStartArray("rows");
        foreach (Row row in rows)
        {
            json.WriteStartArray();
            for (int i = 0; i < row.ItemCount; i++)
            {
                if (row.Ids is null)
                    WriteNumber(json, row.Values[i]);
                else
                    WriteItem(json, row.Ids[i], row.Values[i]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    private static void WriteItem(Utf8JsonWriter json, int id, double score)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteFinite("score", (float)score);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue((float)value);
        else
            json.WriteNullValue();
    }

    // Results are float on the devices that matter; a double would print digits that mean nothing.
    private static string Text(double value) => ((float)value).ToString("R", CultureInfo.InvariantCulture);

    /// <param name="Values">Values, or scores.</param>
    /// <param name="Ids">Ids of top-K, -1 where there are no more items; null for other outputs.</param>
    private sealed record Row(double[] Values, int[]? Ids)
    {
        public int ItemCount => Ids is null ? Values.Length : Ids.AsSpan().IndexOf(-1) is int end and >= 0 ? end : Ids.Length;
    }
}
