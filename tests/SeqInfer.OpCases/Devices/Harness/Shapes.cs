using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;

namespace SeqInfer.Tests.Devices.Harness;

/// <summary>Generators of sizes that hit the edges of vectors, panels and blocks.</summary>
internal static class Shapes
{
    /// <summary>Where random inputs come from.</summary>
    public static Gen<int> Seed => Gen.Choose(0, int.MaxValue);

    /// <summary>Rows of a batch, 0 and 1 often.</summary>
    public static Gen<int> Rows => Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Constant(1)), (6, Gen.Choose(2, 17)), (1, Gen.Choose(18, 40)));

    /// <summary>Columns of an elementwise operation: 0 .. 256, often around a multiple of 16.</summary>
    public static Gen<int> AnyColumns => Gen.Frequency((1, Gen.Constant(0)), (12, Columns));

    /// <summary>1 .. 256, often around a multiple of 16.</summary>
    public static Gen<int> Columns => Gen.Frequency(
        (1, Gen.Constant(1)),
        (6, Gen.Choose(2, 40)),
        (3, from n in Gen.Choose(1, 16) from off in Gen.Choose(-1, 1) select Math.Min((16 * n) + off, 256)),
        (1, Gen.Choose(41, 256)));

    /// <summary>1 .. 40.</summary>
    public static Gen<int> FewColumns => Gen.Frequency((1, Gen.Constant(1)), (4, Gen.Choose(2, 18)), (2, Gen.Choose(19, 40)));

    /// <summary>Lengths of 0 .. 6 sequences, each 0 .. 20 rows long, now and then longer.</summary>
    public static Gen<int[]> Lengths => LengthsUpTo(20);

    public static Gen<bool> Flag => Gen.Elements(true, false);

    public static Gen<Activation> Activation => Gen.Elements<Activation>(
        ActivationKind.None,
        ActivationKind.Relu,
        ActivationKind.Gelu,
        ActivationKind.GeluTanh,
        ActivationKind.Silu,
        ActivationKind.Sigmoid,
        ActivationKind.Tanh,
        ActivationKind.LeakyRelu,
        new Activation(ActivationKind.LeakyRelu, 0.2f),
        ActivationKind.Elu,
        new Activation(ActivationKind.Elu, 0.5f),
        ActivationKind.SignedSqrt);

    public static Gen<int[]> LengthsUpTo(int usual)
    {
        Gen<int> length = Gen.Frequency(
            (2, Gen.Constant(0)), (2, Gen.Constant(1)), (10, Gen.Choose(2, usual)), (1, Gen.Choose(usual, 4 * usual)));
        return from count in Gen.Choose(0, 6) from lengths in Gen.ArrayOf(length, count) select lengths;
    }
}
