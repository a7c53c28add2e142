using SeqInfer.Devices;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Ranking;

/// <summary>The ranking kernels of one instruction set, with every operand against a guard page.</summary>
internal abstract class RankingUnderTest
{
    /// <summary>All instruction sets, for theories.</summary>
    public static TheoryData<Isa> AllIsas => [.. Enum.GetValues<Isa>()];

    /// <summary>The kernels of <paramref name="isa"/>; the test is skipped, visibly, where the process does not support it.</summary>
    public static RankingUnderTest For(Isa isa)
    {
        RankingUnderTest? kernel = IsaDispatch.TryCreate<Factory, RankingUnderTest>(isa, default);
        Skip.If(kernel is null, $"This process does not support {IsaDetection.NameOf(isa)}.");
        return kernel!;
    }

    /// <summary>All scores, [queries, items].</summary>
    public abstract float[] Score(RankingCase ranking);

    /// <summary>The scores of one query's candidates.</summary>
    public abstract float[] ScoreCandidates(RankingCase ranking, int query, int[] candidates);

    /// <summary>The k best, [queries, k].</summary>
    public abstract (int[] Ids, float[] Scores) TopK(RankingCase ranking, int k);

    private readonly struct Factory : IIsaVisitor<RankingUnderTest>
    {
        public RankingUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new OfWidth<V>();
    }

    private sealed unsafe class OfWidth<V> : RankingUnderTest
        where V : unmanaged, ISimd<V>
    {
        public override float[] Score(RankingCase ranking)
        {
            using GuardedCatalogue<V> catalogue = new(ranking);
            using GuardedMemory<float> queries = GuardedMemory<float>.Of(ranking.Queries, atEnd: true);
            using GuardedMemory<float> output = GuardedMemory<float>.AtEnd(ranking.QueryCount * ranking.ItemCount);
            if (ranking.Similarity == Similarity.NegL2Squared)
                ScoreKernel<V, NegSquaredDistanceTerm>.Run(catalogue.Panels, queries.Pointer, ranking.Depth, ranking.QueryCount, output.Pointer, ranking.ItemCount);
            else
                ScoreKernel<V, DotTerm>.Run(catalogue.Panels, queries.Pointer, ranking.Depth, ranking.QueryCount, output.Pointer, ranking.ItemCount);
            output.AssertNothingElseWritten();
            return output.Span.ToArray();
        }

        public override float[] ScoreCandidates(RankingCase ranking, int query, int[] candidates)
        {
            using GuardedCatalogue<V> catalogue = new(ranking);
            using GuardedMemory<float> row = GuardedMemory<float>.Of(ranking.Queries.AsSpan(query * ranking.Depth, ranking.Depth), atEnd: true);
            using GuardedMemory<int> ids = GuardedMemory<int>.Of(candidates, atEnd: true);
            using GuardedMemory<float> scratch = GuardedMemory<float>.AtEnd((int)CandidateKernel<V, DotTerm>.ScratchFor(ranking.Depth));
            using GuardedMemory<float> output = GuardedMemory<float>.AtEnd(candidates.Length);
            if (ranking.Similarity == Similarity.NegL2Squared)
                CandidateKernel<V, NegSquaredDistanceTerm>.Run(catalogue.Panels, row.Pointer, ids.Pointer, ids.Count, scratch.Pointer, output.Pointer, 1);
            else
                CandidateKernel<V, DotTerm>.Run(catalogue.Panels, row.Pointer, ids.Pointer, ids.Count, scratch.Pointer, output.Pointer, 1);
            output.AssertNothingElseWritten();
            return output.Span.ToArray();
        }

        public override (int[] Ids, float[] Scores) TopK(RankingCase ranking, int k)
        {
            int count = ranking.QueryCount;
            int kept = Math.Min(k, ranking.ItemCount);
            using GuardedCatalogue<V> catalogue = new(ranking);
            using GuardedMemory<float> queries = GuardedMemory<float>.Of(ranking.Queries, atEnd: true);
            using GuardedMemory<long> keys = GuardedMemory<long>.AtEnd((int)(count * TopKList.RoomFor(kept)));
            using GuardedMemory<TopKList> lists = GuardedMemory<TopKList>.AtEnd(count);
            using GuardedMemory<IdSet> sets = GuardedMemory<IdSet>.AtEnd(count);
            using GuardedMemory<int> excluded = GuardedMemory<int>.Of([.. (ranking.Exclusions ?? []).SelectMany(list => list)], atEnd: true);
            using GuardedMemory<int> slots = GuardedMemory<int>.AtEnd(IdSet.RoomFor(excluded.Count));
            using GuardedMemory<int> ids = GuardedMemory<int>.AtEnd(count * k);
            using GuardedMemory<float> scores = GuardedMemory<float>.AtEnd(count * k);
            int start = 0;
            for (int i = 0; i < count; i++)
            {
                lists.Span[i] = new TopKList(keys.Pointer + (i * TopKList.RoomFor(kept)), kept);
                int length = ranking.Exclusions?[i].Length ?? 0;
                sets.Span[i] = new IdSet(excluded.Pointer + start, length, ranking.ItemCount, slots.Pointer + IdSet.RoomFor(start));
                start += length;
            }

            IdSet* given = ranking.Exclusions is null ? null : sets.Pointer;
            if (ranking.Similarity == Similarity.NegL2Squared)
                TopKKernel<V, NegSquaredDistanceTerm>.Scan(catalogue.Panels, queries.Pointer, ranking.Depth, count, lists.Pointer, given);
            else
                TopKKernel<V, DotTerm>.Scan(catalogue.Panels, queries.Pointer, ranking.Depth, count, lists.Pointer, given);
            for (int i = 0; i < count; i++) lists.Span[i].Finish(ids.Pointer + (i * k), scores.Pointer + (i * k), k);
            keys.AssertNothingElseWritten();
            slots.AssertNothingElseWritten();
            return (ids.Span.ToArray(), scores.Span.ToArray());
        }
    }
}
