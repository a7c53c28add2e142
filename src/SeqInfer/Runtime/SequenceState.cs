using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer;

/// <summary>Which events a state counts that has taken in more than the model looks at.</summary>
public enum StateWindow
{
    /// <summary>
    /// The newest ones, as the model counts them in a history: what the state gives is, bit for bit, what the history gives.
    /// Once the window is full, every answer computes it anew.
    /// </summary>
    NewestEvents,

    /// <summary>All of them: the recurrence goes on, and an event costs the same for ever. Only for families whose state does not grow.</summary>
    AllEvents,
}

/// <summary>
/// One user's history as a model has taken it in, to be asked and extended by an event at a time. Append and answer without allocating.
/// Belongs to one thread at a time; holds managed memory only.
/// </summary>
/// <remarks>
/// <see cref="IsIncremental"/> says what an event costs. Recurrent families (recurrent without a backward direction, gru4rec) keep their last
/// states, and narm those of all events: an event is one step. Other families, where a new event changes what the older ones became, keep the
/// history and compute anew when they are asked. Either way the answer has the bits of <c>Recommend(history, ...)</c>.
/// </remarks>
/// <example>
/// <code>
/// SequenceState user = model.CreateState();
/// user.Append(42);
/// ScoredItem[] top = model.Recommend(user, k: 10, exclude: seen);
/// byte[] bytes = user.Save();
/// SequenceState again = model.RestoreState(bytes);
/// </code>
/// </example>
public sealed class SequenceState
{
    private readonly InputSpec _input;
    private int[] _history = [];
    private double[] _values = [];
    private int _historyCount;

    internal SequenceState(SequenceModel model, InputSpec input, StateWindow window)
    {
        Model = model;
        Window = window;
        _input = input;
        Encoder = model.Model as SequenceEncoder is { HasState: true } encoder ? encoder : null;
        if (input.MaxLength > 0 && KeepsHistory)
            _history = new int[input.MaxLength];
        if (Encoder is not null)
            _values = new double[Encoder.StateSize(window == StateWindow.AllEvents ? 1 : input.MaxLength)];
    }

    /// <summary>The model it belongs to.</summary>
    public SequenceModel Model { get; }

    /// <summary>Which events count.</summary>
    public StateWindow Window { get; }

    /// <summary>Events that were appended.</summary>
    public long EventCount { get; private set; }

    /// <summary>True while an event costs one step; false for a family that computes anew from the history, and once the window is full.</summary>
    public bool IsIncremental => Encoder is not null && !IsOverflown;

    /// <summary>The family's own way to go on; null where it has none.</summary>
    internal SequenceEncoder? Encoder { get; }

    /// <summary>The events that count; empty where the numbers of the state stand for them.</summary>
    internal ReadOnlySpan<int> History => _history.AsSpan(0, _historyCount);

    /// <summary>Events that <see cref="Values"/> stand for.</summary>
    internal int StateEvents => (int)Math.Min(EventCount, 1 << 30);

    /// <summary>The numbers of the state.</summary>
    internal Span<double> Values => _values.AsSpan(0, ValueCount);

    internal bool IsOverflown => Window == StateWindow.NewestEvents && _input.MaxLength > 0 && EventCount > _input.MaxLength;

    private int ValueCount => IsIncremental && EventCount > 0 ? Encoder!.StateSize(StateEvents) : 0;

    private bool KeepsHistory => Encoder is null || (Window == StateWindow.NewestEvents && _input.MaxLength > 0);

    /// <summary>Takes events in, the oldest first.</summary>
    /// <exception cref="InputException">An id is not one of the model's, or there are more than it takes; the state has not changed.</exception>
    public void Append(params ReadOnlySpan<int> ids)
    {
        int bad = ids.IndexOfAnyExceptInRange(_input.MinId, _input.MaxId);
        if (bad >= 0)
            throw new InputException(_input.Name, $"place {bad}: id {ids[bad]} is outside {_input.MinId} .. {_input.MaxId}");
        long most = _input.MaxLength > 0 && Window == StateWindow.NewestEvents ? _input.MaxLength : long.MaxValue;
        if (Model.Options.LongHistory == LongHistory.Reject && EventCount + ids.Length > most)
            throw new InputException(_input.Name, $"{EventCount + ids.Length} events, the model takes at most {most}");
        if (Encoder is not null && EventCount + ids.Length <= most)
            Model.Advance(this, ids, EnsureValues(ids.Length));
        if (KeepsHistory)
            Remember(ids);
        EventCount += ids.Length;
    }

    /// <summary>Forgets all events.</summary>
    public void Clear()
    {
        EventCount = 0;
        _historyCount = 0;
    }

    /// <summary>Everything that <see cref="SequenceModel.RestoreState"/> needs, with a version and the model's fingerprint.</summary>
    public byte[] Save() => Runtime.StateFormat.Write(this);

    /// <summary>Takes over what was saved.</summary>
    /// <returns>False where a state of so many events does not hold so many ids or numbers.</returns>
    internal bool TryRestore(long eventCount, ReadOnlySpan<int> history, ReadOnlySpan<double> values)
    {
        EventCount = eventCount;
        long kept = !KeepsHistory ? 0 : _input.MaxLength > 0 ? Math.Min(eventCount, _input.MaxLength) : eventCount;
        if (eventCount < 0 || history.Length != kept || values.Length != ValueCount)
            return false;
        EnsureHistory(history.Length);
        history.CopyTo(_history);
        _historyCount = history.Length;
        if (!values.IsEmpty)
            values.CopyTo(EnsureValues(0));
        return true;
    }

    private Span<double> EnsureValues(int more)
    {
        int size = Encoder!.StateSize((int)Math.Min(EventCount + more, 1 << 30));
        if (size > _values.Length)
            Array.Resize(ref _values, size);
        return _values.AsSpan(0, size);
    }

    private void EnsureHistory(int count)
    {
        if (count > _history.Length)
            Array.Resize(ref _history, (int)Math.Max(count, Math.Min(2L * _history.Length, Array.MaxLength)));
    }

    /// <summary>Keeps the newest events.</summary>
    private void Remember(ReadOnlySpan<int> ids)
    {
        if (_input.MaxLength > 0)
        {
            ids = ids[Math.Max(0, ids.Length - _input.MaxLength)..];
            int gone = Math.Max(0, _historyCount + ids.Length - _input.MaxLength);
            _history.AsSpan(gone, _historyCount - gone).CopyTo(_history);
            _historyCount -= gone;
        }

        EnsureHistory(checked(_historyCount + ids.Length));
        ids.CopyTo(_history.AsSpan(_historyCount));
        _historyCount += ids.Length;
    }
}
