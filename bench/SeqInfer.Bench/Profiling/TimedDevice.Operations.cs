using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Profiling;

internal sealed partial class TimedDevice
{
    protected override void WriteCore(Workspace workspace, ReadOnlySpan<float> source, Tensor target)
    {
        long start = Now();
        inner.Write(workspace, source, target);
        Keep(start, workspace, nameof(Write), target);
    }

    protected override void WriteCore(Workspace workspace, ReadOnlySpan<double> source, Tensor target)
    {
        long start = Now();
        inner.Write(workspace, source, target);
        Keep(start, workspace, nameof(Write), target);
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<float> target)
    {
        long start = Now();
        inner.Read(workspace, source, target);
        Keep(start, workspace, nameof(Read), source);
    }

    protected override void ReadCore(Workspace workspace, Tensor source, Span<double> target)
    {
        long start = Now();
        inner.Read(workspace, source, target);
        Keep(start, workspace, nameof(Read), source);
    }

    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output)
    {
        Table rows = ((TimedTable)table).Inner;
        long start = Now();
        if (positionTable is TimedTable added)
            inner.Embed(workspace, ids, rows, output, scale, positions, added.Inner);
        else
            inner.Embed(workspace, ids, rows, output, scale);
        Keep(start, workspace, nameof(Embed), output);
    }

    protected override void EmbedBagCore(Workspace workspace, Indices ids, Ragged bags, Table table, Tensor? weights, Tensor output)
    {
        long start = Now();
        inner.EmbedBag(workspace, ids, bags, ((TimedTable)table).Inner, output, weights);
        Keep(start, workspace, nameof(EmbedBag), output);
    }

    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        long start = Now();
        inner.GatherRows(workspace, input, rows, output);
        Keep(start, workspace, nameof(GatherRows), output);
    }

    protected override void LinearCore(
        Workspace workspace, Tensor input, LinearWeights weights, Tensor output, Activation activation, Tensor? residual)
    {
        long start = Now();
        inner.Linear(workspace, input, ((TimedLinear)weights).Inner, output, activation, residual);
        Keep(start, workspace, nameof(Linear), input, output.ColumnCount);
    }

    protected override void AttentionCore(Workspace workspace, Tensor query, Tensor key, Tensor value, in AttentionSpec spec, Tensor output)
    {
        AttentionSpec own = spec.Prefix is { } prefix
            ? spec with { Prefix = prefix with { Keys = ((TimedTable)prefix.Keys).Inner, Values = ((TimedTable)prefix.Values).Inner } }
            : spec;
        long start = Now();
        inner.Attention(workspace, query, key, value, own, output);
        Keep(start, workspace, nameof(Attention), query, output.ColumnCount);
    }

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
        long start = Now();
        inner.Recurrent(workspace, input, ((TimedRecurrent)weights).Inner, sequences, initial, output, final, attention);
        Keep(start, workspace, nameof(Recurrent), input, weights.Spec.HiddenSize);
    }

    protected override void ScoreCore(Workspace workspace, Tensor queries, Catalogue catalogue, Tensor output)
    {
        long start = Now();
        inner.Score(workspace, queries, ((TimedCatalogue)catalogue).Inner, output);
        Keep(start, workspace, nameof(Score), queries, output.ColumnCount);
    }

    protected override void ScoreCandidatesCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, Indices candidates, Ragged sequences, Tensor output)
    {
        long start = Now();
        inner.ScoreCandidates(workspace, queries, ((TimedCatalogue)catalogue).Inner, candidates, sequences, output);
        Keep(start, workspace, nameof(ScoreCandidates), queries, output.RowCount);
    }

    protected override void TopKCore(
        Workspace workspace, Tensor queries, Catalogue catalogue, int k, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        long start = Now();
        inner.TopK(workspace, queries, ((TimedCatalogue)catalogue).Inner, k, excluded, exclusions, ids, scores);
        Keep(start, workspace, nameof(TopK), queries, catalogue.RowCount);
    }

    protected override void SelectTopKCore(
        Workspace workspace, Tensor values, int k, ImmutableArray<int> never, Indices excluded, Ragged? exclusions, Indices ids, Tensor scores)
    {
        long start = Now();
        inner.SelectTopK(workspace, values, k, never, excluded, exclusions, ids, scores);
        Keep(start, workspace, nameof(SelectTopK), values, k);
    }

    protected override void MergeTopKCore(
        Workspace workspace, int listCount, Indices listIds, Tensor listScores, Indices ids, Tensor scores)
    {
        long start = Now();
        inner.MergeTopK(workspace, listCount, listIds, listScores, ids, scores);
        Keep(start, workspace, nameof(MergeTopK), listScores);
    }

    protected override void FlattenCore(Workspace workspace, Tensor input, int steps, FlattenOrder order, Tensor output)
    {
        long start = Now();
        inner.Flatten(workspace, input, steps, order, output);
        Keep(start, workspace, nameof(Flatten), input, output.ColumnCount);
    }

    protected override void LayerNormCore(Workspace workspace, Tensor input, LayerNormWeights weights, Tensor output, Tensor? residual)
    {
        long start = Now();
        inner.LayerNorm(workspace, input, ((TimedLayerNorm)weights).Inner, output, residual);
        Keep(start, workspace, nameof(LayerNorm), output);
    }

    protected override void ScaleShiftCore(Workspace workspace, Tensor input, VectorWeights scale, VectorWeights shift, Tensor output)
    {
        long start = Now();
        inner.ScaleShift(workspace, input, ((TimedVector)scale).Inner, ((TimedVector)shift).Inner, output);
        Keep(start, workspace, nameof(ScaleShift), output);
    }

    protected override void NormalizeL2Core(Workspace workspace, Tensor input, Tensor output)
    {
        long start = Now();
        inner.NormalizeL2(workspace, input, output);
        Keep(start, workspace, nameof(NormalizeL2), output);
    }

    protected override void SoftmaxCore(Workspace workspace, Tensor input, Tensor output, bool log)
    {
        long start = Now();
        inner.Softmax(workspace, input, output, log);
        Keep(start, workspace, nameof(Softmax), output);
    }

    protected override void PoolCore(Workspace workspace, Tensor input, Ragged sequences, PoolKind kind, Tensor output)
    {
        long start = Now();
        inner.Pool(workspace, input, sequences, kind, output);
        Keep(start, workspace, nameof(Pool), input, output.ColumnCount);
    }

    protected override void ApplyCore(Workspace workspace, Tensor input, Activation activation, Tensor output)
    {
        long start = Now();
        inner.Apply(workspace, input, activation, output);
        Keep(start, workspace, nameof(Apply), output);
    }

    protected override void PReluCore(Workspace workspace, Tensor input, VectorWeights slope, Tensor output)
    {
        long start = Now();
        inner.PRelu(workspace, input, ((TimedVector)slope).Inner, output);
        Keep(start, workspace, nameof(PRelu), output);
    }

    protected override void CombineCore(Workspace workspace, Tensor left, Tensor right, BinaryOperation operation, Tensor output)
    {
        long start = Now();
        inner.Combine(workspace, left, right, operation, output);
        Keep(start, workspace, nameof(Combine), output);
    }

    protected override void CombineRowsCore(
        Workspace workspace, Tensor left, Indices leftRows, Tensor right, Indices rightRows, BinaryOperation operation, Tensor output)
    {
        long start = Now();
        inner.CombineRows(workspace, left, leftRows, right, rightRows, operation, output);
        Keep(start, workspace, nameof(CombineRows), output);
    }

    protected override void AggregateCore(Workspace workspace, Tensor input, in Adjacency adjacency, AggregateKind kind, Tensor output)
    {
        Adjacency own = Unwrap(adjacency);
        long start = Now();
        inner.Aggregate(workspace, input, own, kind, output);
        Keep(start, workspace, nameof(Aggregate), output);
    }

    protected override void AggregateLinearCore(
        Workspace workspace,
        in NodeRows input,
        in Adjacency adjacency,
        AggregateKind kind,
        LinearWeights weights,
        Tensor output,
        Activation activation,
        NodeRows? own)
    {
        Adjacency lists = Unwrap(adjacency);
        NodeRows rows = Unwrap(input);
        NodeRows? beside = own is { } some ? Unwrap(some) : null;
        long start = Now();
        inner.AggregateLinear(workspace, rows, lists, kind, ((TimedLinear)weights).Inner, output, activation, beside);
        Keep(start, workspace, nameof(AggregateLinear), output);
    }

    protected override void GraphAttentionCore(
        Workspace workspace, Tensor input, Tensor target, Tensor source, in Adjacency adjacency, float slope, Tensor output)
    {
        Adjacency own = Unwrap(adjacency);
        long start = Now();
        inner.GraphAttention(workspace, input, target, source, own, slope, output);
        Keep(start, workspace, nameof(GraphAttention), output);
    }

    protected override void RowDotCore(Workspace workspace, Tensor left, Tensor right, Tensor output)
    {
        long start = Now();
        inner.RowDot(workspace, left, right, output);
        Keep(start, workspace, nameof(RowDot), left, 1);
    }

    protected override void ScaleRowsCore(Workspace workspace, Tensor input, Tensor factors, Tensor output)
    {
        long start = Now();
        inner.ScaleRows(workspace, input, factors, output);
        Keep(start, workspace, nameof(ScaleRows), output);
    }

    protected override void FactorizationMachineCore(Workspace workspace, Tensor input, int fieldCount, Tensor output)
    {
        long start = Now();
        inner.FactorizationMachine(workspace, input, fieldCount, output);
        Keep(start, workspace, nameof(FactorizationMachine), input, 1);
    }

    protected override void SquashCore(Workspace workspace, Tensor input, float epsilon, Tensor output)
    {
        long start = Now();
        inner.Squash(workspace, input, epsilon, output);
        Keep(start, workspace, nameof(Squash), output);
    }

    protected override void SegmentSoftmaxCore(Workspace workspace, Tensor input, Ragged sequences, Tensor output)
    {
        long start = Now();
        inner.SegmentSoftmax(workspace, input, sequences, output);
        Keep(start, workspace, nameof(SegmentSoftmax), output);
    }

    private static NodeRows Unwrap(in NodeRows rows) => rows.Table is TimedTable table ? new NodeRows(table.Inner) : rows;

    private static Adjacency Unwrap(in Adjacency adjacency) =>
        adjacency.Graph is TimedGraph graph ? new Adjacency(graph.Inner) : adjacency;
}
