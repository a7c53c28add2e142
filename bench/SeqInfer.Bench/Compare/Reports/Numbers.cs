using System.Globalization;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>Numbers as people read them: three digits or more, no exponents.</summary>
internal static class Numbers
{
    /// <summary>A time.</summary>
    public static string Microseconds(double value) => value.ToString(
        value switch
        {
            < 10 => "F2",
            < 100 => "F1",
            _ => "F0",
        },
        CultureInfo.InvariantCulture);
}
