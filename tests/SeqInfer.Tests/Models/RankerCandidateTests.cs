using SeqInfer.Inputs;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Tests.Runtime;

namespace SeqInfer.Tests.Models;

/// <summary>Rankers over fields and over histories, asked for candidates.</summary>
public class RankerCandidateTests
{
    // Both ways add the same products in another order, in double precision.
    private const double Reordered = 1e-10;

    private static readonly string[] FieldFamilies = ["lr-", "fm-", "widedeep-", "deepfm-", "dcn-", "dcnv2-"];
    private static readonly string[] InterestFamilies = ["din-", "dien-"];

    public static TheoryData<string> FieldCases =>
        [.. Goldens.CaseNames.Where(name => Array.Exists(FieldFamilies, name.StartsWith) && !name.EndsWith("-candidates", StringComparison.Ordinal))];

    public static TheoryData<string> InterestCases => [.. Goldens.CaseNames.Where(name => Array.Exists(InterestFamilies, name.StartsWith))];

    [Theory]
    [MemberData(nameof(FieldCases))]
    public void A_candidate_gets_what_a_row_with_its_fields_gets(string name)
    {
        using var rows = SequenceModel.Load(Goldens.Case(name), new LoadOptions { Device = "reference" });
        using var candidates = SequenceModel.Load(Goldens.Case(name), new LoadOptions
        {
            Device = "reference",
            ConfigOverrides = new Dictionary<string, string> { ["item_id_field"] = "\"item_id\"" },
        });
        int item = rows.Signature.IndexOfInput("item_id");
        var random = new Random(3);
        Batch whole = rows.CreateBatch();
        Batch split = candidates.CreateBatch();
        for (int user = 0; user < 3; user++)
        {
            RandomRequests.Row request = RandomRequests.Create(rows.Signature, random);
            int[] ids = [.. Enumerable.Range(0, 5).Select(_ => random.Next(rows.Signature.Inputs[item].MaxId + 1))];
            foreach (int id in ids)
                (request with { Ids = [.. request.Ids.Select((own, i) => i == item ? [id] : own)] }).AddTo(whole);
            AddWithout(split, rows.Signature, request, item, ids);
        }

        double[] expected = Run(rows, whole);
        double[] actual = Run(candidates, split);
        Assert.Equal(15, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected[i], actual[i], Reordered);
    }

    [Theory]
    [MemberData(nameof(InterestCases))]
    public void Many_candidates_get_bit_for_bit_what_each_gets_alone(string name)
    {
        using SequenceModel model = Goldens.Load(name);
        var random = new Random(5);
        int candidates = model.Signature.IndexOfInput("candidates");
        RandomRequests.Row[] users = [.. Enumerable.Range(0, 3).Select(_ => RandomRequests.Create(model.Signature, random))];
        int[] ids = [.. Enumerable.Range(0, 400).Select(_ => random.Next(1, model.Signature.Inputs[candidates].MaxId + 1))];
        Batch batch = model.CreateBatch();
        foreach (RandomRequests.Row user in users)
            With(user, candidates, ids).AddTo(batch);
        double[] together = Run(model, batch);

        for (int i = 0; i < together.Length; i += 7)
        {
            batch.Clear();
            With(users[i / ids.Length], candidates, [ids[i % ids.Length]]).AddTo(batch);
            Assert.Equal(together[i], Run(model, batch)[0]);
        }
    }

    [Fact]
    public void What_fills_up_a_list_does_not_count()
    {
        using var model = SequenceModel.Load(Goldens.Case("deepfm-recbole"));
        var random = new Random(7);
        RandomRequests.Row row = RandomRequests.Create(model.Signature, random);
        int list = model.Signature.IndexOfInput("class");
        Batch batch = model.CreateBatch();
        With(row, list, [3, 5]).AddTo(batch);
        With(row, list, [-1, 3, 0, 5, -1]).AddTo(batch);
        double[] logits = Run(model, batch);
        Assert.Equal(logits[0], logits[1]);
    }

    [Fact]
    public void Memory_does_not_grow_with_candidates_times_events()
    {
        using SequenceModel model = Goldens.Load("din-recbole");
        using ModelWorkspace few = model.CreateWorkspace(maxBatch: 1, maxCandidates: 10_000);
        using ModelWorkspace twice = model.CreateWorkspace(maxBatch: 1, maxCandidates: 20_000);
        long perCandidate = (twice.ByteCount - few.ByteCount) / 10_000;

        // A candidate's row of the last network, its projected target and its indices; not 9 events of it.
        Assert.InRange(perCandidate, 1, 4 * 256);
    }

    private static RandomRequests.Row With(RandomRequests.Row row, int input, int[] ids) =>
        row with { Ids = [.. row.Ids.Select((own, i) => i == input ? ids : own)] };

    private static void AddWithout(Batch batch, ModelSignature whole, RandomRequests.Row row, int item, int[] candidates)
    {
        for (int i = 0; i < whole.Inputs.Length; i++)
        {
            if (i == item)
                batch.Ids("candidates").Add(candidates);
            else if (row.Ids[i] is { } ids)
                batch.Ids(whole.Inputs[i].Name).Add(ids);
            else
                batch.Values(whole.Inputs[i].Name).Add(row.Values[i]);
        }
    }

    private static double[] Run(SequenceModel model, Batch batch)
    {
        using ModelWorkspace workspace = model.CreateWorkspace(maxBatch: batch.Count, maxEvents: 4096, maxCandidates: 4096);
        model.Run(batch, workspace, model.Signature.Select("logits"));
        double[] values = new double[workspace["logits"].ElementCount];
        workspace["logits"].CopyTo(values);
        return values;
    }
}
