using System.Globalization;
using System.Text.RegularExpressions;

namespace SeqInfer.Gpu.Runtime;

/// <summary>What can be told of a kernel from its PTX text. Registers are up to the driver's compiler.</summary>
/// <param name="LocalBytes">Bytes of a thread's variables that do not fit registers.</param>
/// <param name="GenericAccesses">Loads and stores whose address space is found out at run time.</param>
/// <param name="Calls">Calls of functions that were not inlined.</param>
/// <param name="WideGlobalLoads">Loads of 16 bytes from device memory.</param>
/// <param name="WideSharedLoads">Loads of 16 bytes from shared memory.</param>
/// <param name="SharedBytes">Bytes of shared memory of a group.</param>
/// <param name="FusedMultiplyAdds">Fused multiply-adds.</param>
internal sealed partial record PtxStatistics(
    int LocalBytes, int GenericAccesses, int Calls, int WideGlobalLoads, int WideSharedLoads, int SharedBytes, int FusedMultiplyAdds)
{
    /// <summary>Counts in the text of one kernel.</summary>
    public static PtxStatistics Of(string ptx) => new(
        Bytes(LocalVariables().Matches(ptx)),
        GenericAccess().Count(ptx),
        Call().Count(ptx),
        WideGlobalLoad().Count(ptx),
        WideSharedLoad().Count(ptx),
        Bytes(SharedVariables().Matches(ptx)),
        FusedMultiplyAdd().Count(ptx));

    private static int Bytes(MatchCollection variables) =>
        variables.Sum(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\.local\s+\.align\s+\d+\s+\.b8\s+\S+\[(\d+)\]")]
    private static partial Regex LocalVariables();

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\S+\[(\d+)\]")]
    private static partial Regex SharedVariables();

    // ld.param reads arguments
    [GeneratedRegex(@"^\s*(?:@!?%p\d+\s+)?(?:ld|st)\.(?!global|shared|param|local|const)", RegexOptions.Multiline)]
    private static partial Regex GenericAccess();

    [GeneratedRegex(@"^\s*call\b", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"ld\.global\.v4")]
    private static partial Regex WideGlobalLoad();

    [GeneratedRegex(@"ld\.shared\.v4")]
    private static partial Regex WideSharedLoad();

    [GeneratedRegex(@"fma\.rn")]
    private static partial Regex FusedMultiplyAdd();
}
