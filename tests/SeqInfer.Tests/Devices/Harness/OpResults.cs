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

    public void ShouldBe(ResultMatrix expected, OpTolerance tolerance, string what)
    {
        Assert.Equal((expected.Rows, expected.Columns), (Rows, Columns));
        for (int i = 0; i < Values.Length; i++)
        {
            if (!tolerance.Accepts(expected.Values[i], Values[i]))
            {
                Assert.Fail(
                    $"{what} [{i / Columns}, {i % Columns}] of [{Rows}, {Columns}]: expected {expected.Values[i]:R}, got {Values[i]:R}, "
                    + $"off by {Math.Abs(expected.Values[i] - Values[i]):E2}, allowed {tolerance}");
            }
        }
    }
}
