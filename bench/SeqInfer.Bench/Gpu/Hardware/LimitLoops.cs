using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Runtime;

namespace SeqInfer.Bench.Gpu.Hardware;

/// <summary>Loops that do one thing as fast as the device can.</summary>
internal sealed class LimitLoops : IDisposable
{
    // Beyond every cache of a GPU and of a server's processor; the simulator does about a float a microsecond.
    private const long GpuBytes = 512L << 20;
    private const long HostBytes = 64L << 20;
    private const long SimulatedBytes = 1L << 18;

    // Groups of the arithmetic: enough for every multiprocessor to have all the threads that it can hold.
    private const int GroupsPerMultiprocessor = 32;
    private const int GpuIterations = 4096;
    private const int HostIterations = 256;

    private const int MostRuns = 1 << 16;

    private readonly GpuRuntime _runtime;
    private readonly GpuStream _stream;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _source;
    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _target;
    private readonly PinnedMemory _host;
    private readonly Index2D _groups;
    private readonly int _iterations;
    private readonly TimeSpan _slice;
    private readonly int _slices;

    public LimitLoops(GpuRuntime runtime, DeviceFacts facts, bool isQuick)
    {
        _runtime = runtime;
        bool isSimulator = runtime.Kind == "cpu";
        long bytes = isSimulator ? SimulatedBytes : facts.IsHost ? HostBytes : Math.Min(GpuBytes, facts.MemoryBytes / 8);
        _groups = new Index2D(isSimulator ? 1 : Math.Max(1, facts.Multiprocessors) * GroupsPerMultiprocessor, 1);
        _iterations = facts.IsHost ? HostIterations : GpuIterations;
        (_slices, _slice) = isQuick ? (3, TimeSpan.FromMilliseconds(5)) : (12, TimeSpan.FromMilliseconds(25));
        _stream = runtime.CreateStream(new LaunchCounter());
        _source = runtime.Allocate<Float4>(bytes / 16, "a copy");
        _target = runtime.Allocate<Float4>(bytes / 16, "a copy");
        _host = runtime.CreatePinned(bytes);
    }

    /// <summary>Measures everything.</summary>
    public DeviceLimits Measure()
    {
        double bytes = _source.LengthInBytes;
        double kernelCopy = 2 * bytes * CopyRate();
        double driverCopy = 2 * bytes * Rate(() => _source.View.CopyTo(_stream.Native, _target.View));
        double upload = bytes * Rate(() => _stream.Upload(_host.Address, _target, 0, _host.ByteCount));
        double download = bytes * Rate(() => _stream.Download(_source, 0, _host.Address, _host.ByteCount));
        double fmas = (double)_groups.X * _runtime.GroupSize * _iterations * FmaKernel.FmasPerIteration;
        (double enqueue, double roundTrip) = LaunchTimes();
        return new DeviceLimits(Math.Max(kernelCopy, driverCopy), kernelCopy, 2 * fmas * FmaRate(), upload, download, enqueue, roundTrip);
    }

    public void Dispose()
    {
        _runtime.Bind();
        _stream.Synchronize();
        _source.Dispose();
        _target.Dispose();
        _host.Dispose();
        _stream.Dispose();
    }

    private double CopyRate()
    {
        Kernel<CopyArgs> kernel = _runtime.Load<CopyArgs>("bench copy", CopyKernel.Run);
        CopyArgs args = new(_source.View.AsContiguous(), _target.View.AsContiguous());
        return Rate(() => kernel.Launch(_stream, _groups, _runtime.GroupSize, args));
    }

    private double FmaRate()
    {
        Kernel<FmaArgs> kernel = _runtime.Load<FmaArgs>("bench fma", FmaKernel.Run);
        using MemoryBuffer1D<float, Stride1D.Dense> output = _runtime.Allocate<float>((long)_groups.X * _runtime.GroupSize, "sums");
        FmaArgs args = new(_iterations, 0.999f, 0.001f, output.View.AsContiguous());
        return Rate(() => kernel.Launch(_stream, _groups, _runtime.GroupSize, args));
    }

    private (double Enqueue, double RoundTrip) LaunchTimes()
    {
        Kernel<FmaArgs> kernel = _runtime.Load<FmaArgs>("bench nothing", FmaKernel.Run);
        using MemoryBuffer1D<float, Stride1D.Dense> output = _runtime.Allocate<float>(_runtime.GroupSize, "sums");
        FmaArgs args = new(0, 0, 0, output.View.AsContiguous());
        double enqueue = 1 / Rate(Launch);
        double roundTrip = 1 / Rate(() =>
        {
            Launch();
            _stream.Synchronize();
        });
        return (enqueue, roundTrip);

        void Launch() => kernel.Launch(_stream, new Index2D(1, 1), _runtime.GroupSize, args);
    }

    /// <summary>Runs a second: those of the best slice, each waited for at its end.</summary>
    private double Rate(Action run)
    {
        _runtime.Bind();
        int runs = 1;
        while (Slice(run, runs) < _slice && runs < MostRuns)
            runs *= 2;
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < _slices; i++)
        {
            TimeSpan time = Slice(run, runs);
            best = time < best ? time : best;
        }

        return runs / best.TotalSeconds;
    }

    private TimeSpan Slice(Action run, int runs)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < runs; i++)
            run();
        _stream.Synchronize();
        return Stopwatch.GetElapsedTime(start);
    }
}
