using System.Collections.Immutable;

namespace SeqInfer.Inputs;

/// <summary>The inputs a model takes and the outputs it gives, by name.</summary>
public sealed class ModelSignature
{
    /// <summary>Creates a signature. The first output is the default one.</summary>
    /// <exception cref="ArgumentException">There is no output, a name appears twice, or there are more than 64 outputs.</exception>
    public ModelSignature(IEnumerable<InputSpec> inputs, IEnumerable<OutputSpec> outputs)
    {
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        if (Outputs.IsEmpty || Outputs.Length > 64)
            throw new ArgumentException($"a model has 1 to 64 outputs, not {Outputs.Length}", nameof(outputs));
        if (Inputs.Select(input => input.Name).Distinct().Count() != Inputs.Length)
            throw new ArgumentException("two inputs share a name", nameof(inputs));
        if (Outputs.Select(output => output.Name).Distinct().Count() != Outputs.Length)
            throw new ArgumentException("two outputs share a name", nameof(outputs));
    }

    /// <summary>The inputs.</summary>
    public ImmutableArray<InputSpec> Inputs { get; }

    /// <summary>The outputs; the first is the default one.</summary>
    public ImmutableArray<OutputSpec> Outputs { get; }

    /// <summary>The place of an input in <see cref="Inputs"/>, or -1.</summary>
    public int IndexOfInput(string name)
    {
        for (int i = 0; i < Inputs.Length; i++)
        {
            if (Inputs[i].Name == name)
                return i;
        }

        return -1;
    }

    /// <summary>The place of an output in <see cref="Outputs"/>, or -1.</summary>
    public int IndexOfOutput(string name)
    {
        for (int i = 0; i < Outputs.Length; i++)
        {
            if (Outputs[i].Name == name)
                return i;
        }

        return -1;
    }

    /// <summary>The set of the named outputs.</summary>
    /// <exception cref="ArgumentException">The model has no output of that name; the message lists those it has.</exception>
    public OutputSet Select(params ReadOnlySpan<string> names)
    {
        OutputSet set = default;
        foreach (string name in names)
        {
            int index = IndexOfOutput(name);
            if (index < 0)
                throw new ArgumentException($"no output '{name}'; there are: {string.Join(", ", Outputs.Select(output => output.Name))}", nameof(names));
            set = set.With(index);
        }

        return set;
    }
}
