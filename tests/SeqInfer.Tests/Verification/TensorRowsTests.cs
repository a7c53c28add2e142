using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Verification;

/// <summary>Tensors as rows of inputs: padding, columns, dtypes.</summary>
public sealed class TensorRowsTests
{
    private static readonly InputSpec Ragged = new() { Name = "items", Kind = InputKind.RaggedIds };
    private static readonly InputSpec Values = new() { Name = "x", Kind = InputKind.Values, Width = 2 };

    [Fact]
    public void Padding_on_the_left_is_what_stands_before_the_first_id() =>
        AssertRows(TensorRows.ReadLeftPadded(Tensor([3, 4], 0, 0, 5, 6, 0, 0, 0, 0, 1, 0, 2, 0), padId: 0), [5, 6], [], [1, 0, 2, 0]);

    [Fact]
    public void Padding_on_the_right_is_what_stands_behind_the_last_id() =>
        AssertRows(TensorRows.ReadRightPadded(Tensor([3, 3], 5, -1, -1, -1, -1, -1, 0, 1, 2), padId: -1, lengths: null), [5], [], [0, 1, 2]);

    [Fact]
    public void Lengths_say_more_than_the_padding_id() =>
        AssertRows(TensorRows.ReadRightPadded(Tensor([2, 3], 5, 0, 0, 7, 8, 9), padId: 0, Tensor([2], 2, 0)), [5, 0], []);

    [Fact]
    public void Lengths_that_do_not_fit_are_an_error()
    {
        Assert.Throws<SeqInfer.Cli.CliException>(() => TensorRows.ReadRightPadded(Tensor([1, 3], 5, 0, 0), 0, Tensor([1], 4)));
        Assert.Throws<SeqInfer.Cli.CliException>(() => TensorRows.ReadRightPadded(Tensor([2, 1], 5, 6), 0, Tensor([1], 1)));
    }

    [Fact]
    public void Lists_have_offsets()
    {
        AssertRows(TensorRows.ReadRagged(Tensor([3], 5, 6, 7), Tensor([4], 0, 2, 2, 3)), [5, 6], [], [7]);
        Assert.Throws<SeqInfer.Cli.CliException>(() => TensorRows.ReadRagged(Tensor([3], 5, 6, 7), Tensor([3], 0, 2, 2)));
        Assert.Throws<SeqInfer.Cli.CliException>(() => TensorRows.ReadRagged(Tensor([3], 5, 6, 7), Tensor([4], 0, 2, 1, 3)));
    }

    [Fact]
    public void A_column_of_a_matrix_is_one_id_a_row()
    {
        AssertRows((IdRows)TensorRows.Read(Tensor([2, 3], 1, 2, 3, 4, 5, 6), Ragged, column: 1), [2], [5]);
        AssertRows((IdRows)TensorRows.Read(Tensor([2], 1, 2), Ragged), [1], [2]);
        Assert.Throws<SeqInfer.Cli.CliException>(() => TensorRows.Read(Tensor([2, 3], 1, 2, 3, 4, 5, 6), Ragged, column: 3));
    }

    [Theory]
    [InlineData(DType.I8)]
    [InlineData(DType.U8)]
    [InlineData(DType.I16)]
    [InlineData(DType.U16)]
    [InlineData(DType.I32)]
    [InlineData(DType.U32)]
    [InlineData(DType.I64)]
    [InlineData(DType.U64)]
    public void Ids_may_be_of_any_integer_dtype(DType dtype)
    {
        int size = dtype.Bits() / 8;
        byte[] bytes = new byte[2 * size];
        (bytes[0], bytes[size]) = (100, 7);
        AssertRows((IdRows)TensorRows.Read(TensorInfo.FromBytes("x", dtype, new Shape(1, 2), bytes), Ragged), [100, 7]);
    }

    [Fact]
    public void Ids_of_another_dtype_or_beyond_32_bits_are_an_error()
    {
        Assert.Throws<WeightTensorException>(() => TensorRows.Read(TensorInfo.FromValues("x", new Shape(1, 1), [1f]), Ragged));
        Assert.Throws<WeightTensorException>(() => TensorRows.Read(Tensor([1, 1], 1L << 31), Ragged));
    }

    [Fact]
    public void Values_may_be_integers()
    {
        RowSource rows = TensorRows.Read(Tensor([2, 2], 1, 2, 3, 4), Values);
        var batch = new Batch(new ModelSignature([Values], [new OutputSpec { Name = "y", Kind = OutputKind.PerRow }]));
        rows.AddTo(batch[0], 1);
        Assert.Equal([3f, 4f], batch.Values("x").Values.ToArray());
    }

    private static TensorInfo Tensor(long[] shape, params long[] values) =>
        TensorInfo.FromBytes("x", DType.I64, new Shape(shape), System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));

    private static void AssertRows(IdRows rows, params int[][] expected)
    {
        Assert.Equal(expected.Length, rows.RowCount);
        for (int row = 0; row < expected.Length; row++)
            Assert.Equal(expected[row], rows[row].ToArray());
    }
}
