using SeqInfer.Tests.Devices.Threading;
using SeqInfer.Tests.Kernels;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>
/// What the test assembly does when it is started as a program: a probe named by its argument, run by tests that need a process with
/// other settings or one that may die.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case [IsaProbe.Name]:
                IsaProbe.Run(Console.Out);
                return 0;
            case [ThreadProbe.Name]:
                ThreadProbe.Run(Console.Out);
                return 0;
            case [GuardProbe.Name, string element]:
                GuardProbe.Run(element);
                return 0;
            default:
                Console.Error.WriteLine("This is a test assembly: run it with 'dotnet test'.");
                return 2;
        }
    }
}
