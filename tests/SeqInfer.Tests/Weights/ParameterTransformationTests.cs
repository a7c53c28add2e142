using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public class ParameterTransformationTests
{
    [Fact]
    public void Any_chain_of_transformations_equals_the_naive_one()
    {
        Gen<int[]> programs = Gen.Choose(1, 8).SelectMany(steps => Gen.ArrayOf(Gen.Choose(0, int.MaxValue), steps));
        Property.Check(programs, program =>
        {
            System.Random random = new(program[0]);
            (Parameter parameter, Grid naive) = Leaf(random, random.Next(0, 6), random.Next(0, 6));
            foreach (int step in program) (parameter, naive) = Transform(parameter, naive, new System.Random(step));
            AssertEqual(naive, parameter);
        }, count: 500);
    }

    private static (Parameter Parameter, Grid Naive) Leaf(System.Random random, int rows, int columns)
    {
        // Integers of this size and their sums are exact in every type, so comparisons need no tolerance.
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (double)random.Next(-1000, 1000))];
        Grid naive = new(rows, columns, (r, c) => values[(r * columns) + c]);
        return random.Next(3) switch
        {
            0 => (Parameter.FromValues("d", rows, columns, values), naive),
            1 => (Parameter.FromValues("f", rows, columns, Array.ConvertAll(values, value => (float)value)), naive),
            _ => (Parameter.Zeros("z", rows, columns), new Grid(rows, columns, (_, _) => 0)),
        };
    }

    private static (Parameter Parameter, Grid Naive) Transform(Parameter parameter, Grid naive, System.Random random)
    {
        int rows = parameter.Rows;
        int columns = parameter.Columns;
        switch (random.Next(8))
        {
            case 0:
                return (parameter.Transpose(), new Grid(columns, rows, (r, c) => naive[c, r]));
            case 1:
                int firstRow = random.Next(rows + 1);
                int height = random.Next(rows - firstRow + 1);
                return (parameter.SliceRows(firstRow, height), new Grid(height, columns, (r, c) => naive[firstRow + r, c]));
            case 2:
                int firstColumn = random.Next(columns + 1);
                int width = random.Next(columns - firstColumn + 1);
                return (parameter.SliceColumns(firstColumn, width), new Grid(rows, width, (r, c) => naive[r, firstColumn + c]));
            case 3:
                (Parameter addend, Grid naiveAddend) = Leaf(random, rows, columns);
                return (parameter.Add(addend), new Grid(rows, columns, (r, c) => naive[r, c] + naiveAddend[r, c]));
            case 4:
                (Parameter below, Grid naiveBelow) = Leaf(random, random.Next(4), columns);
                return (
                    Parameter.ConcatRows("rows", parameter, below, parameter),
                    new Grid((2 * rows) + below.Rows, columns, (r, c)
                        => r < rows ? naive[r, c] : r < rows + below.Rows ? naiveBelow[r - rows, c] : naive[r - rows - below.Rows, c]));
            case 5:
                (Parameter beside, Grid naiveBeside) = Leaf(random, rows, random.Next(4));
                return (
                    Parameter.ConcatColumns("columns", beside, parameter),
                    new Grid(rows, columns + beside.Columns, (r, c)
                        => c < beside.Columns ? naiveBeside[r, c] : naive[r, c - beside.Columns]));
            case 6:
                double factor = random.NextDouble() - 0.5;
                return (parameter.Scale(factor), new Grid(rows, columns, (r, c) => naive[r, c] * factor));
            default:
                int count = rows * columns;
                int[] divisors = [.. Enumerable.Range(1, Math.Max(count, 1)).Where(divisor => count % divisor == 0)];
                int newRows = divisors[random.Next(divisors.Length)];
                int newColumns = count / newRows;
                return (parameter.Reshape(newRows, newColumns), new Grid(newRows, newColumns, (r, c) =>
                {
                    int index = (r * newColumns) + c;
                    return naive[index / columns, index % columns];
                }));
        }
    }

    private static void AssertEqual(Grid expected, Parameter actual)
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        Assert.Equal(expected.Values, actual.ToArray());
        Assert.Equal(Array.ConvertAll(expected.Values, value => (float)value), actual.ToFloatArray());
        if (expected.Values.Length > 0) Assert.Equal(expected.Values[^1], actual[actual.Rows - 1, actual.Columns - 1]);
    }

    /// <summary>A matrix whose elements were computed one by one.</summary>
    private sealed class Grid
    {
        public Grid(int rows, int columns, Func<int, int, double> element)
        {
            Rows = rows;
            Columns = columns;
            Values = [.. Enumerable.Range(0, rows * columns).Select(index => element(index / columns, index % columns))];
        }

        public int Rows { get; }

        public int Columns { get; }

        public double[] Values { get; }

        public double this[int row, int column] => Values[(row * Columns) + column];
    }
}
