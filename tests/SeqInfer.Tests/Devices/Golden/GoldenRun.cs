using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>A device and an arena for the calls of one golden case, and the comparison with what PyTorch computed.</summary>
internal sealed class GoldenRun : IDisposable
{
    /// <summary>
    /// The reference device against PyTorch, both in double: sums of up to some hundred terms in another order, relative to the numbers
    /// summed.
    /// </summary>
    public const double DoublePrecision = 1e-12;

    /// <summary>The same where PyTorch has a parameter in double that the operation takes as float, such as a slope of 0.2.</summary>
    public const double FloatParameter = 1.0 / (1 << 24);

    private static readonly WorkspaceSize Size = new(1 << 18, 1 << 12);

    private readonly List<DeviceResource> _resources = [];

    public GoldenRun(string device)
    {
        Device = TestDevices.Get(device);
        Workspace = Device.CreateWorkspace(Size);
    }

    public Device Device { get; }

    public Workspace Workspace { get; }

    /// <summary>What the reference device may lose where a parameter was this in double and is passed as float.</summary>
    public static double PrecisionWith(double parameter) => (float)parameter == parameter ? DoublePrecision : FloatParameter;

    /// <summary>A window of values.</summary>
    public Tensor Input(int rows, int columns, float[] values)
    {
        Tensor window = Workspace.Take(rows, columns);
        Device.Write(Workspace, values, window);
        return window;
    }

    /// <summary>A window with the shape of a matrix, holding the values of that role.</summary>
    public Tensor Input(GoldenCase golden, string role)
    {
        int[] shape = golden.Shape(role);
        return Input(shape[0], shape[1], golden.Floats(role));
    }

    public Indices Ids(params int[] values)
    {
        Indices ids = Workspace.TakeIndices(values.Length);
        values.CopyTo(Workspace.Span(ids));
        return ids;
    }

    public Ragged Ragged(params int[] lengths)
    {
        int[] offsets = [0, .. lengths];
        for (int i = 1; i < offsets.Length; i++)
            offsets[i] += offsets[i - 1];
        return new Ragged(Ids(offsets), offsets[^1], lengths.DefaultIfEmpty().Max());
    }

    /// <summary>Frees the weights when the case is done.</summary>
    public T Keep<T>(T resource)
        where T : DeviceResource
    {
        _resources.Add(resource);
        return resource;
    }

    public double[] Read(Tensor window)
    {
        double[] values = new double[window.ElementCount];
        Device.Read(Workspace, window, values);
        return values;
    }

    /// <summary>Fails unless the window holds the expected values.</summary>
    /// <param name="expected">Row-major values.</param>
    /// <param name="window">The result.</param>
    /// <param name="tolerance">What single precision may lose.</param>
    /// <param name="precision">What the reference device may lose, relative to the magnitude of the tolerance.</param>
    public void ShouldBe(double[] expected, Tensor window, OpTolerance tolerance, double precision = DoublePrecision)
    {
        double[] actual = Read(window);
        Assert.Equal(expected.Length, actual.Length);
        if (Device == TestDevices.Reference)
            CompareDoubles(expected, actual, tolerance.Range ?? 1, precision);
        else
            tolerance.Tolerance.Check(expected, Array.ConvertAll(actual, value => (float)value), Device.KernelName, tolerance.Range);
    }

    public void Dispose()
    {
        Workspace.Dispose();
        foreach (DeviceResource resource in _resources)
            resource.Dispose();
    }

    private static void CompareDoubles(double[] expected, double[] actual, double range, double precision)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool isEqual = expected[i].Equals(actual[i])
                || Math.Abs(expected[i] - actual[i]) <= precision * Math.Max(range, Math.Abs(expected[i]));
            Assert.True(isEqual, $"element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
