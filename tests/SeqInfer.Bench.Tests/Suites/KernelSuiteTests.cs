using System.Reflection;
using BenchmarkDotNet.Attributes;
using SeqInfer.Bench.Suites;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Tests.Suites;

/// <summary>The suites of single operations.</summary>
public class KernelSuiteTests
{
    // They copy between host and arena: no arithmetic.
    private static readonly string[] Copies = [nameof(Device.Write), nameof(Device.Read), nameof(Device.Freeze)];

    public static TheoryData<string> Names => [.. SuiteRunner.KernelSuites.Select(suite => suite.Name)];

    /// <summary>The op set but for what copies.</summary>
    internal static IEnumerable<string> Operations => typeof(Device).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => method.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(Workspace))
        .Select(method => method.Name)
        .Except(Copies);

    [Fact]
    public void Every_operation_of_the_op_set_is_in_a_suite()
    {
        IEnumerable<string> covered = SuiteRunner.KernelSuites.SelectMany(suite => suite.GetCustomAttribute<CoversAttribute>()!.Operations);
        Assert.Equal(Operations.Order(StringComparer.Ordinal), covered.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_suite_runs_with_each_of_its_parameters(string name)
    {
        Type type = SuiteRunner.KernelSuites.Single(suite => suite.Name == name);
        PropertyInfo[] parameters = [.. type.GetProperties().Where(property => ValuesOf(type, property).Length > 0)];
        int most = parameters.Max(property => ValuesOf(type, property).Length);
        for (int i = 0; i < most; i++)
        {
            var suite = (OperationSuite)Activator.CreateInstance(type)!;
            foreach (PropertyInfo property in parameters)
                property.SetValue(suite, ValuesOf(type, property)[i % ValuesOf(type, property).Length]);
            Run<GlobalSetupAttribute>(suite);
            Run<BenchmarkAttribute>(suite);
            suite.Cleanup();
        }
    }

    private static object[] ValuesOf(Type type, PropertyInfo property) => property switch
    {
        _ when property.GetCustomAttribute<ParamsAttribute>() is { } named => [.. named.Values!],
        _ when property.GetCustomAttribute<ParamsSourceAttribute>() is { } source =>
            [.. (IEnumerable<string>)type.GetProperty(source.Name)!.GetValue(null)!],
        _ => [],
    };

    private static void Run<T>(OperationSuite suite)
        where T : Attribute
    {
        foreach (MethodInfo method in suite.GetType().GetMethods().Where(method => method.GetCustomAttribute<T>() is not null))
            method.Invoke(suite, null);
    }
}
