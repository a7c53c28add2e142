using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Data;

/// <summary>
/// Reads the inputs of a model from a file. safetensors: a tensor for each input, of its name; lists as "NAME" with "NAME.offsets", or as a
/// matrix whose rows are filled up, on either side, with an id below the lowest one. CSV: a column for each input, with numbers that have
/// blanks between them; a model with a single input of values also takes a column for each value.
/// </summary>
internal static class PredictInput
{
    private const string OffsetsSuffix = ".offsets";

    /// <param name="file">The file; "-" is CSV on standard input.</param>
    /// <param name="signature">The model's inputs.</param>
    public static InputRows Read(string file, ModelSignature signature) => InputRows.Bind(signature, ReadSources(file, signature), file);

    /// <summary>The inputs that a file holds, by name; a model may need others beside them.</summary>
    /// <param name="file">The file; "-" is CSV on standard input.</param>
    /// <param name="signature">The model's inputs.</param>
    public static Dictionary<string, RowSource> ReadSources(string file, ModelSignature signature)
    {
        if (file != "-" && !File.Exists(file))
            throw new CliException($"{file}: no such file");
        RowSource?[] sources = file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            ? ReadTensors(file, signature)
            : ReadCsv(file, signature);
        return signature.Inputs.Zip(sources)
            .Where(input => input.Second is not null)
            .ToDictionary(input => input.First.Name, input => input.Second!, StringComparer.Ordinal);
    }

    private static RowSource?[] ReadTensors(string file, ModelSignature signature)
    {
        using SafetensorsFile tensors = SafetensorsFile.Open(file);
        foreach (TensorInfo tensor in tensors.Tensors)
        {
            string input = tensor.Name.EndsWith(OffsetsSuffix, StringComparison.Ordinal) ? tensor.Name[..^OffsetsSuffix.Length] : tensor.Name;
            if (signature.IndexOfInput(input) < 0)
                throw new CliException($"{file}: tensor '{tensor.Name}' is no input; the inputs are {InputRows.Describe(signature)}");
        }

        return [.. signature.Inputs.Select(spec => tensors.TryGetTensor(spec.Name, out TensorInfo? tensor) ? ReadTensor(tensors, tensor, spec) : null)];
    }

    private static RowSource ReadTensor(SafetensorsFile tensors, TensorInfo tensor, InputSpec spec)
    {
        if (spec.Kind == InputKind.RaggedValues)
        {
            return tensors.TryGetTensor(spec.Name + OffsetsSuffix, out TensorInfo? ends)
                ? TensorRows.ReadRaggedValues(tensor, ends)
                : throw new CliException($"{tensor.File}: '{spec.Name}' needs the tensor '{spec.Name + OffsetsSuffix}'");
        }

        if (spec.Kind != InputKind.RaggedIds)
            return TensorRows.Read(tensor, spec);
        if (tensors.TryGetTensor(spec.Name + OffsetsSuffix, out TensorInfo? offsets))
            return TensorRows.ReadRagged(tensor, offsets);
        var rows = (IdRows)TensorRows.Read(tensor, spec);
        return IdRows.FromLists([.. Enumerable.Range(0, rows.RowCount).Select(row => Trim(rows[row], spec.MinId).ToArray())]);
    }

    private static ReadOnlySpan<int> Trim(ReadOnlySpan<int> ids, int lowest)
    {
        while (!ids.IsEmpty && ids[0] < lowest)
            ids = ids[1..];
        while (!ids.IsEmpty && ids[^1] < lowest)
            ids = ids[..^1];
        return ids;
    }

    private static RowSource?[] ReadCsv(string file, ModelSignature signature)
    {
        using CsvRows csv = CsvRows.Open(file);
        InputSpec[] required = [.. signature.Inputs.Where(input => input.IsRequired)];
        if (required is [{ Kind: InputKind.Values } single] && !csv.Has(single.Name))
            return ReadValueColumns(csv, file, signature, single);
        foreach (string column in csv.Columns)
        {
            if (signature.IndexOfInput(column) < 0)
                throw new CliException($"{file}: column '{column}' is no input; the inputs are {InputRows.Describe(signature)}");
        }

        InputSpec?[] given = [.. signature.Inputs.Select(spec => csv.Has(spec.Name) ? spec : null)];
        List<int[]>[] ids = [.. given.Select(_ => new List<int[]>())];
        List<float[]>[] values = [.. given.Select(_ => new List<float[]>())];
        while (csv.Read())
        {
            for (int i = 0; i < given.Length; i++)
            {
                if (given[i] is not { } spec)
                    continue;
                if (spec.Kind == InputKind.Values)
                    values[i].Add(Exactly(csv.Floats(spec.Name), spec, csv));
                else if (spec.Kind == InputKind.RaggedValues)
                    values[i].Add(csv.Floats(spec.Name));
                else
                    ids[i].Add(csv.Ints(spec.Name));
            }
        }

        return [.. given.Select((spec, i) => spec?.Kind switch
        {
            null => null,
            InputKind.Values => (RowSource)Values(values[i], spec),
            InputKind.RaggedValues => RaggedValueRows.FromLists(values[i]),
            _ => IdRows.FromLists(ids[i]),
        })];
    }

    private static RowSource?[] ReadValueColumns(CsvRows csv, string file, ModelSignature signature, InputSpec spec)
    {
        if (csv.Columns.Count != spec.Width)
            throw new CliException($"{file}: {csv.Columns.Count} columns, the input '{spec.Name}' takes {spec.Width} values");
        List<float[]> rows = [];
        while (csv.Read())
            rows.Add([.. csv.Columns.Select(csv.Float)]);
        return [.. signature.Inputs.Select(input => input == spec ? Values(rows, spec) : null)];
    }

    private static float[] Exactly(float[] values, InputSpec spec, CsvRows csv) =>
        values.Length == spec.Width ? values : throw csv.Error(spec.Name, $"{values.Length} values, expected {spec.Width}");

    private static ValueRows Values(List<float[]> rows, InputSpec spec) => new(rows.Count, spec.Width, [.. rows.SelectMany(row => row)]);
}
