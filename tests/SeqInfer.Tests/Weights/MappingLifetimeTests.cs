using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

/// <summary>When a mapping ends, seen in the process's own list of mappings.</summary>
public sealed class MappingLifetimeTests : IDisposable
{
    private const string Maps = "/proc/self/maps";

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public MappingLifetimeTests()
    {
        _path = _folder.File("mapped.safetensors");
        SafetensorsWriter.Write(_path, [TensorData.FromValues("w", new Shape(2), new[] { 1f, 2f })]);
    }

    private bool IsMapped => File.ReadAllText(Maps).Contains(_path, StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Disposal_unmaps_once_the_last_lease_is_gone()
    {
        Skip.IfNot(File.Exists(Maps), $"no {Maps}");
        SafetensorsFile file = SafetensorsFile.Open(_path);
        ParameterLease lease = Parameter.FromTensor(file["w"]).TryLease()!;
        file.Dispose();
        Assert.True(IsMapped);
        lease.Dispose();
        Assert.False(IsMapped);
    }

    [SkippableFact]
    public void Refused_file_is_not_left_mapped()
    {
        Skip.IfNot(File.Exists(Maps), $"no {Maps}");
        File.AppendAllText(_path, "more");
        Assert.Throws<SafetensorsFormatException>(() => SafetensorsFile.Open(_path));
        Assert.False(IsMapped);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forgotten_file_is_unmapped_by_the_garbage_collector(bool withLease)
    {
        Skip.IfNot(File.Exists(Maps), $"no {Maps}");
        OpenAndForget(withLease);

        // A lease and the mapping behind it take one collection each.
        for (int i = 0; i < 10 && IsMapped; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(IsMapped);
    }

    [Fact]
    public async Task Disposal_while_others_read_ends_in_values_or_an_exception()
    {
        for (int round = 0; round < 50; round++)
        {
            SafetensorsFile file = SafetensorsFile.Open(_path);
            Parameter parameter = Parameter.FromTensor(file["w"]);
            using Barrier start = new(3);
            Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                try
                {
                    while (true) Assert.Equal(2, parameter[0, 1]);
                }
                catch (ObjectDisposedException)
                {
                    return;
                }
            }))];
            start.SignalAndWait();
            file.Dispose();
            await Task.WhenAll(readers);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SuppressMessage("Reliability", "CA2000", Justification = "Forgetting to dispose is what is tested.")]
    private void OpenAndForget(bool withLease)
    {
        SafetensorsFile file = SafetensorsFile.Open(_path);
        Assert.True(IsMapped);
        if (withLease) Assert.NotNull(Parameter.FromTensor(file["w"]).TryLease());
    }
}
