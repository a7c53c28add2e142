using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Features;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Features;

public sealed class EventLogTests
{
    private static readonly Gen<InteractionEvent[]> Logs = Gen.ListOf(
        from user in Gen.Choose(1, 5)
        from item in Gen.Choose(1, 6)
        from time in Gen.Choose(0, 8)
        from rating in Gen.Choose(1, 5)
        select new InteractionEvent(user, item, time, rating)).Select(list => list.ToArray());

    [Fact]
    public void Sequences_hold_every_event_in_the_order_of_time_and_then_of_the_log() => Property.Check(Logs, events =>
    {
        UserSequences sequences = new EventLog(events).ToSequences();
        Assert.Equal(events.Length, sequences.EventCount);
        Assert.Equal(events.Select(one => one.User).Distinct().Order(), sequences.Users.ToArray());
        for (int row = 0; row < sequences.Count; row++)
        {
            InteractionEvent[] own = [.. events.Where(one => one.User == sequences.Users[row]).OrderBy(one => one.Timestamp)];
            Assert.Equal(own.Select(one => one.Item), sequences[row].ToArray());
            Assert.Equal(own.Select(one => one.Timestamp), sequences.Timestamps(row).ToArray());
        }
    });

    [Fact]
    public void Cleaning_gives_the_k_core() => Property.Check(
        from events in Logs
        from users in Gen.Choose(1, 4)
        from items in Gen.Choose(1, 4)
        select (events, users, items),
        sample =>
        {
            EventLog kept = new EventLog(sample.events).Clean(new CleaningOptions { MinEventsPerUser = sample.users, MinEventsPerItem = sample.items });
            Assert.All(kept.Events.GroupBy(one => one.User), group => Assert.True(group.Count() >= sample.users));
            Assert.All(kept.Events.GroupBy(one => one.Item), group => Assert.True(group.Count() >= sample.items));

            // The core is the largest such log: removing one offender after the other, in any order, ends there.
            List<InteractionEvent> rest = [.. sample.events];
            while (rest.FindIndex(one => rest.Count(other => other.Item == one.Item) < sample.items || rest.Count(other => other.User == one.User) < sample.users) is int offender and >= 0)
                rest.RemoveAt(offender);
            Assert.Equal(rest, kept.Events);
        });

    [Fact]
    public void Cleaning_leaves_no_repeats_and_no_low_ratings() => Property.Check(Logs, events =>
    {
        var options = new CleaningOptions { DropConsecutiveDuplicates = true, MinRating = 3, MinEventsPerItem = 2 };
        EventLog kept = new EventLog(events).Clean(options);
        Assert.All(kept.Events, one => Assert.True(one.Rating >= 3));
        UserSequences sequences = kept.ToSequences();
        for (int row = 0; row < sequences.Count; row++)
        {
            for (int i = 1; i < sequences[row].Length; i++)
                Assert.NotEqual(sequences[row][i - 1], sequences[row][i]);
        }

        Assert.Equal(kept.Events, kept.Clean(options).Events);
    });

    [Fact]
    public void Of_repeats_the_first_is_kept()
    {
        var log = new EventLog([new(1, 7, 30), new(1, 7, 10), new(2, 7, 15), new(1, 7, 20), new(1, 8, 40), new(1, 7, 50)]);
        Assert.Equal(
            [new(1, 7, 10), new(2, 7, 15), new(1, 8, 40), new(1, 7, 50)],
            log.Clean(new CleaningOptions { DropConsecutiveDuplicates = true }).Events);
    }

    [Fact]
    public void A_split_by_time_divides_the_log() => Property.Check(
        from events in Logs
        from percent in Gen.Choose(0, 100)
        select (events, fraction: percent / 100.0),
        sample =>
        {
            (EventLog train, EventLog test) = new EventLog(sample.events).SplitLatest(sample.fraction);
            Assert.Equal(sample.events.Length, train.Count + test.Count);
            Assert.True(test.Count >= sample.fraction * sample.events.Length);
            if (train.Count > 0 && test.Count > 0)
                Assert.True(train.Events.Max(one => one.Timestamp) < test.Events.Min(one => one.Timestamp));
        });

    [Fact]
    public void Items_are_counted() =>
        Assert.Equal(new Dictionary<int, int> { [7] = 2, [8] = 1 }, new EventLog([new(1, 7, 0), new(2, 7, 0), new(1, 8, 0)]).CountItems());
}
