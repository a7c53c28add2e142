using System.Reflection;
using SeqInfer.Kernels;

namespace SeqInfer.Tests.Kernels;

/// <summary>How kernels are compiled.</summary>
public class CompilationTests
{
    [Fact]
    public void No_kernel_is_taken_into_its_caller_but_those_left_to_the_JIT()
    {
        const BindingFlags all = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        MethodInfo[] kernels =
        [
            .. typeof(Kernel).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods(all))
                .Where(method => method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization)),
        ];
        Assert.True(kernels.Length > 50);
        Assert.Empty(kernels
            .Where(method => method.DeclaringType!.Namespace is not ("SeqInfer.Kernels.Attention" or "SeqInfer.Kernels.Simd"))
            .Where(method => !method.MethodImplementationFlags.HasFlag(MethodImplAttributes.NoInlining))
            .Select(method => $"{method.DeclaringType}.{method.Name}"));
    }
}
