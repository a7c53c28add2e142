using SeqInfer.Models;

namespace SeqInfer.Bench.Models;

/// <summary>The models of the benchmarks, by their parameters.</summary>
internal static class Zoo
{
    private const int Items = 12_101;

    /// <summary>Linear layers with ReLU between them.</summary>
    public static BenchModel Dense(string name, params IReadOnlyList<int> sizes)
    {
        List<string> layers = [];
        for (int i = 1; i < sizes.Count; i++)
        {
            layers.Add($$"""{"type": "linear", "name": "fc{{i}}", "in": {{sizes[i - 1]}}, "out": {{sizes[i]}}, "bias": true, "kernel_layout": "out_in"}""");
            if (i < sizes.Count - 1)
                layers.Add("""{"type": "activation", "function": "relu"}""");
        }

        string config = $$"""{"model_type": "sequential", "input_size": {{sizes[0]}}, "layers": [{{string.Join(",", layers)}}], "outputs": {"y": -1} }""";
        return new BenchModel(name, config) { Output = "y" };
    }

    /// <summary>Embedding, recurrent layers, and a linear layer on the last state.</summary>
    public static BenchModel Recurrent(string name, string cell, int inputSize, int hiddenSize, int layers, int length, int items = Items) =>
        new(name, $$"""
            {"model_type": "recurrent", "naming": "torch", "cell": "{{cell}}", "num_items": {{items}}, "embedding_size": {{inputSize}},
             "hidden_size": {{hiddenSize}}, "num_layers": {{layers}}, "bidirectional": false, "max_length": {{length}}, "padding_side": "left",
             "output_head": "linear_then_tied_embedding"}
            """)
        {
            Length = length,
            Output = SequenceEncoder.HiddenOutput,
        };

    /// <summary>SASRec as published (Kang and McAuley 2018), full histories; the state of the last event.</summary>
    public static BenchModel SasRec(string name, int hiddenSize, int heads, int layers, int length, int items = Items) =>
        SasRec(name, hiddenSize, heads, layers, length, items, "left", "true");

    /// <summary>SASRec for histories of different lengths: padding is behind them and has no influence.</summary>
    public static BenchModel SasRecPaddedRight(string name, int hiddenSize, int heads, int layers, int length, int items = Items) =>
        SasRec(name, hiddenSize, heads, layers, length, items, "right", "false");

    /// <summary>Layers of BERT; the states of all rows.</summary>
    public static BenchModel Encoder(string name, int hiddenSize, int heads, int innerSize, int layers, int length, int vocabulary = 1000) =>
        new(name, $$"""
            {"model_type": "{{BenchFamilies.Encoder}}", "vocab_size": {{vocabulary}}, "hidden_size": {{hiddenSize}}, "num_heads": {{heads}},
             "intermediate_size": {{innerSize}}, "num_layers": {{layers}}, "max_length": {{length}}, "layer_norm_eps": 1e-12}
            """)
        {
            Length = length,
            Output = EncoderModel.StatesOutput,
        };

    /// <summary>The k best of many items.</summary>
    public static BenchModel TopK(string name, int items, int hiddenSize, int k) =>
        new(name, $$"""{"model_type": "catalogue", "num_items": {{items}}, "hidden_size": {{hiddenSize}}, "similarity": "dot"}""")
        {
            Output = RankingHead.TopKOutput,
            TopK = k,
        };

    private static BenchModel SasRec(
        string name, int hiddenSize, int heads, int layers, int length, int items, string paddingSide, string zeroPaddingRows) =>
        new(name, $$"""
            {"model_type": "sasrec", "naming": "pmixer", "num_items": {{items}}, "hidden_size": {{hiddenSize}}, "num_layers": {{layers}},
             "num_heads": {{heads}}, "max_length": {{length}}, "layer_norm_eps": 1e-8, "padding_side": "{{paddingSide}}",
             "scale_embedding": true, "position_ids": "from_zero", "block": "query_norm", "ffn_activation": "relu",
             "zero_padding_rows": {{zeroPaddingRows}}, "key_padding_mask": false, "embedding_layer_norm": false}
            """)
        {
            Length = length,
            Output = SequenceEncoder.HiddenOutput,
        };
}
