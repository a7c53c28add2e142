namespace SeqInfer.Inputs;

/// <summary>Ids of one input, row after row, with offsets. Ids are checked when they are added.</summary>
public sealed class IdColumn : BatchColumn
{
    private int[] _ids = [];
    private int[] _offsets = [0];
    private int _count;

    internal IdColumn(InputSpec spec)
        : base(spec)
    {
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <summary>All ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, _offsets[_count]);

    /// <summary>Count + 1 offsets into <see cref="Ids"/>.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, _count + 1);

    /// <summary>The ids of one row.</summary>
    public ReadOnlySpan<int> this[int row] => Ids[Offsets[row]..Offsets[row + 1]];

    /// <summary>Adds a row.</summary>
    /// <exception cref="InputException">An id is outside the input's range, or the number of ids is not the fixed one.</exception>
    public void Add(params ReadOnlySpan<int> ids)
    {
        if (Spec.Kind == InputKind.Ids && ids.Length != Spec.Width)
            throw new InputException(Spec.Name, $"row {_count} has {ids.Length} ids, expected {Spec.Width}");
        int bad = ids.IndexOfAnyExceptInRange(Spec.MinId, Spec.MaxId);
        if (bad >= 0)
            throw new InputException(Spec.Name, $"row {_count}, place {bad}: id {ids[bad]} is outside {Spec.MinId} .. {Spec.MaxId}");

        int start = _offsets[_count];
        int end = checked(start + ids.Length);
        Grow(ref _ids, end);
        Grow(ref _offsets, _count + 2);
        ids.CopyTo(_ids.AsSpan(start));
        _count++;
        _offsets[_count] = end;
    }

    /// <inheritdoc/>
    public override void Clear() => _count = 0;
}
