using System.Runtime.InteropServices;

namespace SeqInfer.Features;

/// <summary>A list of events in any order: the raw material of every model input.</summary>
public sealed class EventLog
{
    private readonly List<InteractionEvent> _events;

    /// <summary>Creates an empty log.</summary>
    public EventLog()
        : this([])
    {
    }

    /// <summary>Creates a log of some events.</summary>
    public EventLog(IEnumerable<InteractionEvent> events) => _events = [.. events];

    /// <summary>The events in the order they were added.</summary>
    public IReadOnlyList<InteractionEvent> Events => _events;

    /// <summary>Number of events.</summary>
    public int Count => _events.Count;

    /// <summary>Adds an event.</summary>
    public void Add(InteractionEvent item) => _events.Add(item);

    /// <summary>How often each item appears.</summary>
    public IReadOnlyDictionary<int, int> CountItems() => Counts(_events, item => item.Item);

    /// <summary>A log with the events that the options keep, in the same order.</summary>
    /// <remarks>
    /// Ratings come first; then repeats and the minimum numbers of events, again and again until nothing changes, since each removal can
    /// bring others about. The result does not depend on the order of the log beyond that of equal times.
    /// </remarks>
    public EventLog Clean(CleaningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<InteractionEvent> kept = _events.FindAll(item => item.Rating >= options.MinRating);
        for (int before = -1; before != kept.Count;)
        {
            before = kept.Count;
            if (options.DropConsecutiveDuplicates)
                kept = WithoutRepeats(kept);
            kept = AtLeast(kept, item => item.User, options.MinEventsPerUser);
            kept = AtLeast(kept, item => item.Item, options.MinEventsPerItem);
        }

        return new EventLog(kept);
    }

    /// <summary>Splits by time: what happened before goes into training, the rest into the test.</summary>
    /// <param name="timestamp">First timestamp of the test.</param>
    public (EventLog Train, EventLog Test) SplitAt(long timestamp) =>
        (new EventLog(_events.Where(item => item.Timestamp < timestamp)), new EventLog(_events.Where(item => item.Timestamp >= timestamp)));

    /// <summary>Splits by time so that at least a fraction of the events lies in the test; events of one time stay together.</summary>
    /// <param name="testFraction">Between 0 and 1.</param>
    public (EventLog Train, EventLog Test) SplitLatest(double testFraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(testFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(testFraction, 1);
        long[] times = [.. _events.Select(item => item.Timestamp).Order()];
        int test = (int)Math.Ceiling(times.Length * testFraction);
        return test == 0 ? (new EventLog(_events), new EventLog()) : SplitAt(times[^test]);
    }

    /// <summary>The events of every user in the order of time; events of one time keep the order of the log. Users in the order of their ids.</summary>
    public UserSequences ToSequences() => new(Sorted(_events));

    private static InteractionEvent[] Sorted(List<InteractionEvent> events) =>
        [.. events.OrderBy(item => item.User).ThenBy(item => item.Timestamp)];

    private static List<InteractionEvent> WithoutRepeats(List<InteractionEvent> events)
    {
        // Places, not values: two events of a log may be equal.
        int[] order = [.. Enumerable.Range(0, events.Count).OrderBy(i => events[i].User).ThenBy(i => events[i].Timestamp)];
        bool[] dropped = new bool[events.Count];
        for (int i = 1; i < order.Length; i++)
        {
            InteractionEvent last = events[order[i - 1]];
            InteractionEvent next = events[order[i]];
            dropped[order[i]] = last.User == next.User && last.Item == next.Item;
        }

        return [.. events.Where((_, i) => !dropped[i])];
    }

    private static List<InteractionEvent> AtLeast(List<InteractionEvent> events, Func<InteractionEvent, int> key, int least)
    {
        if (least <= 1)
            return events;
        Dictionary<int, int> counts = Counts(events, key);
        return events.FindAll(item => counts[key(item)] >= least);
    }

    private static Dictionary<int, int> Counts(List<InteractionEvent> events, Func<InteractionEvent, int> key)
    {
        Dictionary<int, int> counts = [];
        foreach (InteractionEvent item in events)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key(item), out _)++;
        return counts;
    }
}
