using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>Compares an output value by value.</summary>
internal sealed class ValuesCheck : OutputCheck
{
    private readonly ValuesOutput _output;
    private readonly OutputSpec _spec;
    private readonly CaseTensors _tensors;
    private readonly TensorInfo? _where;

    // What the model gave: for each stored row its values, layer after layer where there are layers.
    private readonly double[][] _values;

    public ValuesCheck(ValuesOutput output, OutputSpec spec, int[] rows, CaseTensors tensors, TensorInfo? where)
        : base(output, rows)
    {
        _output = output;
        _spec = spec;
        _tensors = tensors;
        _where = where;
        _values = new double[rows.Length][];
    }

    public override bool IsOfBatch => _spec.Kind != OutputKind.PerNode;

    public override void Take(OutputView view, Batch batch, IReadOnlyDictionary<int, int> places)
    {
        double[] all = new double[view.ElementCount];
        view.CopyTo(all);
        for (int i = 0; i < Rows.Length; i++)
        {
            if (places.TryGetValue(Rows[i], out int place))
                _values[i] = OutputRows.Of(all, _spec, view.ColumnCount, batch, place);
        }
    }

    public override OutputReport Report()
    {
        var comparison = new Comparison(_output.Tolerance);
        TensorInfo tensor = _tensors.Expected[_output.Expected];
        double[] expected = tensor.ToDoubles();
        if (expected.Length != _values.Sum(row => row.Length))
        {
            comparison.Fail($"{tensor.File}: tensor '{tensor.Name}' is {tensor.Shape}, the output '{Name}' has {_values.Sum(row => row.Length)} values for the stored rows");
            return new OutputReport(Name, _output.Label, double.NaN, _output.Tolerance, comparison.Problem);
        }

        int layers = _spec.Kind == OutputKind.PerLayer ? _spec.LayerCount : 1;
        double[]? mask = _where?.ToDoubles();
        int next = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            for (int i = 0; i < _values.Length; i++)
            {
                int width = _values[i].Length / layers;
                for (int column = 0; column < width; column++, next++)
                {
                    if (mask is not null && !Counts(mask, Rows[i], column, width))
                        continue;
                    (int atLayer, int atRow, int atColumn) = (layer, Rows[i], column);
                    comparison.Add(
                        _values[i][(layer * width) + column],
                        expected[next],
                        () => layers == 1 ? $"row {atRow}, column {atColumn}" : $"layer {atLayer}, row {atRow}, column {atColumn}");
                }
            }
        }

        return comparison.Report(_output);
    }

    // A mask has one number for each position of a row; a position may have many values.
    private bool Counts(double[] mask, int row, int column, int width)
    {
        int positions = mask.Length / checked((int)_where!.Shape[0]);
        if (positions == 0 || width % positions != 0)
            throw new CliException($"{_where.File}: tensor '{_where.Name}' {_where.Shape} does not divide rows of {width} values into positions");
        return mask[(row * positions) + (column / (width / positions))] == 1;
    }
}
