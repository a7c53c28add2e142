namespace SeqInfer.Tests.Devices.Harness;

/// <summary>What an operation wrote: matrices and lists of ids.</summary>
internal sealed record OpResults(ResultMatrix[] Matrices, int[][] Ids)
{
    /// <summary>Fails unless every value is within the tolerance of the expected one and all ids are equal.</summary>
    public void ShouldBe(OpResults expected, OpTolerance tolerance, string device)
    {
        Assert.Equal(expected.Ids, Ids);
        Assert.Equal(expected.Matrices.Length, Matrices.Length);
        for (int i = 0; i < Matrices.Length; i++)
            Matrices[i].ShouldBe(expected.Matrices[i], tolerance, $"{device}, result {i}");
    }

    /// <summary>The largest error in parts of the tolerance, of results that have passed <see cref="ShouldBe"/>.</summary>
    public double ShareOf(OpResults expected, OpTolerance tolerance) =>
        Matrices.Select((matrix, i) => matrix.ShareOf(expected.Matrices[i], tolerance)).DefaultIfEmpty().Max();

    /// <summary>Fails unless all values have the same bits, NaN included.</summary>
    public void ShouldEqual(OpResults expected)
    {
        Assert.Equal(expected.Ids, Ids);
        Assert.Equal(expected.Matrices.Select(matrix => matrix.Bits), Matrices.Select(matrix => matrix.Bits));
    }
}

/// <summary>Row-major values of one result.</summary>
internal sealed record ResultMatrix(int Rows, int Columns, double[] Values)
{
    public long[] Bits => Array.ConvertAll(Values, BitConverter.DoubleToInt64Bits);

    public double[] Row(int row) => Values[(row * Columns)..((row + 1) * Columns)];

    public void ShouldBe(ResultMatrix expected, OpTolerance tolerance, string what)
    {
        Assert.Equal((expected.Rows, expected.Columns), (Rows, Columns));
        for (int row = 0; row < Rows; row++)
            tolerance.Tolerance.Check(expected.Row(row), Floats(row), $"{what}, row {row} of [{Rows}, {Columns}]", tolerance.Range);
    }

    public double ShareOf(ResultMatrix expected, OpTolerance tolerance) => Enumerable.Range(0, Rows)
        .Select(row => tolerance.Tolerance.Share(expected.Row(row), Floats(row), tolerance.Range)).DefaultIfEmpty().Max();

    private float[] Floats(int row) => Array.ConvertAll(Row(row), value => (float)value);
}
