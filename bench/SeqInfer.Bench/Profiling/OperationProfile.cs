namespace SeqInfer.Bench.Profiling;

/// <summary>All calls of an operation with one shape in a forward pass.</summary>
/// <param name="Operation">Which.</param>
/// <param name="Calls">How often.</param>
/// <param name="Microseconds">What they take together: the sum of each call's median over all passes.</param>
/// <param name="Flops">Floating point operations of all of them.</param>
/// <param name="LimitMicroseconds">The shortest time that the machine allows; 0 for what only moves or maps activations.</param>
internal sealed record OperationProfile(TimedOperation Operation, int Calls, double Microseconds, double Flops, double LimitMicroseconds);

/// <summary>Where the time of a request goes.</summary>
/// <param name="Operations">Dearest first.</param>
/// <param name="RequestMicroseconds">A whole request as a service makes it, with nothing timed inside; median.</param>
internal sealed record RequestProfile(IReadOnlyList<OperationProfile> Operations, double RequestMicroseconds)
{
    /// <summary>All operations together.</summary>
    public double OperationMicroseconds => Operations.Sum(operation => operation.Microseconds);
}
