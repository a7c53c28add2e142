namespace SeqInfer.Inputs;

/// <summary>Floats of one input, row after row.</summary>
public sealed class ValueColumn : BatchColumn
{
    private float[] _values = [];
    private int _count;

    internal ValueColumn(InputSpec spec)
        : base(spec)
    {
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, checked(_count * Spec.Width));

    /// <summary>Adds a row.</summary>
    /// <exception cref="InputException">The number of values is not the input's, or a value is NaN.</exception>
    public void Add(params ReadOnlySpan<float> values)
    {
        if (values.Length != Spec.Width)
            throw new InputException(Spec.Name, $"row {_count} has {values.Length} values, expected {Spec.Width}");
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
                throw new InputException(Spec.Name, $"row {_count}, column {i} is NaN");
        }

        int start = _count * Spec.Width;
        Grow(ref _values, checked(start + values.Length));
        values.CopyTo(_values.AsSpan(start));
        _count++;
    }

    /// <inheritdoc/>
    public override void Clear() => _count = 0;
}
