using SeqInfer.Tensors;

namespace SeqInfer.Devices.Reference;

public sealed partial class ReferenceDevice
{
    /// <inheritdoc/>
    protected override void RecurrentCore(
        Workspace workspace,
        Tensor input,
        RecurrentWeights weights,
        Ragged sequences,
        RecurrentState initial,
        Tensor? output,
        RecurrentState final,
        Tensor? attention)
    {
        if (workspace.IsPlanning)
            return;
        ReferenceRecurrent layer = (ReferenceRecurrent)weights;
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        for (int sequence = 0; sequence < sequences.Count; sequence++)
        {
            double[] h = StateRow(workspace, initial.Hidden, sequence, layer.Spec);
            double[] c = StateRow(workspace, initial.Cell, sequence, layer.Spec);
            int length = offsets[sequence + 1] - offsets[sequence];
            for (int step = 0; step < length; step++)
            {
                int row = layer.Spec.Reverse ? offsets[sequence + 1] - 1 - step : offsets[sequence] + step;
                Span<double> inputRow = At(workspace, input).Row(row);
                double[] x = layer.WeightIh?.Input(inputRow) ?? inputRow.ToArray();
                double a = attention is { } steps ? At(workspace, steps)[row, 0] : 0;
                (h, c) = Step(layer, x, h, c, a);
                if (output is { } y)
                    h.CopyTo(At(workspace, y).Row(row));
            }

            if (final.Hidden is { } lastHidden)
                h.CopyTo(At(workspace, lastHidden).Row(sequence));
            if (final.Cell is { } lastCell)
                c.CopyTo(At(workspace, lastCell).Row(sequence));
        }
    }

    private static double[] StateRow(Workspace workspace, Tensor? state, int sequence, RecurrentSpec spec) =>
        state is { } rows ? At(workspace, rows).Row(sequence).ToArray() : new double[spec.HiddenSize];

    private static (double[] Hidden, double[] Cell) Step(ReferenceRecurrent layer, double[] x, double[] h, double[] c, double attention)
    {
        int size = layer.Spec.HiddenSize;
        double[] nextHidden = new double[size];
        double[] nextCell = new double[size];
        double[] state = layer.WeightHh.Input(h);
        double[] reset = layer.Spec.Cell == RecurrentCell.GruResetFirst ? layer.WeightHh.Input(Reset(layer, x, h, state)) : [];
        for (int j = 0; j < size; j++)
        {
            double Input(int gate) => InputPart(layer, x, (gate * size) + j);
            double Hidden(int gate) => HiddenPart(layer, state, (gate * size) + j);
            switch (layer.Spec.Cell)
            {
                case RecurrentCell.RnnTanh:
                    nextHidden[j] = Math.Tanh(Input(0) + Hidden(0));
                    break;
                case RecurrentCell.RnnRelu:
                    nextHidden[j] = Math.Max(Input(0) + Hidden(0), 0);
                    break;
                case RecurrentCell.Lstm:
                    double i = DoubleMath.Sigmoid(Input(0) + Hidden(0));
                    double f = DoubleMath.Sigmoid(Input(1) + Hidden(1));
                    double g = Math.Tanh(Input(2) + Hidden(2));
                    double o = DoubleMath.Sigmoid(Input(3) + Hidden(3));
                    nextCell[j] = (f * c[j]) + (i * g);
                    nextHidden[j] = o * Math.Tanh(nextCell[j]);
                    break;
                case RecurrentCell.Gru:
                case RecurrentCell.AttentionalUpdateGru:
                case RecurrentCell.AttentionGru:
                    double r = DoubleMath.Sigmoid(Input(0) + Hidden(0));
                    double u = DoubleMath.Sigmoid(Input(1) + Hidden(1));
                    double n = Math.Tanh(Input(2) + (r * Hidden(2)));
                    double kept = layer.Spec.Cell switch
                    {
                        RecurrentCell.Gru => u,
                        RecurrentCell.AttentionalUpdateGru => 1 - (attention * u),
                        _ => 1 - attention,
                    };
                    nextHidden[j] = ((1 - kept) * n) + (kept * h[j]);
                    break;
                case RecurrentCell.GruResetFirst:
                    double z = DoubleMath.Sigmoid(Input(1) + Hidden(1));
                    double candidate = Math.Tanh(Input(2) + HiddenPart(layer, reset, (2 * size) + j));
                    nextHidden[j] = ((1 - z) * candidate) + (z * h[j]);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(layer), layer.Spec.Cell, null);
            }
        }

        return (nextHidden, nextCell);
    }

    /// <summary>r * h; the state stands for h in products.</summary>
    private static double[] Reset(ReferenceRecurrent layer, double[] x, double[] h, double[] state) =>
        [.. h.Select((value, k) => DoubleMath.Sigmoid(InputPart(layer, x, k) + HiddenPart(layer, state, k)) * value)];

    /// <summary>Row <paramref name="row"/> of W_ih x + b_ih.</summary>
    private static double InputPart(ReferenceRecurrent layer, double[] x, int row)
    {
        double sum = layer.BiasIh?[row] ?? 0;
        return layer.WeightIh is null ? sum + x[row] : layer.WeightIh.AddProduct(sum, row, x);
    }

    /// <summary>Row <paramref name="row"/> of W_hh h + b_hh.</summary>
    private static double HiddenPart(ReferenceRecurrent layer, double[] h, int row) =>
        layer.WeightHh.AddProduct(layer.BiasHh?[row] ?? 0, row, h);
}
