using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>
/// DCN-V2's low-rank mixture (Wang et al. 2021): sum over experts e of g_e x0 * (U_e tanh(C_e tanh(V_e^T x)) + b) + x, where g is the
/// softmax of the gates.
/// </summary>
/// <remarks>The gates sum to 1, so U and b are one linear layer over the experts' gated states, side by side.</remarks>
internal sealed class MixtureCross : ICross
{
    private readonly Device _device;
    private readonly SplitLinear _gates;
    private readonly SplitLinear _down;
    private readonly LinearWeights[] _inner;
    private readonly LinearWeights _up;

    /// <summary>Prepares the weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="gates">The linear layer of all gates.</param>
    /// <param name="u">For each expert [columns, rank].</param>
    /// <param name="v">For each expert [columns, rank].</param>
    /// <param name="c">For each expert [rank, rank].</param>
    /// <param name="bias">[1, columns].</param>
    /// <param name="columns">Which columns of x rows share; as the gates were made for.</param>
    public MixtureCross(Device device, SplitLinear gates, Parameter[] u, Parameter[] v, Parameter[] c, Parameter bias, ColumnSplit columns)
    {
        _device = device;
        _gates = gates;
        _down = new SplitLinear(device, Parameter.ConcatRows("V", [.. v.Select(expert => expert.Transpose())]), null, columns);
        _inner = [.. c.Select(expert => device.CreateLinear(expert, null))];
        _up = device.CreateLinear(Parameter.ConcatColumns("U", u), bias);
    }

    /// <inheritdoc/>
    public void Forward(Workspace workspace, Tensor x0, Tensor x, in SplitRows parts, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int rows = x.RowCount;
        int rank = _inner[0].InputSize;
        Tensor gates = workspace.Take(rows, _inner.Length);
        Tensor down = workspace.Take(rows, _down.OutputSize);
        Tensor inner = workspace.Take(rows, _down.OutputSize);
        Tensor crossed = workspace.Take(rows, x.ColumnCount);
        _gates.Forward(workspace, parts, gates);
        _device.Softmax(workspace, gates, gates);
        _down.Forward(workspace, parts, down, ActivationKind.Tanh);
        for (int expert = 0; expert < _inner.Length; expert++)
        {
            Tensor state = inner.Columns(expert * rank, rank);
            _device.Linear(workspace, down.Columns(expert * rank, rank), _inner[expert], state, ActivationKind.Tanh);
            _device.ScaleRows(workspace, state, gates.Columns(expert, 1), state);
        }

        _device.Linear(workspace, inner, _up, crossed);
        _device.Combine(workspace, crossed, x0, BinaryOperation.Multiply, crossed);
        _device.Combine(workspace, x, crossed, BinaryOperation.Add, y);
    }
}
