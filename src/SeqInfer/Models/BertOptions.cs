using SeqInfer.Devices;

namespace SeqInfer.Models;

/// <summary>A BERT's sizes and options, as Hugging Face's config.json states them.</summary>
internal sealed record BertOptions
{
    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int IntermediateSize { get; init; }

    public required int MaxLength { get; init; }

    public required int TypeCount { get; init; }

    public required double LayerNormEpsilon { get; init; }

    public required Activation Activation { get; init; }

    public required bool IsTied { get; init; }

    /// <summary>Reads what bears on inference; the many other fields that writers leave are accepted.</summary>
    /// <exception cref="ModelConfigException">A field is missing or not allowed, or asks for what this family does not compute.</exception>
    public static BertOptions Read(ModelConfig config)
    {
        int hidden = config.Int("hidden_size");
        config.OptionalChoice("position_embedding_type", true, ("absolute", true));
        foreach (string field in (ReadOnlySpan<string>)["is_decoder", "add_cross_attention"])
        {
            if (config.OptionalBool(field, false))
                throw config.Error(field, "true is not allowed: only the encoder is computed; expected false");
        }

        var options = new BertOptions
        {
            VocabularySize = config.Int("vocab_size"),
            HiddenSize = hidden,
            LayerCount = config.Int("num_hidden_layers"),
            HeadCount = TransformerOptions.ReadHeads(config, hidden, "num_attention_heads"),
            IntermediateSize = config.Int("intermediate_size"),
            MaxLength = config.Int("max_position_embeddings"),
            TypeCount = config.Int("type_vocab_size"),
            LayerNormEpsilon = config.NonNegative("layer_norm_eps"),
            Activation = config.Choice<Activation>(
                "hidden_act",
                ("gelu", ActivationKind.Gelu),
                ("gelu_new", ActivationKind.GeluTanh),
                ("gelu_pytorch_tanh", ActivationKind.GeluTanh),
                ("gelu_fast", ActivationKind.GeluTanh),
                ("relu", ActivationKind.Relu),
                ("silu", ActivationKind.Silu),
                ("swish", ActivationKind.Silu),
                ("tanh", ActivationKind.Tanh)),
            IsTied = config.OptionalBool("tie_word_embeddings", true),
        };
        config.IgnoreOthers();
        return options;
    }
}
