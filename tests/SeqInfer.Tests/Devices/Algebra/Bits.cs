namespace SeqInfer.Tests.Devices.Algebra;

/// <summary>Comparison bit for bit.</summary>
internal static class Bits
{
    /// <summary>Fails unless both have the same bits; NaN equals NaN.</summary>
    public static void Equal(double[] expected, double[] actual) => Assert.Equal(Of(expected), Of(actual));

    public static void Equal(double[][] expected, double[][] actual) => Assert.Equal(expected.Select(Of), actual.Select(Of));

    private static long[] Of(double[] values) =>
        Array.ConvertAll(values, value => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value));
}
