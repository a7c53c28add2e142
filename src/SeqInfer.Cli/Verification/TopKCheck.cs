using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>Compares ranked lists.</summary>
internal sealed class TopKCheck : OutputCheck
{
    private readonly TopKOutput _output;
    private readonly CaseTensors _tensors;
    private readonly IdRows? _excluded;
    private readonly Func<int, double?> _scoreBehind;
    private readonly int[] _ids;
    private readonly double[] _scores;

    /// <param name="output">What is compared.</param>
    /// <param name="rows">The stored rows.</param>
    /// <param name="tensors">The case's tensors.</param>
    /// <param name="excluded">What must not come back for single rows.</param>
    /// <param name="scoreBehind">Asks the model for the score right behind the list of a row.</param>
    public TopKCheck(TopKOutput output, int[] rows, CaseTensors tensors, IdRows? excluded, Func<int, double?> scoreBehind)
        : base(output, rows)
    {
        _output = output;
        _tensors = tensors;
        _excluded = excluded;
        _scoreBehind = scoreBehind;
        _ids = new int[rows.Length * output.K];
        _scores = new double[rows.Length * output.K];
    }

    public override void Take(OutputView view, Batch batch, IReadOnlyDictionary<int, int> places)
    {
        int k = _output.K;
        double[] scores = new double[view.ElementCount];
        view.CopyTo(scores);
        for (int i = 0; i < Rows.Length; i++)
        {
            if (!places.TryGetValue(Rows[i], out int place))
                continue;
            view.Ids.Slice(place * k, k).CopyTo(_ids.AsSpan(i * k));
            scores.AsSpan(place * k, k).CopyTo(_scores.AsSpan(i * k));
        }
    }

    public override OutputReport Report()
    {
        int k = _output.K;
        TensorInfo ids = _tensors.Expected[_output.Ids];
        TensorInfo scores = _tensors.Expected[_output.Scores];
        var shapes = new Comparison(_output.Tolerance);
        if (!HasShape(ids, shapes, Rows.Length, k) || !HasShape(scores, shapes, Rows.Length, k))
            return new OutputReport(Name, _output.Label, double.NaN, _output.Tolerance, shapes.Problem);
        int[] expectedIds = ids.ToInt32s();
        double[] expectedScores = scores.ToDoubles();
        var comparison = new TopKComparison(_output.Tolerance, _output.ExcludeIds);
        for (int i = 0; i < Rows.Length; i++)
        {
            int row = Rows[i];
            comparison.Add(
                $"row {row}",
                new RankedList(_ids.AsSpan(i * k, k), _scores.AsSpan(i * k, k)),
                new RankedList(expectedIds.AsSpan(i * k, k), expectedScores.AsSpan(i * k, k)),
                _excluded is null ? default : _excluded[row],
                () => _scoreBehind(row));
        }

        return comparison.Report(_output);
    }
}
