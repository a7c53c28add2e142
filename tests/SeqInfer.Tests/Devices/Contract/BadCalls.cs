using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Contract;

/// <summary>Calls of operations that break one rule each, by name; the message must contain the words given with it.</summary>
internal static class BadCalls
{
    public static readonly Dictionary<string, (string Words, Action<OpRun> Call)> ByName = new()
    {
        ["Write: too few values"] = (
            "5 values for a window [2, 3]",
            run => run.Device.Write(run.Workspace, new float[5], run.Output(2, 3))),
        ["Read: too many places"] = ("7 places for a window [2, 3]", run => run.Device.Read(run.Workspace, run.Input(2, 3), new float[7])),
        ["Read as double: too few places"] = ("5 places", run => run.Device.Read(run.Workspace, run.Input(2, 3), new double[5])),

        ["Embed: output of other rows"] = (
            "expected [2, 3]",
            run => run.Device.Embed(run.Workspace, run.Ids(0, 1), run.Table(4, 3), run.Output(3, 3))),
        ["Embed: output of other columns"] = (
            "expected [2, 3]",
            run => run.Device.Embed(run.Workspace, run.Ids(0, 1), run.Table(4, 3), run.Output(2, 4))),
        ["Embed: id past the table"] = (
            "ids[1] is 4, expected -1 .. 3",
            run => run.Device.Embed(run.Workspace, run.Ids(0, 4), run.Table(4, 3), run.Output(2, 3))),
        ["Embed: id below -1"] = (
            "ids[0] is -2",
            run => run.Device.Embed(run.Workspace, run.Ids(-2, 0), run.Table(4, 3), run.Output(2, 3))),
        ["Embed: position past the table"] = (
            "positions[1] is 5, expected -1 .. 4",
            run => EmbedPositions(run, run.Ids(0, 5), run.Table(5, 3))),
        ["Embed: too few positions"] = ("expected [1, 3]", run => EmbedPositions(run, run.Ids(0), run.Table(5, 3))),
        ["Embed: positions of other columns"] = ("expected [2, 4]", run => EmbedPositions(run, run.Ids(0, 0), run.Table(5, 4))),

        ["GatherRows: row past the input"] = ("rows[0] is 3, expected -1 .. 2", run => Gather(run, run.Ids(3, 0), run.Output(2, 4))),
        ["GatherRows: output of other rows"] = ("expected [2, 4]", run => Gather(run, run.Ids(0, 0), run.Output(3, 4))),
        ["GatherRows: into the input"] = ("overlaps", run =>
        {
            Tensor input = run.Input(3, 4);
            run.Device.GatherRows(run.Workspace, input, run.Ids(0, 0), input.Rows(0, 2));
        }
        ),

        ["CombineRows: row past the left matrix"] = ("leftRows[1] is 3, expected 0 .. 2", run => Pairs(run, run.Ids(0, 3), run.Ids(0, 0), run.Output(2, 4))),
        ["CombineRows: row below 0"] = ("rightRows[0] is -1, expected 0 .. 4", run => Pairs(run, run.Ids(0, 0), run.Ids(-1, 0), run.Output(2, 4))),
        ["CombineRows: other numbers of rows"] = ("2 rows of the left matrix, 1 of the right one", run => Pairs(run, run.Ids(0, 0), run.Ids(0), run.Output(2, 4))),
        ["CombineRows: output of other rows"] = ("expected [2, 4]", run => Pairs(run, run.Ids(0, 0), run.Ids(0, 0), run.Output(3, 4))),

        ["Linear: input of other columns"] = ("expected 4 columns", run => Linear(run, run.Input(2, 3), run.Output(2, 5))),
        ["Linear: output of other columns"] = ("expected [2, 5]", run => Linear(run, run.Input(2, 4), run.Output(2, 4))),
        ["Linear: output of other rows"] = ("expected [2, 5]", run => Linear(run, run.Input(2, 4), run.Output(3, 5))),
        ["Linear: residual of other shape"] = (
            "residual is [1, 5], expected [2, 5]",
            run => Linear(run, run.Input(2, 4), run.Output(2, 5), run.Input(1, 5))),
        ["Linear: into the input"] = ("overlaps", run =>
        {
            Tensor both = run.Input(2, 8);
            Linear(run, both.Columns(0, 4), both.Columns(3, 5));
        }
        ),
        ["Linear: residual shifted from the output"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 5);
            Linear(run, run.Input(2, 4), rows.Rows(0, 2), rows.Rows(1, 2));
        }
        ),

        ["LinearChain: input of other columns"] = ("expected 4 columns", run => Chain(run, run.Input(2, 3), run.Output(2, 5))),
        ["LinearChain: output of other columns"] = ("expected [2, 5]", run => Chain(run, run.Input(2, 4), run.Output(2, 3))),
        ["LinearChain: residual of other shape"] = (
            "residual is [1, 5], expected [2, 5]",
            run => Chain(run, run.Input(2, 4), run.Output(2, 5), run.Input(1, 5))),
        ["LinearChain: into the input"] = ("overlaps", run =>
        {
            Tensor both = run.Input(2, 8);
            Chain(run, both.Columns(0, 4), both.Columns(3, 5));
        }
        ),
        ["LinearChain: no layer"] = ("at least one layer", run => _ = new LinearChain()),
        ["LinearChain: layers that do not fit"] = ("layer 1 takes 4 columns, expected the 3 of the layer before", run =>
        {
            Parameter weight = run.Data.Parameter(3, 4);
            LinearStage stage = new(run.Make(device => device.CreateLinear(weight, null)), ActivationKind.None);
            _ = new LinearChain(stage, stage);
        }
        ),

        ["AggregateLinear: rows of other columns"] = (
            "the layer takes 4 columns, but the rows have 3",
            run => AggregateLinear(run, new NodeRows(run.Input(2, 3)), run.Output(2, 5))),
        ["AggregateLinear: columns beside the aggregates that the layer lacks"] = (
            "the layer takes 4 columns, but the rows have 7",
            run => AggregateLinear(run, new NodeRows(run.Input(2, 4)), run.Output(2, 5), new NodeRows(run.Input(2, 3)))),
        ["AggregateLinear: other rows beside the aggregates"] = (
            "1 rows stand beside the aggregates of 2 nodes",
            run => AggregateLinear(run, new NodeRows(run.Input(2, 1)), run.Output(2, 5), new NodeRows(run.Input(1, 3)))),
        ["AggregateLinear: other senders"] = (
            "the graph has 2 sending nodes, the input 3 rows",
            run => AggregateLinear(run, new NodeRows(run.Table(3, 4)), run.Output(2, 5))),
        ["AggregateLinear: output of other columns"] = (
            "expected [2, 5]",
            run => AggregateLinear(run, new NodeRows(run.Input(2, 4)), run.Output(2, 4))),
        ["AggregateLinear: into the input"] = ("overlaps", run =>
        {
            Tensor both = run.Input(2, 8);
            AggregateLinear(run, new NodeRows(both.Columns(0, 4)), both.Columns(3, 5));
        }
        ),
        ["AggregateLinear: no rows"] = ("input has no rows", run => AggregateLinear(run, default, run.Output(2, 5))),

        ["Apply: output of other shape"] = ("expected [2, 3]", run => Apply(run, run.Input(2, 3), run.Output(2, 4))),
        ["Apply: output shifted from the input"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 5);
            Apply(run, rows.Rows(0, 2), rows.Rows(1, 2));
        }
        ),
        ["PRelu: slopes of other length"] = (
            "4 slopes for 3 columns",
            run => run.Device.PRelu(run.Workspace, run.Input(2, 3), run.Vector(4), run.Output(2, 3))),
        ["Combine: right of other rows"] = (
            "right is [3, 4], expected [2, 4]",
            run => Combine(run, run.Input(2, 4), run.Input(3, 4), run.Output(2, 4))),
        ["Combine: right of other columns"] = (
            "right is [2, 5], expected [2, 4]",
            run => Combine(run, run.Input(2, 4), run.Input(2, 5), run.Output(2, 4))),
        ["Combine: output of other shape"] = (
            "output is [3, 4], expected [2, 4]",
            run => Combine(run, run.Input(2, 4), run.Input(2, 4), run.Output(3, 4))),
        ["Combine: into the one row that is used for all"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(2, 4);
            Combine(run, rows, rows.Rows(0, 1), rows);
        }
        ),

        ["LayerNorm: input of other columns"] = ("expected 4 columns", run => LayerNorm(run, run.Input(2, 3), run.Output(2, 3))),
        ["LayerNorm: output of other rows"] = ("expected [2, 4]", run => LayerNorm(run, run.Input(2, 4), run.Output(1, 4))),
        ["LayerNorm: residual of other rows"] = (
            "residual is [3, 4]",
            run => LayerNorm(run, run.Input(2, 4), run.Output(2, 4), run.Input(3, 4))),
        ["LayerNorm: residual shifted from the output"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 4);
            LayerNorm(run, run.Input(2, 4), rows.Rows(0, 2), rows.Rows(1, 2));
        }
        ),
        ["ScaleShift: scale of other length"] = (
            "expected 5 columns",
            run => run.Device.ScaleShift(run.Workspace, run.Input(2, 4), run.Vector(5), run.Vector(4), run.Output(2, 4))),
        ["ScaleShift: shift of other length"] = (
            "expected 3 columns",
            run => run.Device.ScaleShift(run.Workspace, run.Input(2, 4), run.Vector(4), run.Vector(3), run.Output(2, 4))),
        ["NormalizeL2: output of other shape"] = (
            "expected [2, 4]",
            run => run.Device.NormalizeL2(run.Workspace, run.Input(2, 4), run.Output(2, 3))),
        ["Softmax: output of other shape"] = (
            "expected [2, 4]",
            run => run.Device.Softmax(run.Workspace, run.Input(2, 4), run.Output(1, 4))),

        ["Pool: rows do not fit the sequences"] = (
            "expected [3, 4]",
            run => Pool(run, run.Input(4, 4), run.Ragged(1, 2), run.Output(2, 4))),
        ["Pool: output of other rows"] = ("expected [2, 4]", run => Pool(run, run.Input(3, 4), run.Ragged(1, 2), run.Output(3, 4))),
        ["Pool: into the input"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(3, 4);
            Pool(run, rows, run.Ragged(1, 2), rows.Rows(1, 2));
        }
        ),
        ["Ragged: no offsets"] = ("no offsets", run => PoolOffsets(run, [], 0, 0)),
        ["Ragged: first offset is not 0"] = ("offsets 1 .. 3, expected 0 .. 3", run => PoolOffsets(run, [1, 3], 3, 3)),
        ["Ragged: last offset is not the number of rows"] = ("offsets 0 .. 2, expected 0 .. 3", run => PoolOffsets(run, [0, 2], 3, 3)),
        ["Ragged: offsets descend"] = ("sequence 1 has length -1", run => PoolOffsets(run, [0, 2, 1, 3], 3, 3)),
        ["Ragged: a sequence is longer than the longest"] = (
            "sequence 0 has length 2, expected 0 .. 1",
            run => PoolOffsets(run, [0, 2, 3], 3, 1)),

        ["TopK: k is 0"] = ("('0')", run => TopK(run, k: 0, run.Ids(), run.Output(2, 0))),
        ["TopK: too few places for ids"] = ("5 places for 2 x 3 ids", run => TopK(run, k: 3, run.Ids(new int[5]), run.Output(2, 3))),
        ["TopK: scores of other columns"] = (
            "scores is [2, 4], expected [2, 3]",
            run => TopK(run, k: 3, run.Ids(new int[6]), run.Output(2, 4))),
        ["TopK: exclusions of other count"] = (
            "1 exclusion lists of 1 ids for 2 queries",
            run => TopK(run, 3, run.Ids(new int[6]), run.Output(2, 3), run.Ids(0), run.Ragged(1))),
        ["TopK: exclusions of other ids"] = (
            "2 exclusion lists of 1 ids for 2 queries and 2 ids",
            run => TopK(run, 3, run.Ids(new int[6]), run.Output(2, 3), run.Ids(0, 1), run.Ragged(1, 0))),
        ["TopK: ids over the exclusions"] = ("overlaps", run =>
        {
            Indices ids = run.Ids(new int[6]);
            TopK(run, 3, ids, run.Output(2, 3), ids.Slice(5, 1), run.Ragged(1, 0));
        }
        ),
        ["MergeTopK: no list"] = ("('0')", run => run.Device.MergeTopK(run.Workspace, 0, run.Ids(), run.Input(0, 3), run.Ids(), run.Output(0, 3))),
        ["MergeTopK: lists of other rows"] = ("listScores is [3, 2], expected [4, 2]", run => Merge(run, run.Input(3, 2), run.Ids(new int[4]), run.Output(2, 2))),
        ["MergeTopK: too few places for ids"] = ("8 and 3 places for 8 and 4 ids", run => Merge(run, run.Input(4, 2), run.Ids(new int[3]), run.Output(2, 2))),
        ["MergeTopK: into a list"] = ("overlaps", run =>
        {
            Tensor lists = run.Input(4, 2);
            Merge(run, lists, run.Ids(new int[4]), lists.Rows(0, 2));
        }
        ),
        ["TopK: scores over the queries"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(2, 4);
            run.Device.TopK(run.Workspace, rows, Catalogue(run), 3, default, null, run.Ids(new int[6]), rows.Columns(0, 3));
        }
        ),
        ["SelectTopK: k is 0"] = ("('0')", run => Select(run, k: 0, run.Ids(), run.Output(2, 0))),
        ["SelectTopK: too few places for ids"] = ("5 places for 2 x 3 ids", run => Select(run, k: 3, run.Ids(new int[5]), run.Output(2, 3))),
        ["SelectTopK: scores of other columns"] = ("scores is [2, 4], expected [2, 3]", run => Select(run, k: 3, run.Ids(new int[6]), run.Output(2, 4))),
        ["SelectTopK: exclusions of other count"] = ("1 exclusion lists of 1 ids for 2 queries", run => run.Device.SelectTopK(
            run.Workspace, run.Input(2, 6), 3, [], run.Ids(0), run.Ragged(1), run.Ids(new int[6]), run.Output(2, 3))),
        ["SelectTopK: scores over the values"] = ("overlaps", run =>
        {
            Tensor rows = run.Input(2, 4);
            run.Device.SelectTopK(run.Workspace, rows, 3, [], default, null, run.Ids(new int[6]), rows.Columns(0, 3));
        }
        ),
        ["EmbedBag: id past the table"] = ("ids[1] is 4, expected -1 .. 3", run => Bag(run, run.Ids(0, 4), run.Output(2, 3))),
        ["EmbedBag: offsets do not fit the ids"] = ("3 ids, but the offsets end at 2", run => Bag(run, run.Ids(0, 1, 2), run.Output(2, 3))),
        ["EmbedBag: output of other rows"] = ("expected [2, 3]", run => Bag(run, run.Ids(0, 1), run.Output(3, 3))),
        ["EmbedBag: weights of other rows"] = ("weights is [3, 1], expected [2, 1]", run => Bag(run, run.Ids(0, 1), run.Output(2, 3), run.Workspace.Take(3, 1))),
        ["EmbedBag: weights with gaps"] = ("without gaps", run => Bag(run, run.Ids(0, 1), run.Output(2, 3), run.Workspace.Take(2, 4).Columns(0, 1))),
        ["EmbedBag: output over the weights"] = ("overlaps", run =>
        {
            Tensor weights = run.Workspace.Take(2, 1);
            run.Device.EmbedBag(run.Workspace, run.Ids(0, 1), run.Ragged(1, 1), run.Table(4, 1), weights, weights);
        }
        ),
        ["Score: queries of other columns"] = (
            "expected 4 columns",
            run => run.Device.Score(run.Workspace, run.Input(2, 3), Catalogue(run), run.Output(2, 6))),
        ["Score: output of other columns"] = (
            "expected [2, 6]",
            run => run.Device.Score(run.Workspace, run.Input(2, 4), Catalogue(run), run.Output(2, 5))),
        ["ScoreCandidates: id past the catalogue"] = (
            "candidates[1] is 6, expected -1 .. 5",
            run => Candidates(run, run.Ids(0, 6), run.Ragged(1, 1), run.Output(2, 1))),
        ["ScoreCandidates: offsets do not fit the ids"] = (
            "3 candidates, but the offsets end at 2",
            run => Candidates(run, run.Ids(0, 1, 2), run.Ragged(1, 1), run.Output(3, 1))),
        ["ScoreCandidates: queries do not fit the offsets"] = (
            "expected [3, 4]",
            run => Candidates(run, run.Ids(0, 1), run.Ragged(1, 1, 0), run.Output(2, 1))),
        ["ScoreCandidates: output of two columns"] = (
            "expected [2, 1]",
            run => Candidates(run, run.Ids(0, 1), run.Ragged(1, 1), run.Output(2, 2))),
    };

    private static void EmbedPositions(OpRun run, Indices positions, Table table) =>
        run.Device.Embed(run.Workspace, run.Ids(0, 1), run.Table(4, 3), run.Output(2, 3), 1, positions, table);

    private static void Pairs(OpRun run, Indices left, Indices right, Tensor output) =>
        run.Device.CombineRows(run.Workspace, run.Input(3, 4), left, run.Input(5, 4), right, BinaryOperation.Add, output);

    private static void Bag(OpRun run, Indices ids, Tensor output, Tensor? weights = null) =>
        run.Device.EmbedBag(run.Workspace, ids, run.Ragged(1, 1), run.Table(4, 3), output, weights);

    private static void Select(OpRun run, int k, Indices ids, Tensor scores) =>
        run.Device.SelectTopK(run.Workspace, run.Input(2, 6), k, [], default, null, ids, scores);

    private static void Gather(OpRun run, Indices rows, Tensor output) =>
        run.Device.GatherRows(run.Workspace, run.Input(3, 4), rows, output);

    private static void Linear(OpRun run, Tensor input, Tensor output, Tensor? residual = null)
    {
        Parameter weight = run.Data.Parameter(5, 4);
        run.Device.Linear(run.Workspace, input, run.Make(device => device.CreateLinear(weight, null)), output, residual: residual);
    }

    private static void Chain(OpRun run, Tensor input, Tensor output, Tensor? residual = null)
    {
        Parameter first = run.Data.Parameter(3, 4);
        Parameter second = run.Data.Parameter(5, 3);
        LinearChain chain = new(
            new LinearStage(run.Make(device => device.CreateLinear(first, null)), ActivationKind.Relu),
            new LinearStage(run.Make(device => device.CreateLinear(second, null)), ActivationKind.None));
        run.Device.LinearChain(run.Workspace, input, chain, output, residual);
    }

    private static void AggregateLinear(OpRun run, NodeRows input, Tensor output, NodeRows? own = null)
    {
        Parameter weight = run.Data.Parameter(5, 4);
        LinearWeights weights = run.Make(device => device.CreateLinear(weight, null));
        Graph graph = run.Make(device => device.CreateGraph([0, 1, 2], [1, 0], 2));
        run.Device.AggregateLinear(run.Workspace, input, new Adjacency(graph), AggregateKind.Sum, weights, output, own: own);
    }

    private static void Apply(OpRun run, Tensor input, Tensor output) => run.Device.Apply(run.Workspace, input, ActivationKind.Relu, output);

    private static void Combine(OpRun run, Tensor left, Tensor right, Tensor output) =>
        run.Device.Combine(run.Workspace, left, right, BinaryOperation.Add, output);

    private static void LayerNorm(OpRun run, Tensor input, Tensor output, Tensor? residual = null)
    {
        Parameter ones = run.Data.Parameter(1, 4);
        run.Device.LayerNorm(run.Workspace, input, run.Make(device => device.CreateLayerNorm(ones, ones, 1e-5)), output, residual);
    }

    private static void Pool(OpRun run, Tensor input, Ragged sequences, Tensor output) =>
        run.Device.Pool(run.Workspace, input, sequences, PoolKind.Sum, output);

    private static void PoolOffsets(OpRun run, int[] offsets, int rows, int longest) =>
        Pool(run, run.Input(rows, 4), new Ragged(run.Ids(offsets), rows, longest), run.Output(Math.Max(0, offsets.Length - 1), 4));

    private static Catalogue Catalogue(OpRun run) => RankingOps.Catalogue(run, 6, 4, Similarity.Dot, hasBias: false, excluded: 0);

    private static void Merge(OpRun run, Tensor lists, Indices ids, Tensor scores) =>
        run.Device.MergeTopK(run.Workspace, 2, run.Ids(new int[lists.RowCount * lists.ColumnCount]), lists, ids, scores);

    private static void TopK(OpRun run, int k, Indices ids, Tensor scores, Indices excluded = default, Ragged? exclusions = null) =>
        run.Device.TopK(run.Workspace, run.Input(2, 4), Catalogue(run), k, excluded, exclusions, ids, scores);

    private static void Candidates(OpRun run, Indices ids, Ragged sequences, Tensor output) =>
        run.Device.ScoreCandidates(run.Workspace, run.Input(2, 4), Catalogue(run), ids, sequences, output);
}
