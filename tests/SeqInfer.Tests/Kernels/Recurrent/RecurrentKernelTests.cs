using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Kernels.Recurrent;

/// <summary>Recurrent passes against the documented formulas in double, in guard pages, and their independence of the batch.</summary>
public sealed unsafe class RecurrentKernelTests
{
    // Empty ones first, last and in between; equal lengths; a single step; a longest one that runs alone.
    private static readonly int[] Ragged = [0, 3, 9, 0, 1, 3, 14, 2, 5, 5, 0];

    public static TheoryData<Isa, CellKind> AllIsasAndCells
    {
        get
        {
            TheoryData<Isa, CellKind> data = [];
            foreach (Isa isa in Enum.GetValues<Isa>())
            {
                foreach (CellKind cell in Enum.GetValues<CellKind>()) data.Add(isa, cell);
            }

            return data;
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsasAndCells))]
    public void Ragged_batches_of_every_width_match_double_precision(Isa isa, CellKind cell)
    {
        foreach (int units in new[] { 1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 48, 50, 65, 128 })
        {
            foreach (bool reverse in new[] { false, true })
                Compare(isa, new RecurrentCase(cell, units, Ragged, reverse, hasInitial: units % 2 == 0, units));
        }
    }

    [SkippableTheory, MemberData(nameof(AllIsasAndCells))]
    public void Batches_of_every_size_match_double_precision(Isa isa, CellKind cell)
    {
        for (int batch = 0; batch <= 32; batch++)
        {
            int[] lengths = [.. Enumerable.Range(0, batch).Select(i => 1 + (i * 7 % 4))];
            Compare(isa, new RecurrentCase(cell, units: 20, lengths, reverse: batch % 2 == 1, hasInitial: batch % 3 == 0, batch));
        }
    }

    // Gates far beyond where an exponential would overflow
    [SkippableTheory, MemberData(nameof(AllIsasAndCells))]
    public void Saturated_gates_match_double_precision(Isa isa, CellKind cell)
    {
        if (cell != CellKind.RnnRelu)
            Compare(isa, new RecurrentCase(cell, units: 20, Ragged, reverse: false, hasInitial: true, seed: 3, inputScale: 1e4));
    }

    [SkippableTheory, MemberData(nameof(AllIsasAndCells))]
    public void A_sequence_has_the_same_bits_alone_and_in_every_batch(Isa isa, CellKind cell)
    {
        foreach (bool hasInitial in new[] { false, true })
        {
            RecurrentCase sequences = new(cell, units: 70, Ragged, reverse: hasInitial, hasInitial, seed: 5);
            int[] all = [.. Enumerable.Range(0, Ragged.Length)];
            RecurrentCase.Result together = sequences.Run(isa, all, atEnd: true);
            foreach (int[] picked in all.Select(s => new[] { s }).Append([.. all.Reverse()]).Append([6, 2]).Append([8, 9, 6, 1, 5, 7, 4]))
            {
                RecurrentCase.Result some = sequences.Run(isa, picked, atEnd: false);
                for (int i = 0; i < picked.Length; i++)
                {
                    string what = $"{sequences}: sequence {picked[i]} among {string.Join(' ', picked)}";
                    Tolerance.Exact.Check(together.Outputs[picked[i]], some.Outputs[i], what);
                    Tolerance.Exact.Check(together.Hidden[picked[i]], some.Hidden[i], what);
                    Tolerance.Exact.Check(together.Cell[picked[i]], some.Cell[i], what);
                }
            }
        }
    }

    [Fact]
    public void Sequences_are_ordered_by_descending_length_and_equal_ones_keep_their_order()
    {
        int[] offsets = [0, 2, 2, 7, 9, 9, 14];
        int[] places = new int[6];
        int[] order = new int[6];
        fixed (int* o = offsets, p = places, result = order) SequenceOrder.ByDescendingLength(o, 6, 5, p, result);
        Assert.Equal([2, 5, 0, 3, 1, 4], order);
    }

    private static void Compare(Isa isa, RecurrentCase sequences)
    {
        (double[][] outputs, double[][] hidden, double[][] cell) = sequences.Reference();
        foreach (bool atEnd in new[] { true, false })
        {
            RecurrentCase.Result actual = sequences.Run(isa, [.. Enumerable.Range(0, sequences.Lengths.Length)], atEnd);
            for (int s = 0; s < sequences.Lengths.Length; s++)
            {
                Check(outputs[s], actual.Outputs[s], $"{sequences}: states of sequence {s}");
                Check(hidden[s], actual.Hidden[s], $"{sequences}: last state of sequence {s}");
                if (sequences.Cell == CellKind.Lstm) Check(cell[s], actual.Cell[s], $"{sequences}: last cell state of sequence {s}");
            }
        }

        // A step sums one product for each unit, an input and two biases; terms reach a few times the states they come from, and what a step
        // loses reaches the later ones.
        void Check(double[] expected, float[] values, string what)
        {
            double range = expected.Length == 0 ? 1 : Math.Max(expected.Max(Math.Abs), 1);
            Tolerance.Accumulated(sequences.Units + 3).Check(expected, values, what, 4 * range);
        }
    }
}
