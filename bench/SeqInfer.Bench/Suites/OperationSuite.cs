using BenchmarkDotNet.Attributes;
using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Suites;

/// <summary>A device with an arena and random numbers: what a suite of one operation needs.</summary>
public abstract class OperationSuite
{
    private const int Indices = 1 << 16;

    private readonly Random _random = new(3);
    private Device? _device;
    private Workspace? _arena;

    /// <summary>Elements of the arena; enough for every shape of the suites.</summary>
    protected virtual long Elements => 1 << 24;

    private protected Device Device => _device ??= CpuDevice.Create();

    private protected Workspace Arena => _arena ??= Device.CreateWorkspace(new WorkspaceSize(Elements, Indices));

    /// <summary>Frees both.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _arena?.Dispose();
        _device?.Dispose();
        _arena = null;
        _device = null;
    }

    private protected float[] Random(int count)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = (2 * _random.NextSingle()) - 1;
        return values;
    }

    private protected Parameter Parameter(int rows, int columns) =>
        SeqInfer.Weights.Parameter.FromValues("random", rows, columns, Random(checked(rows * columns)));

    private protected Tensor Take(int rows, int columns)
    {
        Tensor window = Arena.Take(rows, columns);
        Device.Write(Arena, Random(checked(rows * columns)), window);
        return window;
    }

    private protected Ragged Sequences(int count, int length)
    {
        Tensors.Indices offsets = Arena.TakeIndices(count + 1);
        for (int i = 0; i <= count; i++)
            Arena.Span(offsets)[i] = i * length;
        return new Ragged(offsets, count * length, length);
    }

    private protected Tensors.Indices Ids(int count, int limit)
    {
        Tensors.Indices ids = Arena.TakeIndices(count);
        foreach (ref int id in Arena.Span(ids))
            id = _random.Next(limit);
        return ids;
    }
}
