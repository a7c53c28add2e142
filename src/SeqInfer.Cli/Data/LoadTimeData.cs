using SeqInfer.Cli.Verification;
using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Data;

/// <summary>
/// What a model needs when it is loaded, from the values of --data: graphs and features, out of safetensors files, CSV files or case folders.
/// </summary>
internal static class LoadTimeData
{
    private const string OffsetsSuffix = ".offsets";

    /// <param name="texts">The values of --data.</param>
    /// <exception cref="CliException">One is not of its form, or a file does not hold what it says.</exception>
    public static ModelData Read(IEnumerable<string> texts)
    {
        var data = new ModelData();
        foreach (string text in texts)
        {
            var spec = DataSpec.Parse(text);
            if (Directory.Exists(spec.Path))
                ReadCase(data, spec);
            else if (spec.Path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                ReadTensors(data, spec);
            else
                CsvData.Read(data, spec);
        }

        return data;
    }

    /// <summary>Adds a matrix.</summary>
    /// <exception cref="CliException">The name is taken.</exception>
    public static void Add(ModelData data, DataSpec spec, string name, int rows, int columns, Array values)
    {
        if (data.Contains(name))
            throw new CliException($"--data {spec.Text}: '{name}' was given before");
        _ = values is int[] ids ? data.Add(name, rows, columns, ids) : data.Add(name, rows, columns, (float[])values);
    }

    private static void ReadCase(ModelData data, DataSpec spec)
    {
        if (spec.Name is not null || spec.Part is not null)
            throw new CliException($"--data {spec.Text}: {spec.Path} is a folder, which stands for itself; expected --data {spec.Path}");
        if (!CaseReader.IsCase(spec.Path))
            throw new CliException($"--data {spec.Text}: {spec.Path} has no {CaseReader.FileName}");
        CaseDefinition definition = CaseReader.Read(spec.Path);
        using CaseTensors tensors = CaseTensors.Open(spec.Path);
        CaseData.AddTo(data, definition, tensors);
    }

    private static void ReadTensors(ModelData data, DataSpec spec)
    {
        using SafetensorsFile file = SafetensorsFile.Open(spec.Path);
        if (spec.Name is null || spec.IsGroup)
        {
            if (spec.Part is not null)
                throw new CliException($"--data {spec.Text}: a single tensor needs a single name, as edges.users={spec.Path}#{spec.Part}");
            ReadMembers(data, spec, file);
            return;
        }

        TensorInfo tensor = Choose(spec, file);
        AddTensor(data, spec, file, spec.Name, tensor);
    }

    // Tensors are called as the data are, or, in a group of its own, as its members.
    private static void ReadMembers(ModelData data, DataSpec spec, SafetensorsFile file)
    {
        foreach (TensorInfo tensor in file.Tensors)
        {
            string name = spec.IsGroup && !DataSpec.IsName(tensor.Name) ? $"{spec.Name}.{tensor.Name}" : tensor.Name;
            if (IsOffsets(file, tensor))
                continue;
            if (!DataSpec.IsName(name) || (spec.IsGroup && !name.StartsWith(spec.Name + ".", StringComparison.Ordinal)))
                throw new CliException($"--data {spec.Text}: tensor '{tensor.Name}' is no data of a model; expected {DataSpec.Known}, or a name as edges.users={spec.Path}#{tensor.Name}");
            AddTensor(data, spec, file, name, tensor);
        }
    }

    // "edges.offsets" is a name of its own; others end lists that stand beside them.
    private static bool IsOffsets(SafetensorsFile file, TensorInfo tensor) =>
        tensor.Name.EndsWith(OffsetsSuffix, StringComparison.Ordinal) && file.TryGetTensor(tensor.Name[..^OffsetsSuffix.Length], out _);

    private static TensorInfo Choose(DataSpec spec, SafetensorsFile file)
    {
        if (spec.Part is not null)
        {
            return file.TryGetTensor(spec.Part, out TensorInfo? named)
                ? named
                : throw new CliException($"--data {spec.Text}: no tensor '{spec.Part}'; there are: {Names(file)}");
        }

        if (file.TryGetTensor(spec.Name!, out TensorInfo? tensor) || file.TryGetTensor(spec.Member!, out tensor))
            return tensor;
        return file.Tensors.Count == 1
            ? file.Tensors[0]
            : throw new CliException($"--data {spec.Text}: which tensor? Say {spec.Name}={spec.Path}#TENSOR; there are: {Names(file)}");
    }

    private static void AddTensor(ModelData data, DataSpec spec, SafetensorsFile file, string name, TensorInfo tensor)
    {
        if (file.TryGetTensor(tensor.Name + OffsetsSuffix, out TensorInfo? offsets))
        {
            (int count, int longest, int[] ids) = IdRows.Fill(TensorRows.ReadRagged(tensor, offsets));
            Add(data, spec, name, count, longest, ids);
            return;
        }

        (int rows, int columns, Array values) = TensorRows.ReadMatrix(tensor);
        Add(data, spec, name, rows, columns, values);
    }

    private static string Names(SafetensorsFile file) => string.Join(", ", file.Tensors.Select(tensor => tensor.Name));
}
