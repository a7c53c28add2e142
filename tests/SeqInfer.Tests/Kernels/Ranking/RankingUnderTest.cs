using SeqInfer.Devices;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Panels;
using SeqInfer.Kernels.Ranking;
using SeqInfer.Kernels.Ranking.Codes;
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

    /// <summary>All scores, [queries, items]; of items in rows instead of panels, if wanted.</summary>
    public abstract float[] Score(RankingCase ranking, bool inRows = false);

    /// <summary>The scores of one query's candidates; of items in rows instead of panels, if wanted.</summary>
    public abstract float[] ScoreCandidates(RankingCase ranking, int query, int[] candidates, bool inRows = false);

    /// <summary>The k best, [queries, k], by scoring all items.</summary>
    public abstract (int[] Ids, float[] Scores) TopK(RankingCase ranking, int k);

    /// <summary>The k best, [queries, k], by a first pass over codes, with or without full passes over stretches.</summary>
    public abstract (int[] Ids, float[] Scores) CodedTopK(RankingCase ranking, int k, bool withStretches);

    private readonly struct Factory : IIsaVisitor<RankingUnderTest>
    {
        public RankingUnderTest Visit<V>()
            where V : unmanaged, ISimd<V> =>
            new OfWidth<V>();
    }

    private sealed unsafe class OfWidth<V> : RankingUnderTest
        where V : unmanaged, ISimd<V>
    {
        private delegate void Scanner(GuardedCatalogue<V> catalogue, in TopKQueries queries);

        public override float[] Score(RankingCase ranking, bool inRows)
        {
            using GuardedCatalogue<V> catalogue = new(ranking, inRows);
            using GuardedMemory<float> queries = GuardedMemory<float>.Of(ranking.Queries, atEnd: true);
            using GuardedMemory<float> panels = GuardedMemory<float>.AtEnd((int)ItemVectors.ScratchFor<V>(ranking.Depth));
            using GuardedMemory<float> output = GuardedMemory<float>.AtEnd(ranking.QueryCount * ranking.ItemCount);
            if (ranking.Similarity == Similarity.NegL2Squared)
                ScoreKernel<V, DistanceStorage>.Run(catalogue.Vectors, queries.Pointer, ranking.Depth, ranking.QueryCount, 0, Panel<V>.CountFor(ranking.ItemCount), panels.Pointer, output.Pointer, ranking.ItemCount);
            else
                ScoreKernel<V, Float32Storage>.Run(catalogue.Vectors, queries.Pointer, ranking.Depth, ranking.QueryCount, 0, Panel<V>.CountFor(ranking.ItemCount), panels.Pointer, output.Pointer, ranking.ItemCount);
            output.AssertNothingElseWritten();
            return output.Span.ToArray();
        }

        public override float[] ScoreCandidates(RankingCase ranking, int query, int[] candidates, bool inRows)
        {
            using GuardedCatalogue<V> catalogue = new(ranking, inRows);
            using GuardedMemory<float> row = GuardedMemory<float>.Of(ranking.Queries.AsSpan(query * ranking.Depth, ranking.Depth), atEnd: true);
            using GuardedMemory<int> ids = GuardedMemory<int>.Of(candidates, atEnd: true);
            using GuardedMemory<float> scratch = GuardedMemory<float>.AtEnd((int)CandidateKernel<V, Float32Storage>.ScratchFor(ranking.Depth));
            using GuardedMemory<float> output = GuardedMemory<float>.AtEnd(candidates.Length);
            if (ranking.Similarity == Similarity.NegL2Squared)
                CandidateKernel<V, DistanceStorage>.Run(catalogue.Vectors, row.Pointer, ids.Pointer, ids.Count, scratch.Pointer, output.Pointer, 1);
            else
                CandidateKernel<V, Float32Storage>.Run(catalogue.Vectors, row.Pointer, ids.Pointer, ids.Count, scratch.Pointer, output.Pointer, 1);
            output.AssertNothingElseWritten();
            return output.Span.ToArray();
        }

        public override (int[] Ids, float[] Scores) TopK(RankingCase ranking, int k) =>
            ranking.Similarity == Similarity.NegL2Squared ? Full<DistanceStorage>(ranking, k) : Full<Float32Storage>(ranking, k);

        public override (int[] Ids, float[] Scores) CodedTopK(RankingCase ranking, int k, bool withStretches) =>
            ranking.Similarity == Similarity.NegL2Squared
                ? Coded<DistanceStorage>(ranking, k, withStretches)
                : Coded<Float32Storage>(ranking, k, withStretches);

        private static (int[] Ids, float[] Scores) Full<TStorage>(RankingCase ranking, int k)
            where TStorage : struct, IWeightStorage
        {
            using GuardedCatalogue<V> catalogue = new(ranking);
            return Run(ranking, k, catalogue, (GuardedCatalogue<V> from, in TopKQueries queries) =>
                TopKKernel<V, TStorage>.Scan(from.Vectors, queries, 0, Panel<V>.CountFor(ranking.ItemCount), scratch: null));
        }

        private static (int[] Ids, float[] Scores) Coded<TStorage>(RankingCase ranking, int k, bool withStretches)
            where TStorage : struct, IWeightStorage
        {
            using GuardedCatalogue<V> catalogue = new(ranking, inRows: true);
            bool isDistance = ranking.Similarity == Similarity.NegL2Squared;
            if (withStretches)
            {
                using GuardedMemory<float> scratch = GuardedMemory<float>.AtEnd((int)TwoPassTopK<V, TStorage>.ScratchFor(ranking.QueryCount, ranking.Depth));
                return Run(ranking, k, catalogue, (GuardedCatalogue<V> from, in TopKQueries queries) =>
                    TwoPassTopK<V, TStorage>.Scan(from.Vectors, from.Codes, queries, Math.Min(k, ranking.ItemCount), isDistance, 0, Panel<V>.CountFor(ranking.ItemCount), scratch.Pointer));
            }

            using GuardedMemory<float> memory = GuardedMemory<float>.AtEnd((int)CodedQueries<V>.MemoryFor(ranking.QueryCount, ranking.Depth));
            using GuardedMemory<float> columns = GuardedMemory<float>.AtEnd((int)CodeScan<V, TStorage>.ScratchFor(ranking.Depth));
            using GuardedMemory<PendingItems> pending = GuardedMemory<PendingItems>.AtEnd(ranking.QueryCount);
            return Run(ranking, k, catalogue, (GuardedCatalogue<V> from, in TopKQueries queries) =>
            {
                int panels = Panel<V>.CountFor(ranking.ItemCount);
                CodedQueries<V> coded = new(queries, ranking.Depth, isDistance, memory.Pointer);
                for (int panel = 0; panel < panels;)
                    panel = CodeScan<V, TStorage>.Run(from.Vectors, from.Codes, queries, coded, pending.Pointer, panel, panels, columns.Pointer);
                memory.AssertNothingElseWritten();
                columns.AssertNothingElseWritten();
                pending.AssertNothingElseWritten();
            });
        }

        private static (int[] Ids, float[] Scores) Run(RankingCase ranking, int k, GuardedCatalogue<V> catalogue, Scanner scan)
        {
            int count = ranking.QueryCount;
            int kept = Math.Min(k, ranking.ItemCount);
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

            scan(catalogue, new TopKQueries
            {
                Rows = queries.Pointer,
                Stride = ranking.Depth,
                Count = count,
                Lists = lists.Pointer,
                Excluded = ranking.Exclusions is null ? null : sets.Pointer,
            });
            for (int i = 0; i < count; i++) lists.Span[i].Finish(ids.Pointer + (i * k), scores.Pointer + (i * k), k);
            keys.AssertNothingElseWritten();
            slots.AssertNothingElseWritten();
            return (ids.Span.ToArray(), scores.Span.ToArray());
        }
    }
}
