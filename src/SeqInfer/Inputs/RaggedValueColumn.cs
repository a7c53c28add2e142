namespace SeqInfer.Inputs;

/// <summary>Floats of one input, any number a row, with offsets: as many as the input of ids beside them has.</summary>
public sealed class RaggedValueColumn : BatchColumn
{
    private float[] _values = [];
    private int[] _offsets = [0];
    private int _count;

    internal RaggedValueColumn(InputSpec spec)
        : base(spec)
    {
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <summary>All values.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, _offsets[_count]);

    /// <summary>Count + 1 offsets into <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, _count + 1);

    /// <summary>Adds a row.</summary>
    /// <exception cref="InputException">A value is NaN.</exception>
    public void Add(params ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
                throw new InputException(Spec.Name, $"row {_count}, place {i} is NaN");
        }

        int start = _offsets[_count];
        int end = checked(start + values.Length);
        Grow(ref _values, end);
        Grow(ref _offsets, _count + 2);
        values.CopyTo(_values.AsSpan(start));
        _count++;
        _offsets[_count] = end;
    }

    /// <inheritdoc/>
    public override void Clear() => _count = 0;
}
