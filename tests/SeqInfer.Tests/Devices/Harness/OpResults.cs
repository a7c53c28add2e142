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
        {
            float[] actual = Array.ConvertAll(Row(row), value => (float)value);
            tolerance.Tolerance.Check(expected.Row(row), actual, $"{what}, row {row} of [{Rows}, {Columns}]", tolerance.Range);
        }
    }
}
