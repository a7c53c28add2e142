using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Gpu.Cells;
using SeqInfer.Bench.Gpu.Checks;
using SeqInfer.Bench.Gpu.Kernels;
using SeqInfer.Devices;
using SeqInfer.Devices.Cpu;
using SeqInfer.Tests.Devices.Ops;

namespace SeqInfer.Bench.Gpu;

/// <summary>Does the parts of a run one after the other, until the time is up.</summary>
internal sealed class GpuBench
{
    private readonly IHardware _hardware;
    private readonly GpuOptions _options;
    private readonly Deadline _deadline;
    private readonly Action<string> _progress;
    private readonly Action<GpuRun> _changed;
    private readonly GpuRun _run;

    /// <summary>A run that has found nothing yet.</summary>
    /// <param name="hardware">The devices.</param>
    /// <param name="options">What to do.</param>
    /// <param name="progress">Called with what is being done.</param>
    /// <param name="changed">Called after every step with what has been found so far.</param>
    public GpuBench(IHardware hardware, GpuOptions options, Action<string> progress, Action<GpuRun> changed)
    {
        (_hardware, _options, _changed) = (hardware, options, changed);
        _deadline = new Deadline(options.TimeLimit);
        _progress = text => progress(FormattableString.Invariant($"{_deadline.Elapsed.TotalSeconds,6:F1} s  {text}"));
        using var cpu = CpuDevice.Create();
        _run = new GpuRun(MachineInfo.Describe("", cpu.KernelName, ""), DateTime.UtcNow, options);
    }

    /// <summary>Does everything.</summary>
    /// <exception cref="DeviceException">A device that was asked for by name is not there.</exception>
    public GpuRun Run()
    {
        IReadOnlyList<string> names = _options.Devices.Count > 0
            ? _options.Devices
            : _hardware.Find(error => _run.LeftOut.Add(new MissingCell(error.Device, error.Message)));
        foreach (string name in names)
        {
            _progress($"{name}: compiling its kernels");
            _run.Devices.Add(_hardware.Describe(name));
        }

        foreach (string part in GpuOptions.AllParts.Where(_options.Parts.Contains))
            Do(part);
        _changed(_run);
        return _run;
    }

    private void Do(string part)
    {
        switch (part)
        {
            case GpuOptions.Limits:
                Each(part, _run.Devices, device => $"{device.Name}: limits", device => _run.Limits[device.Name] = _hardware.Measure(device.Name, _options.IsQuick));
                break;
            case GpuOptions.Operations:
                CheckOperations();
                break;
            case GpuOptions.Cases:
                foreach (DeviceFacts device in _run.Devices)
                    Each(part, _options.CaseFolders, folder => $"{device.Name}: case {Path.GetFileName(folder)}", folder => _run.Checks.Add(CaseChecks.Run(folder, device.Name)));
                break;
            case GpuOptions.Memory:
                Each(part, _run.Devices, device => $"{device.Name}: memory", device => _run.Checks.AddRange(MemoryChecks.Run(_hardware, device, _options.Cycles)));
                break;
            case GpuOptions.Families:
                TimeCells();
                break;
            case GpuOptions.Kernels:
                foreach (DeviceFacts device in _run.TimedDevices)
                    TimeKernels(device);
                break;
            default:
                throw new ArgumentException($"there is no part '{part}'");
        }
    }

    private void CheckOperations()
    {
        using var reference = Device.Parse("reference");
        foreach (DeviceFacts facts in _run.Devices)
        {
            using var device = Device.Parse(facts.Name);
            Each(
                GpuOptions.Operations,
                OpTable.Names,
                name => $"{facts.Name}: {name}",
                name => _run.Checks.Add(OperationChecks.Run(device, reference, name, _options.Samples)));
        }
    }

    private void TimeCells()
    {
        CellTimer timer = new(_hardware, _run, _deadline, _progress);
        Each(
            GpuOptions.Families,
            GpuCell.All(_options.IsSmall).Where(cell => _options.Cells.Count == 0 || _options.Cells.Contains(cell.Name)),
            cell => cell.Name,
            cell => timer.Measure(cell, () => _changed(_run)));
    }

    private void TimeKernels(DeviceFacts device)
    {
        int divisor = device.Kind == "cpu" ? KernelCells.SimulatorDivisor : device.IsHost ? KernelCells.HostDivisor : 1;
        DeviceLimits? limits = _run.Limits.GetValueOrDefault(device.Name);
        Each(GpuOptions.Kernels, KernelCells.Create(divisor), cell => $"{device.Name}: {cell.Operation} {cell.Shape}", cell =>
        {
            try
            {
                _run.Kernels.Add(KernelTimer.Measure(_hardware, device.Name, cell, limits, _options.IsQuick));
            }
            catch (DeviceException error)
            {
                _run.LeftOut.Add(new MissingCell($"{device.Name}: {cell.Operation} {cell.Shape}", error.Message));
            }
        });
    }

    // One after the other until the time is up; the rest is said to be left out.
    private void Each<T>(string part, IEnumerable<T> items, Func<T, string> name, Action<T> action)
    {
        T[] all = [.. items];
        for (int i = 0; i < all.Length; i++)
        {
            T item = all[i];
            if (_deadline.IsOver)
            {
                string rest = i == all.Length - 1 ? "" : $" and {all.Length - 1 - i} after it";
                _run.LeftOut.Add(new MissingCell($"{part}: {name(item)}{rest}", _deadline.Reason));
                return;
            }

            _progress(name(item));
            try
            {
                action(item);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // What nobody expected fails the run at its end: the rest is worth having all the same.
                _run.Checks.Add(new CheckResult(part, "", name(item), double.NaN, $"{error.GetType().Name}: {error.Message}"));
            }

            _changed(_run);
        }
    }
}
