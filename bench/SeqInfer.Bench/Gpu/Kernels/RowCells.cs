using SeqInfer.Bench.Suites;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>Operations that read rows and write rows: what they cost at least is the traffic.</summary>
internal static class RowCells
{
    private const int Columns = 64;
    private const int Items = 100_000;

    public static IEnumerable<KernelCell> Create(int histories, int length)
    {
        int rows = histories * length;
        double row = 4.0 * Columns;

        KernelCell Rows(string operation, double rowsMoved, double floatsMoved, double flopsAnElement, Func<OperationInputs, Operands, Action> call) => new(
            operation,
            $"{rows}x{Columns}",
            flopsAnElement * rows * Columns,
            (rowsMoved * rows * row) + (floatsMoved * 4 * rows),
            on => call(on, new Operands(on, rows, Columns)));

        return
        [
            Rows("Apply, GELU", 2, 0, 20, (on, with) => () => on.Device.Apply(on.Arena, with.X, ActivationKind.Gelu, with.Z)),
            Rows("Apply, ReLU", 2, 0, 1, (on, with) => () => on.Device.Apply(on.Arena, with.X, ActivationKind.Relu, with.Z)),
            Rows("PRelu", 2, 0, 2, (on, with) =>
            {
                VectorWeights slope = on.Device.CreateVector(on.Parameter(1, Columns));
                return () => on.Device.PRelu(on.Arena, with.X, slope, with.Z);
            }),
            Rows("Combine", 3, 0, 1, (on, with) => () => on.Device.Combine(on.Arena, with.X, with.Y, BinaryOperation.Multiply, with.Z)),
            Rows("CombineRows", 3, 2, 1, (on, with) =>
            {
                Indices order = on.Ids(rows, rows);
                return () => on.Device.CombineRows(on.Arena, with.X, order, with.Y, order, BinaryOperation.Multiply, with.Z);
            }),
            Rows("GatherRows", 2, 1, 0, (on, with) =>
            {
                Indices order = on.Ids(rows, rows);
                return () => on.Device.GatherRows(on.Arena, with.X, order, with.Z);
            }),
            Rows("ScaleRows", 2, 1, 1, (on, with) => () => on.Device.ScaleRows(on.Arena, with.X, with.Column, with.Z)),
            Rows("ScaleShift", 2, 0, 2, (on, with) =>
            {
                VectorWeights scale = on.Device.CreateVector(on.Parameter(1, Columns));
                return () => on.Device.ScaleShift(on.Arena, with.X, scale, scale, with.Z);
            }),
            Rows("LayerNorm", 2, 0, 8, (on, with) =>
            {
                LayerNormWeights norm = on.Device.CreateLayerNorm(on.Parameter(1, Columns), on.Parameter(1, Columns), 1e-5);
                return () => on.Device.LayerNorm(on.Arena, with.X, norm, with.Z);
            }),
            Rows("LayerNorm, residual", 3, 0, 9, (on, with) =>
            {
                LayerNormWeights norm = on.Device.CreateLayerNorm(on.Parameter(1, Columns), on.Parameter(1, Columns), 1e-5);
                return () => on.Device.LayerNorm(on.Arena, with.X, norm, with.Z, with.Y);
            }),
            Rows("NormalizeL2", 2, 0, 3, (on, with) => () => on.Device.NormalizeL2(on.Arena, with.X, with.Z)),
            Rows("Softmax", 2, 0, 12, (on, with) => () => on.Device.Softmax(on.Arena, with.X, with.Z)),
            Rows("Squash", 2, 0, 3, (on, with) => () => on.Device.Squash(on.Arena, with.X, 1e-9f, with.Z)),
            Rows("RowDot", 2, 1, 2, (on, with) => () => on.Device.RowDot(on.Arena, with.X, with.Y, with.Column)),
            Rows("FactorizationMachine", 1, 1, 3, (on, with) => () => on.Device.FactorizationMachine(on.Arena, with.X, 4, with.Column)),
            Rows("Embed", 2, 1, 0, (on, with) =>
            {
                Table table = on.Device.CreateTable(on.Parameter(Items, Columns));
                Indices ids = on.Ids(rows, Items);
                return () => on.Device.Embed(on.Arena, ids, table, with.Z);
            }),
            Rows("Embed, positions", 2, 2, 2, (on, with) =>
            {
                Table table = on.Device.CreateTable(on.Parameter(Items, Columns));
                Table positions = on.Device.CreateTable(on.Parameter(length, Columns));
                Indices ids = on.Ids(rows, Items);
                Indices places = on.Ids(rows, length);
                return () => on.Device.Embed(on.Arena, ids, table, with.Z, 8, places, positions);
            }),
        ];
    }

    /// <summary>Two inputs, an output and a column.</summary>
    private sealed class Operands(OperationInputs on, int rows, int columns)
    {
        public Tensor X { get; } = on.Take(rows, columns);

        public Tensor Y { get; } = on.Take(rows, columns);

        public Tensor Z { get; } = on.Arena.Take(rows, columns);

        public Tensor Column { get; } = on.Take(rows, 1);
    }
}
