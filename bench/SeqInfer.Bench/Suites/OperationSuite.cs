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

    private Device? _device;
    private Workspace? _arena;
    private OperationInputs? _inputs;

    /// <summary>Elements of the arena; enough for every shape of the suites.</summary>
    protected virtual long Elements => 1 << 24;

    private protected Device Device => _device ??= CpuDevice.Create();

    private protected Workspace Arena => _arena ??= Device.CreateWorkspace(new WorkspaceSize(Elements, Indices));

    private OperationInputs Inputs => _inputs ??= new OperationInputs(Device, Arena);

    /// <summary>Frees both.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _arena?.Dispose();
        _device?.Dispose();
        _arena = null;
        _device = null;
        _inputs = null;
    }

    private protected float[] Random(int count) => Inputs.Random(count);

    private protected Parameter Parameter(int rows, int columns) => Inputs.Parameter(rows, columns);

    private protected Tensor Take(int rows, int columns) => Inputs.Take(rows, columns);

    private protected Ragged Sequences(int count, int length) => Inputs.Sequences(count, length);

    private protected Tensors.Indices Ids(int count, int limit) => Inputs.Ids(count, limit);
}
