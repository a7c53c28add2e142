using System.Globalization;
using System.Text.Json;

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

    /// <summary>Writes a number with the four digits that an error or a time is worth; what is not finite as null.</summary>
    public static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        else
            json.WriteNull(name);
    }
}
