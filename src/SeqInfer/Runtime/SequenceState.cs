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
/// <para>Whatever the family, an answer has the bits of the one for the whole history. <see cref="IsIncremental"/> says what an event costs.</para>
/// <list type="table">
/// <listheader><term>family</term><description>what is kept, and what an event costs</description></listheader>
/// <item><term>recurrent (one direction), gru4rec</term><description>The last state of every layer: one step.</description></item>
/// <item><term>narm</term><description>The last states, and the top layer's at every event: one step, and its attention when asked.</description></item>
/// <item><term>dien</term><description>
/// The first stage's states at every event: one step. The second stage depends on the candidate and runs over them when asked.
/// </description></item>
/// <item><term>sasrec, padding_side "right"</term><description>
/// Keys and values of every event in every block: one row through the blocks, which attends to them, until the window is full.
/// </description></item>
/// <item><term>sasrec, padding_side "left"</term><description>
/// The history, computed anew when asked: positions count from the newest event, so that each event moves all the others.
/// </description></item>
/// <item><term>bert4rec, bidirectional recurrent</term><description>The history: older rows see the new event, so that all of them change.</description></item>
/// <item><term>caser, nextitnet</term><description>
/// The history: convolutions over a window that each event moves, or over the few slots that its end sees.
/// </description></item>
/// <item><term>din</term><description>The history: an event is a row of a table until a candidate looks at it.</description></item>
/// <item><term>srgnn, mind, comirec_sa, mult_vae, mult_dae, autorec and models of your own</term><description>
/// The history: an event changes the session's graph, the routing or the softmax over all events, or the sum that an encoder starts with.
/// </description></item>
/// </list>
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
    private byte[] _values = [];
    private int _historyCount;

    internal SequenceState(SequenceModel model, InputSpec input, StateWindow window)
    {
        Model = model;
        Window = window;
        _input = input;
        Keeper = model.Model.HasState ? model.Model : null;
        if (input.MaxLength > 0 && KeepsHistory)
            _history = new int[input.MaxLength];
    }

    /// <summary>The model it belongs to.</summary>
    public SequenceModel Model { get; }

    /// <summary>Which events count.</summary>
    public StateWindow Window { get; }

    /// <summary>Events that were appended.</summary>
    public long EventCount { get; private set; }

    /// <summary>True while an event costs one step; false for a family that computes anew from the history, and once the window is full.</summary>
    public bool IsIncremental => Keeper is not null && !IsOverflown;

    /// <summary>The family, where it has a way of its own to go on; else null.</summary>
    internal Model? Keeper { get; }

    /// <summary>The events that count; empty where the numbers of the state stand for them.</summary>
    internal ReadOnlySpan<int> History => _history.AsSpan(0, _historyCount);

    /// <summary>Events that <see cref="Values"/> stand for.</summary>
    internal int StateEvents => (int)Math.Min(EventCount, 1 << 30);

    /// <summary>The numbers of the state.</summary>
    internal StateValues Values => ValuesOf(ValueCount);

    /// <summary>Bytes of <see cref="Values"/>, in the order of this machine.</summary>
    internal Span<byte> ValueBytes => _values.AsSpan(0, checked(ValueCount * ValueSize));

    /// <summary>Bytes of a number.</summary>
    internal int ValueSize => StateValues.SizeOf(Model.Device.IsDouble);

    internal bool IsOverflown => Window == StateWindow.NewestEvents && _input.MaxLength > 0 && EventCount > _input.MaxLength;

    private int ValueCount => IsIncremental && EventCount > 0 ? Keeper!.StateSize(StateEvents) : 0;

    private bool KeepsHistory => Keeper is null || (Window == StateWindow.NewestEvents && _input.MaxLength > 0);

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
        if (Keeper is not null && EventCount + ids.Length <= most)
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

    /// <summary>Makes it one that took in so many events, whose ids are given and whose <see cref="Values"/> are to be filled.</summary>
    /// <returns>False where a state of so many events does not hold so many ids or numbers.</returns>
    internal bool TryRestore(long eventCount, ReadOnlySpan<int> history, int valueCount)
    {
        EventCount = eventCount;
        long kept = !KeepsHistory ? 0 : _input.MaxLength > 0 ? Math.Min(eventCount, _input.MaxLength) : eventCount;
        if (eventCount < 0 || history.Length != kept || valueCount != ValueCount)
            return false;
        EnsureHistory(history.Length);
        history.CopyTo(_history);
        _historyCount = history.Length;
        if (valueCount > 0)
            EnsureValues(0);
        return true;
    }

    private StateValues EnsureValues(int more)
    {
        int count = Keeper!.StateSize((int)Math.Min(EventCount + more, 1 << 30));
        int size = checked(count * ValueSize);
        if (size > _values.Length)
            Array.Resize(ref _values, (int)Math.Min(Math.Max(size, 2L * _values.Length), MostBytes(size)));
        return ValuesOf(count);
    }

    // No more than the window can hold.
    private long MostBytes(int needed) => Window == StateWindow.NewestEvents && _input.MaxLength > 0
        ? Math.Max(needed, (long)Keeper!.StateSize(_input.MaxLength) * ValueSize)
        : needed;

    private StateValues ValuesOf(int count) => new(_values.AsSpan(0, checked(count * ValueSize)), Model.Device.IsDouble);

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
