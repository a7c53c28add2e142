using SeqInfer.Inputs;

namespace SeqInfer.Cli.Data;

/// <summary>The items that a graph of users and items joins with each user.</summary>
internal sealed class UserEdges
{
    private readonly ILookup<int, int> _items;

    private UserEdges(ILookup<int, int> items) => _items = items;

    /// <summary>The edges among a model's data: "edges.items" with "edges.users", or with "edges.offsets" user after user; null without them.</summary>
    public static UserEdges? Read(ModelData data)
    {
        if (!data.Contains("edges.items"))
            return null;
        int[] items = data.Ids("edges.items", out _, out _).ToArray();
        if (data.Contains("edges.users"))
            return new UserEdges(data.Ids("edges.users", out _, out _).ToArray().Zip(items).ToLookup(edge => edge.First, edge => edge.Second));
        if (!data.Contains("edges.offsets") || IdRows.TryFromRagged(data.Ids("edges.offsets", out _, out _).ToArray(), items) is not { } lists)
            return null;
        return new UserEdges(Enumerable.Range(0, lists.RowCount)
            .SelectMany(user => lists[user].ToArray().Select(item => (User: user, Item: item)))
            .ToLookup(edge => edge.User, edge => edge.Item));
    }

    /// <summary>The items of the user of each row.</summary>
    public IdRows Of(IdRows users) => IdRows.FromLists([.. Enumerable.Range(0, users.RowCount).Select(row => _items[users[row][0]].ToArray())]);
}
