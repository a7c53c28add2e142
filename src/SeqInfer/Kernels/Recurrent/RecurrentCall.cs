using SeqInfer.Kernels.Gemm;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>What one pass over a batch of sequences reads, writes and works in. H is the number of units, G of gates.</summary>
internal unsafe struct RecurrentCall
{
    /// <summary>Number of sequences.</summary>
    public int Batch;

    /// <summary>Batch + 1 offsets of the sequences' rows.</summary>
    public int* Offsets;

    /// <summary>At least the largest length.</summary>
    public int Longest;

    /// <summary>True runs from each sequence's last row to its first.</summary>
    public bool Reverse;

    /// <summary>W_ih x, [rows, G * H].</summary>
    public StridedRows Input;

    /// <summary>One attention weight a step, [rows, 1]; cells that take one only.</summary>
    public StridedRows Attention;

    /// <summary>h before the first step, [batch, H]; null for zeros.</summary>
    public StridedRows InitialHidden;

    /// <summary>c before the first step, [batch, H]; null for zeros.</summary>
    public StridedRows InitialCell;

    /// <summary>h after each step at the step's row, [rows, H]; or null.</summary>
    public StridedRows Output;

    /// <summary>h after the last step, [batch, H]; or null.</summary>
    public StridedRows FinalHidden;

    /// <summary>c after the last step, [batch, H]; or null.</summary>
    public StridedRows FinalCell;

    /// <summary>Scratch for h, [batch, whole panels of units].</summary>
    public StridedRows Hidden;

    /// <summary>As <see cref="Hidden"/>, of the same stride: a step reads one and writes the other.</summary>
    public StridedRows NextHidden;

    /// <summary>Scratch for c, like <see cref="Hidden"/>; not used by cells without c.</summary>
    public StridedRows Cell;

    /// <summary>Scratch for the integers that stand for h, [batch, IntegerRows.Stride(H)]; storages that multiply integers only.</summary>
    public StridedRows Integers;

    /// <summary>Scratch of Batch places beside <see cref="Integers"/>.</summary>
    public IntegerRow* AboutIntegers;

    /// <summary>Scratch of Batch integers.</summary>
    public int* Order;

    /// <summary>Scratch of Batch integers.</summary>
    public int* Rows;

    /// <summary>Scratch of Longest + 1 integers.</summary>
    public int* Places;

    /// <summary>The same for some of the sequences, which may run while others do.</summary>
    /// <param name="first">The first sequence.</param>
    /// <param name="count">How many.</param>
    /// <param name="places">Scratch of their own of Longest + 1 integers.</param>
    public readonly RecurrentCall Part(int first, int count, int* places)
    {
        RecurrentCall part = this;
        part.Batch = count;
        part.Offsets += first;
        part.InitialHidden = InitialHidden.From(first);
        part.InitialCell = InitialCell.From(first);
        part.FinalHidden = FinalHidden.From(first);
        part.FinalCell = FinalCell.From(first);
        part.Hidden = Hidden.From(first);
        part.NextHidden = NextHidden.From(first);
        part.Cell = Cell.From(first);
        part.Integers = Integers.From(first);
        part.AboutIntegers = AboutIntegers == null ? null : AboutIntegers + first;
        part.Order += first;
        part.Rows += first;
        part.Places = places;
        return part;
    }
}
