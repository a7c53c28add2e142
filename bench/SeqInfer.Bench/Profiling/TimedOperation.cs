using System.Globalization;

namespace SeqInfer.Bench.Profiling;

/// <summary>An operation of a forward pass and the shape it was called with.</summary>
/// <param name="Name">As the op set calls it.</param>
/// <param name="Rows">Rows of the input.</param>
/// <param name="InputColumns">Columns of the input.</param>
/// <param name="OutputColumns">Columns of the output.</param>
internal readonly record struct TimedOperation(string Name, int Rows, int InputColumns, int OutputColumns)
{
    /// <summary>"50 x 64", or "50 x 64 -> 128" where the output has other columns.</summary>
    public string Shape => InputColumns == OutputColumns
        ? string.Create(CultureInfo.InvariantCulture, $"{Rows} x {InputColumns}")
        : string.Create(CultureInfo.InvariantCulture, $"{Rows} x {InputColumns} -> {OutputColumns}");
}
