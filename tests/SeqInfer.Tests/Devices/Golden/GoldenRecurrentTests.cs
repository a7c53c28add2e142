using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices.Golden;

/// <summary>Recurrent layers against nn.RNN, nn.LSTM and nn.GRU on packed sequences.</summary>
public sealed class GoldenRecurrentTests
{
    // Standard normal inputs times weights divided by the root of their number.
    private const double LargestProduct = 8;

    private static readonly Dictionary<string, RecurrentCell> Cells = new()
    {
        ["rnn_tanh"] = RecurrentCell.RnnTanh,
        ["rnn_relu"] = RecurrentCell.RnnRelu,
        ["lstm"] = RecurrentCell.Lstm,
        ["gru"] = RecurrentCell.Gru,
    };

    public static TheoryData<string, string> Cases => GoldenFile.OnEveryDevice("recurrent", TestDevices.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Layer(string device, string name) => Check(device, name, isProjected: false);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Layer_with_its_input_projected_before(string device, string name) => Check(device, name, isProjected: true);

    private static void Check(string device, string name, bool isProjected)
    {
        using GoldenRun run = new(device);
        GoldenCase golden = GoldenFile.Open("recurrent")[name];
        int[] shape = golden.Shape("x");
        (int batch, int steps, int inputs) = (shape[0], shape[1], shape[2]);
        int[] lengths = golden.Integers("lengths");
        Parameter weightIh = golden.Matrix("weight_ih");
        Parameter weightHh = golden.Matrix("weight_hh");
        RecurrentSpec spec = new(
            Cells[golden.Text("cell")], isProjected ? weightIh.Rows : inputs, weightHh.Columns, golden.Flag("reverse"), isProjected);
        RecurrentWeights weights = run.Keep(run.Device.CreateRecurrent(
            spec, isProjected ? null : weightIh, weightHh, golden.OptionalMatrix("bias_ih"), golden.OptionalMatrix("bias_hh")));

        Ragged sequences = run.Ragged(lengths);
        Tensor input = run.Input(sequences.RowCount, inputs, Rows(golden.Floats("x"), lengths, steps, inputs));
        if (isProjected)
            input = Project(run, input, weightIh);
        RecurrentState initial = new(golden.Has("h0") ? run.Input(golden, "h0") : null, golden.Has("c0") ? run.Input(golden, "c0") : null);
        Tensor output = run.Workspace.Take(sequences.RowCount, spec.HiddenSize);
        Tensor hidden = run.Workspace.Take(batch, spec.HiddenSize);
        Tensor? cell = spec.HasCellState ? run.Workspace.Take(batch, spec.HiddenSize) : null;
        run.Device.Recurrent(run.Workspace, input, weights, sequences, initial, output, new RecurrentState(hidden, cell));

        OpTolerance tolerance = OpTolerance.Sum(inputs + spec.HiddenSize + 2, LargestProduct / Math.Sqrt(Math.Min(inputs, spec.HiddenSize)));
        run.ShouldBe(Rows(golden.Doubles("outputs"), lengths, steps, spec.HiddenSize), output, tolerance);
        run.ShouldBe(golden.Doubles("h_n"), hidden, tolerance);
        if (cell is { } lastCell)
            run.ShouldBe(golden.Doubles("c_n"), lastCell, tolerance);
    }

    private static Tensor Project(GoldenRun run, Tensor input, Parameter weightIh)
    {
        LinearWeights projection = run.Keep(run.Device.CreateLinear(weightIh, null));
        Tensor projected = run.Workspace.Take(input.RowCount, weightIh.Rows);
        run.Device.Linear(run.Workspace, input, projection, projected);
        return projected;
    }

    /// <summary>The first rows of every right-padded sequence.</summary>
    private static T[] Rows<T>(T[] padded, int[] lengths, int steps, int columns) =>
        [.. lengths.SelectMany((length, sequence) => padded.Skip(sequence * steps * columns).Take(length * columns))];
}
