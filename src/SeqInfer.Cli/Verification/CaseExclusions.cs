using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>What a list must not hold, row by row.</summary>
internal static class CaseExclusions
{
    /// <summary>
    /// The ids to be fed as exclusions; null where there are none. Of the ids that are excluded for every row only those that the model
    /// takes for items are fed: keeping its padding out is its own task, and is verified.
    /// </summary>
    public static IdRows? Collect(CaseDefinition definition, CaseTensors tensors, ModelSignature signature, InputRows rows, TopKOutput list)
    {
        int[] always = [.. list.ExcludeIds.Where(id => IsItem(signature, id))];
        IdRows? single = Rows(definition, tensors, rows, list);
        if (always.Length == 0 && single is null)
            return null;
        if (single is not null && single.RowCount < rows.RowCount)
            throw new CaseFormatException(CaseBinder.File(definition), "exclude", $"{single.RowCount} lists for {rows.RowCount} rows");
        return IdRows.FromLists([.. Enumerable.Range(0, rows.RowCount).Select(row => (int[])[.. always, .. single is null ? [] : single[row]])]);
    }

    /// <summary>The ids that must not come back for single rows; null where there are none.</summary>
    public static IdRows? Rows(CaseDefinition definition, CaseTensors tensors, InputRows rows, TopKOutput list) => list.Exclude switch
    {
        CaseExclusion.Input input => rows[input.Name] as IdRows
            ?? throw new CaseFormatException(CaseBinder.File(definition), "exclude", $"\"{input.Name}\" is not allowed; expected \"train_edges\", ids with offsets, or an input of ids"),
        CaseExclusion.Lists lists => TensorRows.ReadRagged(tensors.Inputs[lists.Source.Ids], tensors.Inputs[lists.Source.Offsets]),
        CaseExclusion.TrainEdges => OfUsers(FromEdges(definition, tensors, rows.RowCount), rows),
        _ => null,
    };

    private static bool IsItem(ModelSignature signature, int id)
    {
        int index = signature.IndexOfInput(RankingHead.CandidatesInput);
        return index < 0 || (id >= signature.Inputs[index].MinId && id <= signature.Inputs[index].MaxId);
    }

    // Edges are two lists of equal length, or the items of user after user with offsets.
    private static IdRows FromEdges(CaseDefinition definition, CaseTensors tensors, int rowCount)
    {
        TensorInfo items = Edges(definition, tensors, "edges.items");
        if (definition.Inputs.ContainsKey("edges.offsets"))
            return TensorRows.ReadRagged(items, Edges(definition, tensors, "edges.offsets"));
        int[] users = Edges(definition, tensors, "edges.users").ToInt32s();
        ILookup<int, int> byUser = users.Zip(items.ToInt32s()).ToLookup(edge => edge.First, edge => edge.Second);
        int count = Math.Max(rowCount, users.Length == 0 ? 0 : users.Max() + 1);
        return IdRows.FromLists([.. Enumerable.Range(0, count).Select(user => byUser[user].ToArray())]);
    }

    // Row r asks for a user, whose own edges count.
    private static IdRows OfUsers(IdRows byUser, InputRows rows) => rows["users"] is IdRows users
        ? IdRows.FromLists([.. Enumerable.Range(0, rows.RowCount)
            .Select(row => users[row] is [int user] && user >= 0 && user < byUser.RowCount ? byUser[user].ToArray() : [])])
        : byUser;

    private static TensorInfo Edges(CaseDefinition definition, CaseTensors tensors, string name) =>
        definition.Inputs.TryGetValue(name, out CaseInput? input) && input is TensorInput tensor
            ? tensors.Inputs[tensor.Tensor]
            : throw new CaseFormatException(CaseBinder.File(definition), "exclude", $"\"train_edges\" needs the input '{name}'");
}
