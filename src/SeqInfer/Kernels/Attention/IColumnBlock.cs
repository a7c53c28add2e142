namespace SeqInfer.Kernels.Attention;

/// <summary>The shape of a block of columns, known to the compiler.</summary>
internal interface IColumnBlock
{
    /// <summary>Two vectors, or one.</summary>
    static abstract bool IsPair { get; }

    /// <summary>Whether the last vector has fewer columns than lanes.</summary>
    static abstract bool IsPartial { get; }
}

/// <summary>Two full vectors.</summary>
internal readonly struct FullPair : IColumnBlock
{
    public static bool IsPair => true;

    public static bool IsPartial => false;
}

/// <summary>One full vector and a part of one.</summary>
internal readonly struct PartialPair : IColumnBlock
{
    public static bool IsPair => true;

    public static bool IsPartial => true;
}

/// <summary>One full vector.</summary>
internal readonly struct FullSingle : IColumnBlock
{
    public static bool IsPair => false;

    public static bool IsPartial => false;
}

/// <summary>A part of one vector.</summary>
internal readonly struct PartialSingle : IColumnBlock
{
    public static bool IsPair => false;

    public static bool IsPartial => true;
}
