using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>One direction of one recurrent layer.</summary>
/// <param name="weights">Packed weights.</param>
/// <param name="oneHot">For a one-hot input: W_ih x of every class, [classes, gates * hidden size]; else null.</param>
public sealed class RecurrentLayer(RecurrentWeights weights, Table? oneHot = null)
{
    /// <summary>Columns of its state.</summary>
    public int HiddenSize => weights.Spec.HiddenSize;

    /// <summary>Reads weight_ih, weight_hh, bias_ih and bias_hh, each followed by a suffix, below a scope.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="scope">Holds the tensors.</param>
    /// <param name="spec">Cell, sizes and direction; of a one-hot input the number of classes.</param>
    /// <param name="suffix">"_l0" and the like for torch.nn.GRU, nothing for torch.nn.GRUCell.</param>
    /// <param name="hasBias">False for torch's bias=False.</param>
    /// <param name="isOneHot">True where a step's input is a column of W_ih.</param>
    public static RecurrentLayer Read(
        Device device, WeightScope scope, RecurrentSpec spec, string suffix = "", bool hasBias = true, bool isOneHot = false)
    {
        int gates = checked(spec.GateCount * spec.HiddenSize);
        Parameter weightIh = scope.Matrix("weight_ih" + suffix, gates, spec.InputSize);
        Parameter weightHh = scope.Matrix("weight_hh" + suffix, gates, spec.HiddenSize);
        Parameter? biasIh = hasBias ? scope.Vector("bias_ih" + suffix, gates) : null;
        Parameter? biasHh = hasBias ? scope.Vector("bias_hh" + suffix, gates) : null;
        return isOneHot
            ? OneHot(device, spec, weightIh.Transpose(), weightHh, biasIh, biasHh)
            : new RecurrentLayer(device.CreateRecurrent(spec, weightIh, weightHh, biasIh, biasHh));
    }

    /// <summary>A layer over one-hot inputs.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="spec">Cell, hidden size and direction.</param>
    /// <param name="classes">[classes, gates * hidden size]: W_ih x of every class.</param>
    /// <param name="weightHh">[gates * hidden size, hidden size].</param>
    /// <param name="biasIh">[1, gates * hidden size], or null.</param>
    /// <param name="biasHh">[1, gates * hidden size], or null.</param>
    public static RecurrentLayer OneHot(
        Device device, RecurrentSpec spec, Parameter classes, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
    {
        spec = spec with { InputSize = classes.Columns, ProjectedInput = true };
        return new RecurrentLayer(device.CreateRecurrent(spec, null, weightHh, biasIh, biasHh), device.CreateTable(classes));
    }

    /// <summary>Runs the layer.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="x">[rows, input size]; not read where the input is one-hot.</param>
    /// <param name="ids">One class a row; read where the input is one-hot.</param>
    /// <param name="sequences">Which rows form a sequence.</param>
    /// <param name="initial">State before the first step.</param>
    /// <param name="output">Receives h after every step, [rows, hidden size]; or null.</param>
    /// <param name="final">Receives the state after the last step.</param>
    public void Forward(
        Workspace workspace, Tensor x, Indices ids, Ragged sequences, RecurrentState initial, Tensor? output, RecurrentState final)
    {
        using WorkspaceFrame frame = workspace.Frame();
        if (oneHot is not null)
        {
            x = workspace.Take(ids.Count, oneHot.ColumnCount);
            weights.Device.Embed(workspace, ids, oneHot, x);
        }

        weights.Device.Recurrent(workspace, x, weights, sequences, initial, output, final);
    }
}
