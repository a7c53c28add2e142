namespace SeqInfer.Bench.Gpu;

/// <summary>What a device says of itself.</summary>
/// <param name="Name">Its device string.</param>
/// <param name="Hardware">What the driver calls it.</param>
/// <param name="Kind">"cuda", "opencl", or "cpu" for the simulator.</param>
/// <param name="Driver">Versions of the driver and of the interface.</param>
/// <param name="Compiler">Who compiled the kernels, and into which form.</param>
/// <param name="MemoryBytes">Memory of the device.</param>
/// <param name="Multiprocessors">Parts that run groups independently.</param>
/// <param name="IsHost">True where it computes on the host's processor and in its memory: PoCL, the simulator.</param>
internal sealed record DeviceFacts(
    string Name, string Hardware, string Kind, string Driver, string Compiler, long MemoryBytes, int Multiprocessors, bool IsHost);
