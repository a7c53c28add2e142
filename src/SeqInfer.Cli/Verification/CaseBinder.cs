using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>Joins the inputs of a case with those of a model, by name.</summary>
internal static class CaseBinder
{
    /// <param name="definition">The case.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="signature">The model's inputs.</param>
    /// <param name="list">The list whose exclusions are to be fed; null: none are.</param>
    /// <exception cref="SeqInferException">An input is missing, unknown to the model, or its tensors are not of its form.</exception>
    public static InputRows Bind(CaseDefinition definition, CaseTensors tensors, ModelSignature signature, TopKOutput? list)
    {
        RowSource?[] sources = new RowSource?[signature.Inputs.Length];
        foreach ((string name, CaseInput input) in definition.Inputs.Where(input => !CaseData.IsData(input.Key)))
        {
            int index = signature.IndexOfInput(NameOf(name, signature));
            if (index < 0)
                throw new CaseFormatException(File(definition), $"inputs.{name}", $"the model has no such input; its inputs are {InputRows.Describe(signature)}");
            sources[index] = Read(definition, tensors, name, input, signature.Inputs[index]);
        }

        for (int i = 0; i < sources.Length; i++)
        {
            InputSpec spec = signature.Inputs[i];
            if (sources[i] is null && spec.IsEnumerable)
                sources[i] = IdRows.Range(spec.MinId, spec.MaxId);
        }

        if (list is null)
            return new InputRows(signature, sources, definition.Folder);
        var rows = new InputRows(signature, sources, definition.Folder);
        IdRows? exclusions = CaseExclusions.Collect(definition, tensors, signature, rows, list);
        if (exclusions is null)
            return rows;
        int exclude = signature.IndexOfInput(RankingHead.ExcludeInput);
        if (exclude < 0)
            throw new CaseFormatException(File(definition), "exclude", $"the model has no input '{RankingHead.ExcludeInput}'; its inputs are {InputRows.Describe(signature)}");
        sources[exclude] = exclusions;
        return new InputRows(signature, sources, definition.Folder);
    }

    // The members of "fields" are inputs of their own; a target is the one candidate of its row.
    private static string NameOf(string input, ModelSignature signature)
    {
        if (input.StartsWith("fields.", StringComparison.Ordinal))
            return input["fields.".Length..];
        return input == "target" && signature.IndexOfInput(input) < 0 ? RankingHead.CandidatesInput : input;
    }

    public static string File(CaseDefinition definition) => Path.Combine(definition.Folder, CaseReader.FileName);

    private static RowSource Read(CaseDefinition definition, CaseTensors tensors, string name, CaseInput input, InputSpec spec)
    {
        if (input is RaggedValuesInput values && spec.Kind == InputKind.RaggedValues)
            return TensorRows.ReadRaggedValues(tensors.Inputs[values.Values], tensors.Inputs[values.Offsets]);
        if (input is RaggedInput ragged && spec.Kind is InputKind.Ids or InputKind.RaggedIds)
            return TensorRows.ReadRagged(tensors.Inputs[ragged.Ids], tensors.Inputs[ragged.Offsets]);
        if (input is not TensorInput single || spec.Kind == InputKind.RaggedValues)
            throw new CaseFormatException(File(definition), $"inputs.{name}", $"tensors of this form cannot be fed to {spec}");
        TensorInfo tensor = tensors.Inputs[single.Tensor];
        if (single.Padding is not { } padding)
            return TensorRows.Read(tensor, spec, single.Column);
        if (spec.Kind == InputKind.Values)
            throw new CaseFormatException(File(definition), $"inputs.{name}", $"padded sequences cannot be fed to {spec}");
        return ReadPadded(tensors, tensor, padding);
    }

    /// <summary>Lists that are filled up to one length.</summary>
    public static IdRows ReadPadded(CaseTensors tensors, TensorInfo tensor, CasePadding padding) => padding.Side == PaddingEnd.Left
        ? TensorRows.ReadLeftPadded(tensor, padding.PadId)
        : TensorRows.ReadRightPadded(tensor, padding.PadId, padding.Lengths is null ? null : tensors.Inputs[padding.Lengths]);
}
