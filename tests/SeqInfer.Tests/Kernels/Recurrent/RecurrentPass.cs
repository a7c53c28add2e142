using SeqInfer.Kernels;
using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Ops;
using SeqInfer.Kernels.Recurrent;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Kernels.Recurrent;

/// <summary>Lays a batch out in guard pages, every buffer of exactly its size, and runs the kernel of one vector type.</summary>
internal sealed unsafe class RecurrentPass<V>(CellKind cell, int units, int gates, bool atEnd)
    where V : unmanaged, ISimd<V>
{
    private const int Gap = 3;

    public RecurrentCase.Result Run(
        Parameter weight, Parameter biasIh, Parameter biasHh, float[][] inputs, float[][]? initialHidden, float[][]? initialCell, bool reverse)
    {
        int batch = inputs.Length;
        int[] lengths = [.. inputs.Select(x => units == 0 ? 0 : x.Length / (gates * units))];
        int[] offsets = [0, .. lengths.Select((_, i) => lengths.Take(i + 1).Sum())];
        int first = cell == CellKind.GruResetFirst ? 2 * units : gates * units;
        using PackedCell<V, Float32Storage> packed = new(
            cell == CellKind.GruResetFirst ? 2 : gates,
            weight.SliceRows(0, first),
            biasIh.SliceColumns(0, first),
            biasHh.SliceColumns(0, first),
            separate: cell == CellKind.Gru);
        using PackedCell<V, Float32Storage> candidate = new(
            1, weight.SliceRows(first, (gates * units) - first), biasIh.SliceColumns(first, (gates * units) - first), biasHh.SliceColumns(first, (gates * units) - first), separate: false);
        int width = packed.Weight.PanelCount * packed.Weight.PanelUnits;
        using GuardedMemory<float> input = Rows([.. inputs.SelectMany(x => x.Chunk(Math.Max(gates * units, 1)))], gates * units);
        using GuardedMemory<float> h0 = Rows(initialHidden ?? [], units);
        using GuardedMemory<float> c0 = Rows(initialCell ?? [], units);
        using GuardedMemory<float> output = Room(offsets[^1], units);
        using GuardedMemory<float> hn = Room(batch, units);
        using GuardedMemory<float> cn = Room(batch, units);
        using GuardedMemory<float> scratch = GuardedMemory<float>.AtEnd(3 * batch * width);
        scratch.Span.Fill(float.NaN);
        using GuardedMemory<int> ends = GuardedMemory<int>.Of(offsets, atEnd);
        int longest = lengths.DefaultIfEmpty().Max();
        using GuardedMemory<int> integers = GuardedMemory<int>.AtEnd((2 * batch) + longest + 1);
        RecurrentCall call = new()
        {
            Batch = batch,
            Offsets = ends.Pointer,
            Longest = longest,
            Reverse = reverse,
            Input = new(input.Pointer, (gates * units) + Gap),
            InitialHidden = initialHidden is null ? default : new(h0.Pointer, units + Gap),
            InitialCell = initialCell is null ? default : new(c0.Pointer, units + Gap),
            Output = new(output.Pointer, units + Gap),
            FinalHidden = new(hn.Pointer, units + Gap),
            FinalCell = new(cn.Pointer, units + Gap),
            Hidden = new(scratch.Pointer, width),
            NextHidden = new(scratch.Pointer + (batch * width), width),
            Cell = new(scratch.Pointer + (2 * batch * width), width),
            Order = integers.Pointer,
            Rows = integers.Pointer + batch,
            Places = integers.Pointer + (2 * batch),
        };
        Run(ref call, packed, candidate);
        foreach (GuardedMemory<float> memory in new[] { input, h0, c0, output, hn, cn, scratch }) memory.AssertNothingElseWritten();
        integers.AssertNothingElseWritten();
        return new RecurrentCase.Result(
            [.. lengths.Select((length, s) => Collect(output, offsets[s], length))],
            [.. lengths.Select((_, s) => Collect(hn, s, 1))],
            [.. lengths.Select((_, s) => Collect(cn, s, 1))]);
    }

    private void Run(ref RecurrentCall call, PackedCell<V, Float32Storage> packed, PackedCell<V, Float32Storage> candidate)
    {
        switch (cell)
        {
            case CellKind.RnnTanh:
                RecurrentKernel<V, Float32Storage>.Run<RnnCell<Tanh>, NoSplitter>(ref call, packed, default);
                break;
            case CellKind.RnnRelu:
                RecurrentKernel<V, Float32Storage>.Run<RnnCell<Relu>, NoSplitter>(ref call, packed, default);
                break;
            case CellKind.Lstm:
                RecurrentKernel<V, Float32Storage>.Run<LstmCell, NoSplitter>(ref call, packed, default);
                break;
            case CellKind.GruResetFirst:
                RecurrentKernel<V, Float32Storage>.Run<ResetFirstGates, ResetFirstCandidate, NoSplitter>(ref call, packed, candidate, default);
                break;
            default:
                RecurrentKernel<V, Float32Storage>.Run<GruCell, NoSplitter>(ref call, packed, default);
                break;
        }
    }

    private GuardedMemory<float> Room(int rows, int columns)
    {
        int length = rows == 0 ? 0 : (rows * (columns + Gap)) - Gap;
        return atEnd ? GuardedMemory<float>.AtEnd(length) : GuardedMemory<float>.AtStart(length);
    }

    private GuardedMemory<float> Rows(float[][] rows, int columns)
    {
        GuardedMemory<float> memory = Room(rows.Length, columns);
        for (int row = 0; row < rows.Length; row++) rows[row].CopyTo(memory.Span[(row * (columns + Gap))..]);
        return memory;
    }

    // Fails if the gaps between rows were written.
    private float[] Collect(GuardedMemory<float> memory, int first, int count)
    {
        float[] values = new float[count * units];
        for (int row = 0; row < count; row++)
        {
            int start = (first + row) * (units + Gap);
            memory.Span.Slice(start, units).CopyTo(values.AsSpan(row * units));
            int gap = Math.Min(Gap, memory.Count - start - units);
            Assert.True(memory.Span.Slice(start + units, gap).IndexOfAnyExcept(0f) < 0, "the gap between two rows was written");
        }

        return values;
    }
}
