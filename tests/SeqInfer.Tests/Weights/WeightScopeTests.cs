using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Weights;

public class WeightScopeTests
{
    [Fact]
    public void Lookup_follows_the_path()
    {
        WeightScope weights = WeightScope.FromTensors([
            ("layers.0.linear.weight", new Shape(2, 3), [1, 2, 3, 4, 5, 6]),
            ("layers.0.linear.bias", new Shape(2), [7, 8]),
            ("layers.0.conv.weight", new Shape(2, 1, 2), [1, 2, 3, 4]),
            ("scale", new Shape(), [9]),
        ]);
        WeightScope layer = weights.Scope("layers").Scope("0");
        Assert.Equal("layers.0.linear.bias", layer.FullName("linear.bias"));
        Parameter weight = layer.Matrix("linear.weight", 2, 3);
        Assert.Equal(("layers.0.linear.weight", 2, 3, false), (weight.Name, weight.Rows, weight.Columns, weight.IsMissing));
        Assert.Equal([1, 2, 3, 4, 5, 6], weight.ToArray());
        Parameter bias = weights.Scope("layers.0.linear").Vector("bias", 2);
        Assert.Equal((1, 2), (bias.Rows, bias.Columns));
        Assert.Equal([7, 8], bias.ToArray());
        Parameter convolution = layer.Tensor("conv.weight", 2, 1, 2);
        Assert.Equal((2, 2), (convolution.Rows, convolution.Columns));
        Assert.Equal(9, weights.Tensor("scale")[0, 0]);
        weights.Complete();
    }

    [Fact]
    public void Names_are_listed_below_their_scope()
    {
        WeightScope weights = Zeros("b", "layers.0.w", "layers.0.x.w", "layers.1.w", "layersteady.w");
        Assert.Equal(["layers", "layersteady"], weights.ScopeNames);
        Assert.Equal(["0", "1"], weights.Scope("layers").ScopeNames);
        Assert.Equal(["w", "x.w"], weights.Scope("layers.0").Names);
        Assert.Empty(weights.Scope("absent").Names);
    }

    [Fact]
    public void Everything_that_is_wrong_is_listed_at_once()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder.File(WeightFiles.FileName), [
            TensorData.FromValues("good", new Shape(1), new float[1]),
            TensorData.FromValues("layer.misfit", new Shape(3, 2), new float[6]),
            TensorData.FromValues("layer.flat", new Shape(6), new float[6]),
            TensorData.FromBytes("layer.f8", DType.F8E4M3, new Shape(2), new byte[2]),
            TensorData.FromBytes("left.over", DType.BF16, new Shape(1), new byte[2]),
            TensorData.FromBytes("left.behind", DType.U8, new Shape(1), new byte[1]),
        ]);
        using WeightFiles files = WeightFiles.Open(folder.Path);
        WeightScope weights = WeightScope.FromFiles(files);
        WeightScope layer = weights.Scope("layer");
        Assert.False(weights.Vector("good", 1).IsMissing);
        Parameter[] dummies =
        [
            layer.Matrix("misfit", 2, 3), layer.Matrix("flat", 2, 3), layer.Vector("f8", 2), layer.Vector("absent", 4),
            layer.Vector("absent", 4), weights.Matrix("gone", int.MaxValue, int.MaxValue),
        ];
        Assert.All(dummies, dummy => Assert.True(dummy.IsMissing));
        Assert.Equal((2, 3), (dummies[0].Rows, dummies[0].Columns));

        WeightMismatchException error = Assert.Throws<WeightMismatchException>(layer.Complete);
        Assert.Equal(folder.Path, error.WeightsPath);
        Assert.Equal(
            [
                "Missing gone: expected [2147483647, 2147483647]",
                "Missing layer.absent: expected [4]",
                "WrongShape layer.flat: expected [2, 3], found F32[6]",
                "WrongShape layer.misfit: expected [2, 3], found F32[3, 2]",
                "UnsupportedDType layer.f8: expected [2], found F8_E4M3[2]",
                "Unexpected left.behind: U8[1]",
                "Unexpected left.over: BF16[1]",
            ],
            error.Problems.Select(problem => $"{problem.Kind} {problem}"));
        Assert.All(error.Problems, problem => Assert.Contains(problem.ToString(), error.Message, StringComparison.Ordinal));
        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dimensions_without_matrix_form_are_a_problem_and_no_crash()
    {
        WeightScope weights = WeightScope.FromTensors([TensorInfo.FromBytes("w", DType.U8, new Shape(0, 1 << 20, 1 << 20), [])]);
        Assert.True(weights.Tensor("w", 0, 1 << 20, 1 << 20).IsMissing);
        Assert.True(weights.Tensor("absent", 1, 1 << 20, 1 << 20).IsMissing);
        Assert.Equal(2, Assert.Throws<WeightMismatchException>(weights.Complete).Problems.Count);
    }

    [Fact]
    public void Optional_tensors_may_be_absent_but_not_misshapen()
    {
        WeightScope weights = Zeros("bias", "misfit");
        Assert.True(weights.Contains("bias"));
        Assert.False(weights.Contains("absent"));
        Assert.True(weights.TryGetInfo("misfit", out TensorInfo? info));
        Assert.Equal(new Shape(1), info!.Shape);
        Assert.True(weights.TryVector("bias", 1, out Parameter? bias));
        Assert.False(bias!.IsMissing);
        Assert.False(weights.TryVector("absent", 1, out _));
        Assert.False(weights.TryMatrix("absent", 1, 1, out _));
        Assert.True(weights.TryMatrix("misfit", 1, 1, out Parameter? misfit));
        Assert.True(misfit!.IsMissing);
        WeightProblem problem = Assert.Single(Assert.Throws<WeightMismatchException>(weights.Complete).Problems);
        Assert.Equal((WeightProblemKind.WrongShape, "misfit"), (problem.Kind, problem.Name));
    }

    [Fact]
    public void Contains_alone_does_not_account_for_a_tensor()
    {
        WeightScope weights = Zeros("w");
        Assert.True(weights.Contains("w"));
        Assert.Throws<WeightMismatchException>(weights.Complete);
    }

    [Fact]
    public void Ignored_tensors_are_not_unexpected()
    {
        WeightScope weights = Zeros("bn.num_batches_tracked", "bn.x.num_batches_tracked", "other.num_batches_tracked", "decoder");
        weights.Scope("bn").Ignore(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        weights.Ignore("decoder");
        WeightProblem problem = Assert.Single(Assert.Throws<WeightMismatchException>(weights.Complete).Problems);
        Assert.Equal((WeightProblemKind.Unexpected, "other.num_batches_tracked"), (problem.Kind, problem.Name));
    }

    [Fact]
    public void Names_are_overridden_as_a_whole()
    {
        Dictionary<string, string> names = new() { ["tower.item"] = "emb_i", ["role"] = "absent" };
        WeightScope weights = WeightScope.FromTensors([("emb_i", new Shape(1), [5f])], names);
        Assert.True(weights.Scope("tower").Contains("item"));
        Assert.Equal([5], weights.Scope("tower").Vector("item", 1).ToArray());
        Assert.True(weights.Vector("role", 2).IsMissing);
        WeightMismatchException error = Assert.Throws<WeightMismatchException>(weights.Complete);
        Assert.Equal("absent (for role): expected [2]", Assert.Single(error.Problems).ToString());
    }

    [Fact]
    public void Name_given_twice_is_refused() => Assert.Throws<ArgumentException>(() => Zeros("a", "a"));

    [Fact]
    public void Tensor_shared_by_two_modules_may_be_asked_for_twice()
    {
        WeightScope weights = Zeros("tied");
        Assert.False(weights.Vector("tied", 1).IsMissing);
        Assert.False(weights.Vector("tied", 1).IsMissing);
        weights.Complete();
    }

    private static WeightScope Zeros(params string[] names)
        => WeightScope.FromTensors(names.Select(name => (name, new Shape(1), new float[1])));
}
