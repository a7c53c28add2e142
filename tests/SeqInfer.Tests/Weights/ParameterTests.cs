using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public class ParameterTests
{
    [Fact]
    public void Missing_parameters_stay_missing_and_take_no_memory()
    {
        Parameter missing = WeightScope.FromTensors(Array.Empty<TensorInfo>()).Matrix("w", 1_000_000_000, 1_000_000_000);
        Parameter present = Parameter.Zeros("z", 1_000_000_000, 1_000_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Parameter[] derived =
        [
            missing.Transpose(), missing.SliceRows(5, 999_999_995), missing.SliceColumns(7, 10), missing.Reshape(2_000_000_000, 500_000_000),
            missing.Add(present), present.Add(missing), Parameter.ConcatRows("c", missing, present), Parameter.ConcatColumns("c", present, missing),
        ];
        Assert.All(derived, parameter => Assert.True(parameter.IsMissing));
        Assert.Equal(0, missing[999_999_999, 999_999_999]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.False(present.Transpose().IsMissing);
        Assert.Null(present.TryLease());
        Assert.Throws<InvalidOperationException>(missing.ToArray);
    }

    [Theory]
    [InlineData(new long[] { }, 1, 1)]
    [InlineData(new long[] { 6 }, 1, 6)]
    [InlineData(new long[] { 2, 3 }, 2, 3)]
    [InlineData(new long[] { 3, 2, 1 }, 3, 2)]
    [InlineData(new long[] { 2, 3, 1, 2 }, 2, 6)]
    [InlineData(new long[] { 0, 3, 2 }, 0, 6)]
    public void Tensor_of_any_rank_is_a_matrix(long[] shape, int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(i => (float)i)];
        TensorInfo tensor = TensorInfo.FromValues("t", new Shape(shape), values);
        Parameter parameter = Parameter.FromTensor(tensor);
        Assert.Equal((rows, columns), (parameter.Rows, parameter.Columns));
        Assert.Equal(values, parameter.ToFloatArray());
        Assert.Equal(values, Parameter.FromTensor(tensor, columns, rows).ToFloatArray());
        Assert.Throws<WeightTensorException>(() => Parameter.FromTensor(tensor, rows + 1, columns + 1));
    }

    [Fact]
    public void Tensor_with_a_side_beyond_an_int_is_a_typed_error()
    {
        TensorInfo tensor = TensorInfo.FromBytes("t", DType.U8, Shape.FromUnsigned(0, 1UL << 63), []);
        Assert.Throws<WeightTensorException>(() => Parameter.FromTensor(tensor));
    }

    [Fact]
    public unsafe void Storage_is_reached_in_place_where_rows_are_contiguous()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Parameter parameter = Parameter.FromTensor(TensorInfo.FromValues("t", new Shape(2, 3), values));
        using ParameterLease whole = parameter.TryLease()!;
        Assert.Equal((DType.F32, 2, 3, 3L, true), (whole.DType, whole.Rows, whole.Columns, whole.RowStride, whole.IsAligned));
        Assert.Equal(values, new ReadOnlySpan<float>(whole.Pointer, 6).ToArray());
        using ParameterLease window = parameter.SliceColumns(1, 2).SliceRows(1, 1).TryLease()!;
        Assert.Equal(3L, window.RowStride);
        Assert.Equal([5, 6], new ReadOnlySpan<float>(window.Pointer, 2).ToArray());
        Assert.Equal(((nint)whole.Pointer) + (4 * sizeof(float)), (nint)window.Pointer);
        Assert.Null(parameter.Transpose().TryLease());
        Assert.Null(parameter.Add(parameter).TryLease());
    }

    [Fact]
    public void Sum_is_taken_in_double()
    {
        Parameter large = Parameter.FromValues("b_ih", 1, 1, [16777216f]);
        Parameter one = Parameter.FromValues("b_hh", 1, 1, [1f]);
        Assert.Equal(16777217d, large.Add(one)[0, 0]);
        Assert.Equal(DType.F64, large.Add(one).DType);
        Assert.Equal(16777218f, large.Add(one).Add(one).ToFloatArray()[0]);
    }

    [Fact]
    public void Values_are_copied()
    {
        double[] values = [1, 2];
        Parameter parameter = Parameter.FromValues("p", 1, 2, values);
        values[0] = 9;
        Assert.Equal([1, 2], parameter.ToArray());
    }

    [Fact]
    public void Rows_are_copied_without_touching_the_rest_or_allocating()
    {
        Parameter parameter = Parameter.FromValues("p", 2, 2, [1d, 2, 3, 4]);
        float[] singles = [7, 7, 7];
        double[] doubles = [7, 7, 7];
        parameter.CopyRow(1, singles);
        Assert.Equal(0, Allocation.Of(() =>
        {
            parameter.CopyRow(1, singles);
            parameter.CopyRow(0, doubles);
        }));
        Assert.Equal([3, 4, 7], singles);
        Assert.Equal([1, 2, 7], doubles);
    }

    [Fact]
    public void Indices_and_sizes_are_checked()
    {
        Parameter parameter = Parameter.FromValues("p", 2, 3, new double[6]);
        Parameter wide = Parameter.FromValues("wide", 1, 4, new double[4]);
        Action[] outside =
        [
            () => _ = parameter[2, 0], () => _ = parameter[0, 3], () => _ = parameter[-1, 0], () => _ = parameter[0, -1],
            () => parameter.CopyRow(2, new float[3]), () => parameter.CopyRow(-1, new double[3]),
            () => parameter.SliceRows(1, 2), () => parameter.SliceRows(-1, 1), () => parameter.SliceColumns(0, 4),
            () => parameter.SliceColumns(int.MaxValue, int.MaxValue), () => parameter.SliceRows(0, -1),
            () => Parameter.Zeros("z", -1, 1), () => Parameter.FromValues("v", -1, -1, [1d]), () => parameter.Reshape(-2, -3),
        ];
        Assert.All(outside, action => Assert.Throws<ArgumentOutOfRangeException>(action));
        Action[] misfit =
        [
            () => parameter.CopyRow(0, new float[2]), () => parameter.CopyRow(0, new double[2]), () => parameter.Add(wide),
            () => parameter.Reshape(2, 2), () => Parameter.ConcatRows("c", parameter, wide), () => Parameter.ConcatColumns("c", parameter, wide),
            () => Parameter.ConcatRows("c"), () => Parameter.FromValues("v", 2, 2, [1f]),
            () => Parameter.ConcatRows("c", Parameter.Zeros("z", int.MaxValue, 3), parameter),
        ];
        Assert.All(misfit, action => Assert.Throws<ArgumentException>(action));
    }

    [Fact]
    public void Concatenation_keeps_a_common_dtype()
    {
        Parameter single = Parameter.FromValues("s", 1, 1, [1f]);
        Parameter wide = Parameter.FromValues("d", 1, 1, [0.1d]);
        Assert.Equal(DType.F32, Parameter.ConcatRows("c", single, single).DType);
        Assert.Equal(DType.F64, Parameter.ConcatRows("c", single, wide).DType);
        Assert.Equal([1, 0.1], Parameter.ConcatRows("c", single, wide).ToArray());
    }
}
