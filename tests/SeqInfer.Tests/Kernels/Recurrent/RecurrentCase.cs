using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Recurrent;

/// <summary>The cells, as theories name them.</summary>
public enum CellKind
{
    RnnTanh,
    RnnRelu,
    Lstm,
    Gru,
    GruResetFirst,
}

/// <summary>Random weights, sequences and states of one recurrent pass; computed by a kernel or, as PyTorch documents it, in double.</summary>
internal sealed unsafe class RecurrentCase
{
    private readonly float[] _weight;
    private readonly float[] _biasIh;
    private readonly float[] _biasHh;
    private readonly bool _reverse;

    public RecurrentCase(CellKind cell, int units, int[] lengths, bool reverse, bool hasInitial, int seed, double inputScale = 1)
    {
        Cell = cell;
        Units = units;
        Lengths = lengths;
        _reverse = reverse;
        int rows = Gates * units;
        _weight = Samples.Normal(rows * units, seed, 1 / Math.Sqrt(Math.Max(units, 1)));
        _biasIh = Samples.Normal(rows, seed + 1, 0.5);
        _biasHh = Samples.Normal(rows, seed + 2, 0.5);
        Inputs = [.. lengths.Select((length, s) => Samples.Normal(length * rows, seed + 10 + s, inputScale))];
        InitialHidden = hasInitial ? [.. lengths.Select((_, s) => Samples.Normal(units, seed + 1000 + s, 0.5))] : null;
        InitialCell = hasInitial && cell == CellKind.Lstm ? [.. lengths.Select((_, s) => Samples.Normal(units, seed + 2000 + s, 0.5))] : null;
    }

    public CellKind Cell { get; }

    public int Units { get; }

    public int[] Lengths { get; }

    public int Gates => Cell switch
    {
        CellKind.Lstm => 4,
        CellKind.Gru or CellKind.GruResetFirst => 3,
        _ => 1,
    };

    private float[][] Inputs { get; }

    private float[][]? InitialHidden { get; }

    private float[][]? InitialCell { get; }

    /// <summary>Runs the kernel on the sequences of these indices, in guard pages.</summary>
    public Result Run(Isa isa, int[] picked, bool atEnd) =>
        KernelsUnderTest.For(isa).Run<Pass, Result>(new Pass(this, picked, atEnd));

    /// <summary>Runs the documented formulas on every sequence.</summary>
    public (double[][] Outputs, double[][] Hidden, double[][] Cell) Reference()
    {
        List<double[]> outputs = [];
        List<double[]> hidden = [];
        List<double[]> cell = [];
        for (int s = 0; s < Lengths.Length; s++)
        {
            double[] h = Widen(InitialHidden?[s]);
            double[] c = Widen(InitialCell?[s]);
            double[] states = new double[Lengths[s] * Units];
            for (int step = 0; step < Lengths[s]; step++)
            {
                int row = _reverse ? Lengths[s] - 1 - step : step;
                (h, c) = Step(Inputs[s].AsSpan(row * Gates * Units, Gates * Units), h, c);
                h.CopyTo(states, row * Units);
            }

            outputs.Add(states);
            hidden.Add(h);
            cell.Add(c);
        }

        return ([.. outputs], [.. hidden], [.. cell]);
    }

    public override string ToString() =>
        $"{Cell} of {Units}, reverse {_reverse}, initial {InitialHidden is not null}, lengths {string.Join(' ', Lengths)}";

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private double[] Widen(float[]? state) => state is null ? new double[Units] : [.. state.Select(v => (double)v)];

    private (double[] Hidden, double[] Cell) Step(ReadOnlySpan<float> x, double[] h, double[] c)
    {
        double[] nextHidden = new double[Units];
        double[] nextCell = new double[Units];
        double[] input = new double[x.Length];
        double[] recurrent = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            input[i] = (double)x[i] + _biasIh[i];
            recurrent[i] = _biasHh[i];
            for (int k = 0; k < Units; k++) recurrent[i] += _weight[(i * Units) + k] * h[k];
        }

        for (int j = 0; j < Units; j++)
        {
            double Sum(int gate) => input[(gate * Units) + j] + recurrent[(gate * Units) + j];
            switch (Cell)
            {
                case CellKind.Lstm:
                    nextCell[j] = (Sigmoid(Sum(1)) * c[j]) + (Sigmoid(Sum(0)) * Math.Tanh(Sum(2)));
                    nextHidden[j] = Sigmoid(Sum(3)) * Math.Tanh(nextCell[j]);
                    break;
                case CellKind.Gru:
                    double z = Sigmoid(Sum(1));
                    double n = Math.Tanh(input[(2 * Units) + j] + (Sigmoid(Sum(0)) * recurrent[(2 * Units) + j]));
                    nextHidden[j] = ((1 - z) * n) + (z * h[j]);
                    break;
                case CellKind.GruResetFirst:
                    double u = Sigmoid(Sum(1));
                    double product = _biasHh[(2 * Units) + j];
                    for (int k = 0; k < Units; k++)
                        product += _weight[(((2 * Units) + j) * Units) + k] * Sigmoid(input[k] + recurrent[k]) * h[k];
                    nextHidden[j] = ((1 - u) * Math.Tanh(input[(2 * Units) + j] + product)) + (u * h[j]);
                    break;
                default:
                    nextHidden[j] = Cell == CellKind.RnnTanh ? Math.Tanh(Sum(0)) : Math.Max(Sum(0), 0);
                    break;
            }
        }

        return (nextHidden, nextCell);
    }

    /// <summary>Per sequence: all states, the last state, the last second state.</summary>
    internal sealed record Result(float[][] Outputs, float[][] Hidden, float[][] Cell);

    private readonly record struct Pass(RecurrentCase Case, int[] Picked, bool AtEnd) : IIsaVisitor<Result>
    {
        public Result Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new RecurrentPass<V>(Case.Cell, Case.Units, Case.Gates, AtEnd).Run(
                Parameter.FromValues("weight_hh", Case.Gates * Case.Units, Case.Units, Case._weight),
                Parameter.FromValues("bias_ih", 1, Case.Gates * Case.Units, Case._biasIh),
                Parameter.FromValues("bias_hh", 1, Case.Gates * Case.Units, Case._biasHh),
                Pick(Case.Inputs)!,
                Pick(Case.InitialHidden),
                Pick(Case.InitialCell),
                Case._reverse);

        private float[][]? Pick(float[][]? all) => all is null ? null : [.. Picked.Select(s => all[s])];
    }
}
