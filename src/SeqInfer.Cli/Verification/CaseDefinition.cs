namespace SeqInfer.Cli.Verification;

/// <summary>What a case.json says: which tensors to feed, and which outputs to compare with which tensors.</summary>
/// <param name="Folder">The case's folder.</param>
/// <param name="Inputs">
/// By the model's input name. Members of a group have dotted names: the field "user_id" of "fields" is "fields.user_id".
/// </param>
/// <param name="Outputs">In the order of the file.</param>
internal sealed record CaseDefinition(string Folder, IReadOnlyDictionary<string, CaseInput> Inputs, IReadOnlyList<CaseOutput> Outputs)
{
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));
}

/// <summary>Where an input comes from.</summary>
internal abstract record CaseInput;

/// <summary>A tensor, or one column of it; the first dimension counts the rows of the batch.</summary>
/// <param name="Tensor">Its name in inputs.safetensors.</param>
/// <param name="Column">The one column that is meant; null: all.</param>
/// <param name="Padding">How rows are padded; null: they are not.</param>
internal sealed record TensorInput(string Tensor, int? Column = null, CasePadding? Padding = null) : CaseInput;

/// <summary>Lists of any length: row r holds ids[offsets[r] .. offsets[r + 1]].</summary>
internal sealed record RaggedInput(string Ids, string Offsets) : CaseInput;

/// <summary>Floats of any number a row: row r holds values[offsets[r] .. offsets[r + 1]].</summary>
internal sealed record RaggedValuesInput(string Values, string Offsets) : CaseInput;

/// <summary>How the rows of a sequence are filled up to one length.</summary>
/// <param name="Side">Where the padding stands.</param>
/// <param name="PadId">The id that fills up.</param>
/// <param name="Lengths">Tensor with the lengths without padding; null: padding is what equals <paramref name="PadId"/>.</param>
internal sealed record CasePadding(PaddingEnd Side, int PadId, string? Lengths);

internal enum PaddingEnd
{
    Left,
    Right,
}

/// <summary>One comparison.</summary>
/// <param name="Output">The model's output.</param>
/// <param name="Tolerance">Largest absolute difference that passes.</param>
/// <param name="Rows">Which rows the expected tensors hold.</param>
internal abstract record CaseOutput(string Output, double Tolerance, RowPick Rows)
{
    /// <summary>The output and what makes it different from others of the same name.</summary>
    public virtual string Label => Output;
}

/// <summary>Values to be compared one by one.</summary>
/// <param name="Expected">Tensor of expected.safetensors.</param>
/// <param name="Where">Input or input tensor that holds 1 where a position counts; null: all count.</param>
internal sealed record ValuesOutput(string Output, double Tolerance, RowPick Rows, string Expected, string? Where)
    : CaseOutput(Output, Tolerance, Rows);

/// <summary>A ranked list.</summary>
/// <param name="K">Items a row.</param>
/// <param name="Ids">Tensor of expected.safetensors with the ids.</param>
/// <param name="Scores">Tensor of expected.safetensors with the scores.</param>
/// <param name="Similarity">Value of the model's "similarity" for this list; null: what config.json says.</param>
/// <param name="Exclude">What must not come back for single rows.</param>
/// <param name="ExcludeIds">What must not come back for any row.</param>
internal sealed record TopKOutput(
    string Output, double Tolerance, RowPick Rows, int K, string Ids, string Scores, string? Similarity, CaseExclusion Exclude, IReadOnlyList<int> ExcludeIds)
    : CaseOutput(Output, Tolerance, Rows)
{
    public override string Label => Similarity is null ? Output : $"{Output} ({Similarity})";
}

/// <summary>What must not come back for a row.</summary>
internal abstract record CaseExclusion
{
    /// <summary>Nothing.</summary>
    public sealed record None : CaseExclusion;

    /// <summary>What an input holds for the row, as "items" does.</summary>
    public sealed record Input(string Name) : CaseExclusion;

    /// <summary>The items that the training edges join with the row's user.</summary>
    public sealed record TrainEdges : CaseExclusion;

    /// <summary>Lists in input tensors.</summary>
    public sealed record Lists(RaggedInput Source) : CaseExclusion;
}

/// <summary>Which rows of an output were stored.</summary>
internal abstract record RowPick
{
    public sealed record All : RowPick;

    public sealed record First(int Count) : RowPick;

    public sealed record Every(int Step) : RowPick;

    /// <summary>The rows that an input tensor lists.</summary>
    public sealed record Listed(string Tensor) : RowPick;
}
