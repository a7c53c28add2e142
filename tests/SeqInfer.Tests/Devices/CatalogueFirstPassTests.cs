using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices;

/// <summary>A catalogue with a first pass beside the same one without: the same bits from every operation, no allocation, the memory it says.</summary>
public sealed class CatalogueFirstPassTests
{
    private const int Items = 6001;
    private const int Columns = 20;

    // More than one block of queries, the second not full
    private const int Queries = 69;

    public static TheoryData<string, Similarity> DevicesAndSimilarities
    {
        get
        {
            TheoryData<string, Similarity> data = [];
            foreach (string device in TestDevices.Names)
            {
                foreach (Similarity similarity in Enum.GetValues<Similarity>()) data.Add(device, similarity);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(DevicesAndSimilarities))]
    public void TopK_is_the_same(string device, Similarity similarity) => Check(device, similarity, (run, catalogue) =>
    {
        const int K = 7;
        Tensor queries = run.Input(Queries, Columns);
        Ragged lists = run.Ragged([.. Enumerable.Range(0, Queries).Select(query => query % 5 * 40)]);
        Indices excluded = run.Ids(run.Data.Ids(lists.RowCount, -3, Items + 3));
        Indices ids = run.IdOutput(Queries * K);
        Tensor scores = run.Output(Queries, K);
        return () => run.Device.TopK(run.Workspace, queries, catalogue, K, excluded, lists, ids, scores);
    });

    [Theory, MemberData(nameof(DevicesAndSimilarities))]
    public void Scores_are_the_same(string device, Similarity similarity) => Check(device, similarity, (run, catalogue) =>
    {
        Tensor queries = run.Input(3, Columns);
        Tensor output = run.Output(3, Items);
        return () => run.Device.Score(run.Workspace, queries, catalogue, output);
    });

    [Theory, MemberData(nameof(DevicesAndSimilarities))]
    public void Scores_of_candidates_are_the_same(string device, Similarity similarity) => Check(device, similarity, (run, catalogue) =>
    {
        Ragged sequences = run.Ragged(0, 1, 50, 17);
        Indices candidates = run.Ids(run.Data.Ids(sequences.RowCount, -1, Items - 1));
        Tensor queries = run.Input(4, Columns);
        Tensor output = run.Output(sequences.RowCount, 1);
        return () => run.Device.ScoreCandidates(run.Workspace, queries, catalogue, candidates, sequences, output);
    });

    [Fact]
    public void It_takes_a_quarter_more_memory_than_the_vectors()
    {
        using var device = Device.Parse(TestDevices.BestCpu);
        Parameter vectors = Parameter.FromValues("items", 8192, 64, new float[8192 * 64]);
        long none = device.CreateCatalogue(vectors, null, new CatalogueOptions()).ByteCount;
        device.CatalogueFirstPass = CatalogueFirstPass.Int8;
        long coded = device.CreateCatalogue(vectors, null, new CatalogueOptions()).ByteCount;
        Assert.Equal(none, device.CreateCatalogue(vectors, null, new CatalogueOptions { FirstPass = CatalogueFirstPass.None }).ByteCount);
        Assert.InRange(coded - none, 8192 * 64, 8192 * 65);
    }

    private static void Check(string device, Similarity similarity, Func<OpRun, Catalogue, Action> setup)
    {
        OpResults[] results = [.. Enum.GetValues<CatalogueFirstPass>().Select(pass => OpHarness.Run(
            TestDevices.Get(device),
            new OpCase($"{similarity}, first pass {pass}", 5, OpTolerance.Exact, run =>
            {
                float[] values = run.Data.Values(Items * Columns, 1);
                float[]? bias = similarity == Similarity.Dot ? run.Data.Values(Items, 1) : null;
                CatalogueOptions options = new() { Similarity = similarity, ExcludedIds = [0, 77, Items - 1], FirstPass = pass };
                return setup(run, run.Make(created => created.CreateCatalogue(
                    Parameter.FromValues("items", Items, Columns, values),
                    bias is null ? null : Parameter.FromValues("bias", 1, Items, bias),
                    options)));
            })))];
        Assert.All(results, result => result.ShouldEqual(results[0]));
    }
}
