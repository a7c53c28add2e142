using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>
/// One operation on one device: its inputs, drawn from a seed so that every device gets the same, the windows they lie in, and its results.
/// </summary>
/// <remarks>
/// Every window is a range of columns of a wider one, filled with NaN: whoever reads beside an input spoils a result, and
/// <see cref="CheckSurroundings"/> tells whoever writes beside an output or to an input.
/// </remarks>
internal sealed class OpRun
{
    private readonly OpWeights _weights;
    private readonly List<(Tensor Outer, Tensor Inner)> _windows = [];
    private readonly List<(Tensor Window, float[] Values)> _inputs = [];
    private readonly List<Tensor> _results = [];
    private readonly List<Indices> _idResults = [];
    private int _weightCount;

    public OpRun(Device device, Workspace workspace, int seed, OpWeights weights)
    {
        Device = device;
        Workspace = workspace;
        Data = new InputData(seed);
        _weights = weights;
    }

    public Device Device { get; }

    public Workspace Workspace { get; }

    /// <summary>Random numbers that are the same on every device.</summary>
    public InputData Data { get; }

    /// <summary>A window of random values.</summary>
    public Tensor Input(int rows, int columns) => Input(rows, columns, Data.Values(rows * columns));

    /// <summary>A window of given values.</summary>
    public Tensor Input(int rows, int columns, float[] values)
    {
        Tensor window = Window(rows, columns);
        Device.Write(Workspace, values, window);
        _inputs.Add((window, values));
        return window;
    }

    /// <summary>A window for a result.</summary>
    public Tensor Output(int rows, int columns)
    {
        Tensor window = Window(rows, columns);
        _results.Add(window);
        return window;
    }

    /// <summary>The window itself, which the operation is to overwrite, or one for the result elsewhere, as chance decides.</summary>
    public Tensor OutputMaybeIn(Tensor input)
    {
        if (!Data.Chance(0.3))
            return Output(input.RowCount, input.ColumnCount);
        _inputs.RemoveAll(entry => entry.Window == input);
        _results.Add(input);
        return input;
    }

    /// <summary>Places for ids that are a result.</summary>
    public Indices IdOutput(int count)
    {
        Indices ids = Ids(Enumerable.Repeat(int.MinValue, count).ToArray());
        _idResults.Add(ids);
        return ids;
    }

    public Indices Ids(params int[] values)
    {
        Indices ids = Workspace.TakeIndices(values.Length);
        values.CopyTo(Workspace.Span(ids));
        return ids;
    }

    /// <summary>Sequences of given lengths.</summary>
    public Ragged Ragged(params int[] lengths)
    {
        int[] offsets = new int[lengths.Length + 1];
        for (int i = 0; i < lengths.Length; i++)
            offsets[i + 1] = offsets[i] + lengths[i];
        return new Ragged(Ids(offsets), offsets[^1], lengths.DefaultIfEmpty().Max());
    }

    /// <summary>Weights made on this device, shared by all runs that share <see cref="OpWeights"/>.</summary>
    public T Make<T>(Func<Device, T> create)
        where T : DeviceResource => _weights.Get(_weightCount++, () => create(Device));

    /// <summary>A resource that belongs to this run alone.</summary>
    public T Keep<T>(T resource)
        where T : DeviceResource => _weights.Keep(resource);

    public Table Table(int rows, int columns)
    {
        Parameter parameter = Data.Parameter(rows, columns);
        return Make(device => device.CreateTable(parameter));
    }

    public VectorWeights Vector(int length)
    {
        Parameter parameter = Data.Parameter(1, length);
        return Make(device => device.CreateVector(parameter));
    }

    /// <summary>All results, in the order in which their windows were taken.</summary>
    public OpResults Results() => new(
        [.. _results.Select(window => new ResultMatrix(window.RowCount, window.ColumnCount, Read(window)))],
        [.. _idResults.Select(ids => Workspace.Span(ids).ToArray())]);

    /// <summary>The values of a window, row by row.</summary>
    public double[][] Rows(Tensor window) => window.ColumnCount == 0
        ? [.. Enumerable.Repeat(Array.Empty<double>(), window.RowCount)]
        : [.. Read(window).Chunk(window.ColumnCount)];

    /// <summary>Fails when something was written beside a window or to an input.</summary>
    public void CheckSurroundings()
    {
        foreach ((Tensor outer, Tensor inner) in _windows)
        {
            double[] values = Read(outer);
            for (int i = 0; i < values.Length; i++)
            {
                long column = (i % outer.ColumnCount) - (inner.Offset - outer.Offset);
                if (column < 0 || column >= inner.ColumnCount)
                    Assert.True(double.IsNaN(values[i]), $"{Device.KernelName} wrote {values[i]} beside a window {inner}");
            }
        }

        foreach ((Tensor window, float[] values) in _inputs)
            Assert.Equal(values.Select(value => (double)value), Read(window));
    }

    private Tensor Window(int rows, int columns)
    {
        int left = Data.Chance(0.5) ? 0 : Data.Between(1, 20);
        int right = Data.Chance(0.5) ? 0 : Data.Between(1, 20);
        Tensor outer = Workspace.Take(rows, left + columns + right);
        Tensor inner = outer.Columns(left, columns);
        float[] nothing = new float[outer.ElementCount];
        Array.Fill(nothing, float.NaN);
        Device.Write(Workspace, nothing, outer);
        _windows.Add((outer, inner));
        return inner;
    }

    private double[] Read(Tensor window)
    {
        double[] values = new double[window.ElementCount];
        Device.Read(Workspace, window, values);
        return values;
    }
}
