using SeqInfer.Devices;
using SeqInfer.Layers;

namespace SeqInfer.Models;

/// <summary>Which side of a fixed window the reference fills with padding.</summary>
public enum PaddingSide
{
    /// <summary>Padding first; the newest event stands in the last slot.</summary>
    Left,

    /// <summary>Padding last; the newest event stands in slot length - 1.</summary>
    Right,
}

/// <summary>Which row of the position table a slot gets.</summary>
public enum PositionIds
{
    /// <summary>The slot, 0 .. T - 1, for padding too.</summary>
    FromZero,

    /// <summary>The slot + 1, and 0 where the id is padding.</summary>
    FromOneZeroOnPadding,
}

/// <summary>The variant of a Transformer over item sequences, as the configuration states it.</summary>
internal sealed record TransformerOptions
{
    public required int HiddenSize { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int MaxLength { get; init; }

    public required int IntermediateSize { get; init; }

    public required double LayerNormEpsilon { get; init; }

    public required LayerNormKind LayerNormKind { get; init; }

    public required BlockKind Block { get; init; }

    public required Activation Activation { get; init; }

    public required PaddingSide PaddingSide { get; init; }

    public required PositionIds PositionIds { get; init; }

    public required bool ScaleEmbedding { get; init; }

    public required bool ZeroPaddingRows { get; init; }

    public required bool KeyPaddingMask { get; init; }

    public required bool EmbeddingLayerNorm { get; init; }

    public required bool IsCausal { get; init; }

    public bool FinalLayerNorm { get; init; }

    /// <summary>The mask token, where the model itself puts it behind the newest event; null where it does not.</summary>
    public int? AppendedId { get; init; }

    /// <summary>What stands in the one row of an empty history.</summary>
    public int EmptyId { get; init; } = TransformerWindows.PaddingId;

    /// <summary>
    /// True where rows of padding have to be computed for every request: all rows see each other, padding is among the keys and is not
    /// the same for all requests.
    /// </summary>
    public bool ComputesPadding => !IsCausal && !KeyPaddingMask && !ZeroPaddingRows;

    /// <summary>
    /// True where a row of padding is seen by no other. Then one that stands among the events is left out and keeps its slot; the newest
    /// row never is.
    /// </summary>
    public bool SkipsPadding => !IsCausal && KeyPaddingMask;

    /// <summary>True where padding is among the keys of events, and its rows are the same for all requests.</summary>
    public bool PaddingIsPrefix => !KeyPaddingMask && (IsCausal ? PaddingSide == PaddingSide.Left : ZeroPaddingRows);

    /// <summary>True where all rows of padding are equal.</summary>
    public bool PaddingIsRepeated => ZeroPaddingRows || PositionIds == PositionIds.FromOneZeroOnPadding;

    /// <summary>
    /// True where a new event leaves the rows of the older ones as they are: they do not see it, and slots are counted from the oldest event.
    /// With padding on the left they are counted from the newest, so that every event moves the others to other positions.
    /// </summary>
    public bool GrowsAtTheEnd => IsCausal && PaddingSide == PaddingSide.Right && AppendedId is null;

    /// <summary>Rows of the position table.</summary>
    public int PositionCount => PositionIds == PositionIds.FromZero ? MaxLength : checked(MaxLength + 1);

    /// <summary>The row of the position table for a slot.</summary>
    public int PositionOf(int id, int slot) => PositionIds switch
    {
        PositionIds.FromZero => slot,
        _ => id == TransformerWindows.PaddingId ? 0 : slot + 1,
    };

    /// <summary>The words of the field "block".</summary>
    public static ReadOnlySpan<(string Word, BlockKind Value)> Blocks => new (string, BlockKind)[]
    {
        ("query_norm", BlockKind.QueryNorm), ("post_norm", BlockKind.PostNorm), ("pre_norm", BlockKind.PreNorm),
    };

    /// <summary>The words of the fields "ffn_activation" and "hidden_act".</summary>
    public static ReadOnlySpan<(string Word, Activation Value)> Activations => new (string, Activation)[]
    {
        ("relu", ActivationKind.Relu), ("gelu", ActivationKind.Gelu), ("gelu_tanh", ActivationKind.GeluTanh), ("none", Activation.None),
    };

    /// <summary>The words of the field "hidden_act" where any activation is allowed.</summary>
    public static ReadOnlySpan<(string Word, Activation Value)> HiddenActivations => new (string, Activation)[]
    {
        ("relu", ActivationKind.Relu),
        ("gelu", ActivationKind.Gelu),
        ("gelu_tanh", ActivationKind.GeluTanh),
        ("silu", ActivationKind.Silu),
        ("swish", ActivationKind.Silu),
        ("tanh", ActivationKind.Tanh),
        ("sigmoid", ActivationKind.Sigmoid),
        ("none", Activation.None),
    };

    /// <summary>The words of the field "layer_norm".</summary>
    public static ReadOnlySpan<(string Word, LayerNormKind Value)> LayerNorms => new (string, LayerNormKind)[]
    {
        ("standard", LayerNormKind.Standard), ("unbiased_std", LayerNormKind.UnbiasedStd),
    };

    /// <summary>The words of the field "padding_side".</summary>
    public static ReadOnlySpan<(string Word, PaddingSide Value)> PaddingSides => new (string, PaddingSide)[]
    {
        ("left", PaddingSide.Left), ("right", PaddingSide.Right),
    };

    /// <summary>The words of the field "position_ids".</summary>
    public static ReadOnlySpan<(string Word, PositionIds Value)> Positions => new (string, PositionIds)[]
    {
        ("from_zero", PositionIds.FromZero), ("from_one_zero_on_padding", PositionIds.FromOneZeroOnPadding),
    };

    /// <summary>Reads a number of heads that the hidden size can be split into.</summary>
    public static int ReadHeads(ModelConfig config, int hiddenSize, string field = "num_heads")
    {
        int heads = config.Int(field);
        return hiddenSize % heads == 0 ? heads : throw config.Error(field, $"{heads} heads cannot share a hidden_size of {hiddenSize}");
    }
}
