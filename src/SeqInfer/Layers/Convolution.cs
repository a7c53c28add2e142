using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// A 1-D convolution over rows, as PyTorch and Keras compute it (a correlation): y[r] = sum over taps j of W_j x[taps[j, r]] + b. Gathers some rows' taps
/// side by side and multiplies them with all of W at once.
/// </summary>
public sealed class Convolution
{
    // Floats gathered at once: what stays in the second-level cache beside the weights.
    private const int GatheredFloats = 1 << 15;

    private readonly LinearWeights _weights;

    /// <summary>Packs the kernel.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="kernel">[out, taps * in], tap after tap; see <see cref="TapMajor"/>.</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="inputSize">Columns of the input.</param>
    public Convolution(Device device, Parameter kernel, Parameter? bias, int inputSize)
    {
        _weights = device.CreateLinear(kernel, bias);
        InputSize = inputSize;
        TapCount = kernel.Columns / inputSize;
    }

    /// <summary>Columns of the input.</summary>
    public int InputSize { get; }

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _weights.OutputSize;

    /// <summary>Input rows that make an output row.</summary>
    public int TapCount { get; }

    /// <summary>PyTorch's kernel [out, in, taps] as [out, taps * in].</summary>
    public static Parameter TapMajor(Parameter kernel, int inputSize)
    {
        if (kernel.IsMissing)
            return kernel;
        int taps = kernel.Columns / inputSize;
        double[] values = new double[kernel.ElementCount];
        double[] row = new double[kernel.Columns];
        for (int o = 0; o < kernel.Rows; o++)
        {
            kernel.CopyRow(o, row);
            Span<double> target = values.AsSpan(o * row.Length, row.Length);
            for (int i = 0; i < row.Length; i++)
                target[(i % taps * inputSize) + (i / taps)] = row[i];
        }

        return Parameter.FromValues(kernel.Name, kernel.Rows, kernel.Columns, values);
    }

    /// <summary>Convolves.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[input rows, in].</param>
    /// <param name="taps">For every tap, the input row of every output row; -1 is padding with zeros.</param>
    /// <param name="y">[output rows, out], apart from the input.</param>
    /// <param name="activation">Applied to the sums.</param>
    public void Forward(Workspace workspace, Tensor x, Indices taps, Tensor y, Activation activation = default)
    {
        int most = Math.Max(16, GatheredFloats / _weights.InputSize);
        for (int start = 0; start < y.RowCount; start += most)
        {
            using WorkspaceFrame frame = workspace.Frame();
            int rows = Math.Min(most, y.RowCount - start);
            Tensor gathered = workspace.Take(rows, _weights.InputSize);
            for (int tap = 0; tap < TapCount; tap++)
            {
                _weights.Device.GatherRows(
                    workspace, x, taps.Slice((tap * y.RowCount) + start, rows), gathered.Columns(tap * InputSize, InputSize));
            }

            _weights.Device.Linear(workspace, gathered, _weights, y.Rows(start, rows), activation);
        }
    }
}
