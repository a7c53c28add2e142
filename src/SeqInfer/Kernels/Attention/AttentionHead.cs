namespace SeqInfer.Kernels.Attention;

/// <summary>One head of one sequence: where its rows stand. Strides count elements; every row has <see cref="HeadSize"/> of them.</summary>
internal unsafe struct AttentionHead
{
    public float* Query;
    public nint QueryStride;
    public int QueryCount;

    /// <summary>The keys in the layout of <see cref="KeyPanels{V}"/>; null: they stand row by row, those of the prefix too.</summary>
    public float* KeyPanels;

    /// <summary>The keys where they stand row by row.</summary>
    public float* Key;
    public nint KeyStride;
    public int KeyCount;

    public float* Value;
    public nint ValueStride;

    public float* Output;
    public nint OutputStride;

    public int HeadSize;

    /// <summary>Factor of the scores.</summary>
    public float Scale;

    /// <summary>Query i sees the keys 0 .. KeyCount - QueryCount + i.</summary>
    public bool Causal;

    /// <summary>Keys that every query sees before the others, in the layout of <see cref="KeyPanels{V}"/>.</summary>
    public float* PrefixPanels;
    public int PrefixCount;

    /// <summary>Those keys where they stand row by row.</summary>
    public float* PrefixKey;
    public nint PrefixKeyStride;

    public float* PrefixValue;
    public nint PrefixValueStride;

    /// <summary>How often each prefix key counts.</summary>
    public float PrefixMultiplicity;

    /// <summary>Keys that query <paramref name="index"/> sees behind the prefix.</summary>
    public readonly int VisibleKeys(int index) => Causal ? Math.Clamp(KeyCount - QueryCount + index + 1, 0, KeyCount) : KeyCount;
}
