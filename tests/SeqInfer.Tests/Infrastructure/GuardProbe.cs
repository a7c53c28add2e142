using System.Globalization;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>Reads one element of guarded memory, inside or outside.</summary>
internal static unsafe class GuardProbe
{
    public const string Name = "guard-probe";

    /// <summary>How many elements the memory has, flush against the upper guard page.</summary>
    public const int Count = 3;

    public static void Run(string element)
    {
        using GuardedMemory<float> end = GuardedMemory<float>.AtEnd(Count);
        using GuardedMemory<float> start = GuardedMemory<float>.AtStart(Count);
        int index = int.Parse(element, CultureInfo.InvariantCulture);
        Console.Out.Write(index < 0 ? start.Pointer[index] : end.Pointer[index]);
    }
}
