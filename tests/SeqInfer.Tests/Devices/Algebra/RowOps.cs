using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Devices.Ops;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>Computes the results of a batch of rows, one array a row.</summary>
internal delegate double[][] RowFunction(Tensor input);

/// <summary>Operations that treat each row of a batch by itself, with fixed weights.</summary>
internal static class RowOps
{
    /// <summary>Makes the weights for an input of so many columns, at least 2, and gives the function.</summary>
    private static readonly Dictionary<string, Func<OpRun, int, RowFunction>> ByName = new()
    {
        ["Apply"] = (run, columns) => Into(run, columns, (input, output) => run.Device.Apply(run.Workspace, input, ActivationKind.Gelu, output)),
        ["PRelu"] = PRelu,
        ["Combine"] = Combine,
        ["Combine with one row"] = CombineWithOneRow,
        ["Linear"] = Linear,
        ["Linear with residual"] = LinearWithResidual,
        ["Linear to one column"] = (run, columns) => Linear(run, columns, 1),
        ["LinearChain"] = LinearChain,
        ["LayerNorm"] = LayerNorm,
        ["ScaleShift"] = ScaleShift,
        ["NormalizeL2"] = (run, columns) => Into(run, columns, (input, output) => run.Device.NormalizeL2(run.Workspace, input, output)),
        ["Softmax"] = (run, columns) => Into(run, columns, (input, output) => run.Device.Softmax(run.Workspace, input, output)),
        ["Log-softmax"] = (run, columns) => Into(run, columns, (input, output) => run.Device.Softmax(run.Workspace, input, output, log: true)),
        ["Score"] = (run, columns) => Score(run, columns, Similarity.Dot),
        ["Score by cosine"] = (run, columns) => Score(run, columns, Similarity.Cosine),
        ["Score by distance"] = (run, columns) => Score(run, columns, Similarity.NegL2Squared),
        ["TopK"] = (run, columns) => TopK(run, columns, Similarity.Dot),
        ["TopK by cosine"] = (run, columns) => TopK(run, columns, Similarity.Cosine),
        ["TopK by distance"] = (run, columns) => TopK(run, columns, Similarity.NegL2Squared),
    };

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. ByName.Keys];

    /// <summary>Where random inputs come from, rows, columns.</summary>
    public static Gen<(int Seed, int Rows, int Columns)> Samples =>
        from seed in Shapes.Seed
        from rows in Gen.Frequency((3, Gen.Choose(1, 9)), (2, Gen.Choose(10, 40)))
        from columns in Shapes.Columns
        select (seed, rows, Math.Max(2, columns));

    public static RowFunction Get(string name, OpRun run, int columns) => ByName[name](run, columns);

    private static RowFunction PRelu(OpRun run, int columns)
    {
        VectorWeights slope = run.Vector(columns);
        return Into(run, columns, (input, output) => run.Device.PRelu(run.Workspace, input, slope, output));
    }

    private static RowFunction Combine(OpRun run, int columns)
    {
        int half = columns / 2;
        return Into(run, half, (input, output) =>
            run.Device.Combine(run.Workspace, input.Columns(0, half), input.Columns(half, half), BinaryOperation.Multiply, output));
    }

    private static RowFunction CombineWithOneRow(OpRun run, int columns)
    {
        Tensor right = run.Input(1, columns);
        return Into(run, columns, (input, output) => run.Device.Combine(run.Workspace, input, right, BinaryOperation.Add, output));
    }

    private static RowFunction Linear(OpRun run, int columns) => Linear(run, columns, run.Data.Between(1, 70));

    private static RowFunction LinearChain(OpRun run, int columns)
    {
        int inner = run.Data.Between(1, 70);
        int outputs = run.Data.Between(1, 70);
        LinearChain chain = new(
            new LinearStage(Weights(run, columns, inner), ActivationKind.Gelu), new LinearStage(Weights(run, inner, outputs), ActivationKind.Relu));
        return Into(run, outputs, (input, output) => run.Device.LinearChain(run.Workspace, input, chain, output));
    }

    private static RowFunction Linear(OpRun run, int columns, int outputs)
    {
        LinearWeights weights = Weights(run, columns, outputs);
        return Into(run, outputs, (input, output) => run.Device.Linear(run.Workspace, input, weights, output, ActivationKind.Silu));
    }

    private static RowFunction LinearWithResidual(OpRun run, int columns)
    {
        int outputs = columns / 2;
        int inputs = columns - outputs;
        LinearWeights weights = Weights(run, inputs, outputs);
        return Into(run, outputs, (input, output) =>
            run.Device.Linear(run.Workspace, input.Columns(outputs, inputs), weights, output, ActivationKind.Relu, input.Columns(0, outputs)));
    }

    private static LinearWeights Weights(OpRun run, int inputs, int outputs)
    {
        Parameter weight = run.Data.Parameter(outputs, inputs);
        Parameter bias = run.Data.Parameter(1, outputs);
        return run.Make(device => device.CreateLinear(weight, bias));
    }

    private static RowFunction LayerNorm(OpRun run, int columns)
    {
        Parameter gamma = run.Data.Parameter(1, columns);
        Parameter beta = run.Data.Parameter(1, columns);
        LayerNormWeights weights = run.Make(device => device.CreateLayerNorm(gamma, beta, 1e-5));
        return Into(run, columns, (input, output) => run.Device.LayerNorm(run.Workspace, input, weights, output));
    }

    private static RowFunction ScaleShift(OpRun run, int columns)
    {
        VectorWeights scale = run.Vector(columns);
        VectorWeights shift = run.Vector(columns);
        return Into(run, columns, (input, output) => run.Device.ScaleShift(run.Workspace, input, scale, shift, output));
    }

    private static RowFunction Score(OpRun run, int columns, Similarity similarity)
    {
        Catalogue catalogue = RankingOps.Catalogue(run, run.Data.Between(1, 90), columns, similarity, hasBias: true, excluded: 0);
        return Into(run, catalogue.RowCount, (input, output) => run.Device.Score(run.Workspace, input, catalogue, output));
    }

    private static RowFunction TopK(OpRun run, int columns, Similarity similarity)
    {
        Catalogue catalogue = RankingOps.Catalogue(run, run.Data.Between(1, 90), columns, similarity, hasBias: true, excluded: 2);
        int k = run.Data.Between(1, 20);
        return input =>
        {
            using WorkspaceFrame frame = run.Workspace.Frame();
            Indices ids = run.Workspace.TakeIndices(input.RowCount * k);
            Tensor scores = run.Workspace.Take(input.RowCount, k);
            run.Device.TopK(run.Workspace, input, catalogue, k, default, null, ids, scores);
            int[][] bestIds = [.. run.Workspace.Span(ids).ToArray().Chunk(k)];
            return [.. run.Rows(scores).Zip(bestIds, (row, best) => (double[])[.. row, .. best])];
        };
    }

    private static RowFunction Into(OpRun run, int outputColumns, Action<Tensor, Tensor> operation) => input =>
    {
        using WorkspaceFrame frame = run.Workspace.Frame();
        Tensor output = run.Workspace.Take(input.RowCount, outputColumns);
        operation(input, output);
        return run.Rows(output);
    };
}
