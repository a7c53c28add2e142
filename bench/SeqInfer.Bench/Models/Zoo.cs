using SeqInfer.Bench.Recording;
using SeqInfer.Inputs;
using SeqInfer.Models;

namespace SeqInfer.Bench.Models;

/// <summary>The models of the benchmarks, by their parameters.</summary>
internal static class Zoo
{
    /// <summary>Items of the catalogue that models of sequences choose from: as many as Amazon Beauty has.</summary>
    public const int Items = 12_101;

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

    /// <summary>A graph convolutional network (Kipf and Welling 2017) over a power-law graph; the vectors of all nodes.</summary>
    public static BenchModel Gcn(string name, int nodes, int degree, params IReadOnlyList<int> sizes) =>
        Gcn(name, nodes, () => PowerLawGraph.Create(nodes, degree, sizes[0]), sizes);

    /// <summary>The same over any graph.</summary>
    public static BenchModel Gcn(string name, int nodes, Func<ModelData> makeData, IReadOnlyList<int> sizes) =>
        new(name, $$"""
            {"model_type": "gcn", "naming": "pyg", "sizes": [{{string.Join(",", sizes)}}], "activation": "relu", "activation_after_last_layer": false,
             "normalization": "symmetric", "self_loops": "add", "self_loop_weight": 1, "bias": true, "output_normalization": "none", "num_nodes": {{nodes}} }
            """)
        {
            Output = "embeddings",
            MakeData = makeData,
            Forms = [.. Enum.GetValues<AggregateForm>().Select(form => new RecordingOptions { Aggregate = form, Name = form.ToString() })],
        };

    /// <summary>
    /// A deep interest network (Zhou et al. 2018) for one user and many candidates. ONNX Runtime gets the formula of the attention network,
    /// or that network with its first layer taken apart as the engine does it.
    /// </summary>
    public static BenchModel Din(
        string name, int size, int length, int candidates, bool isPeerSplit, int items = Items, int attentionSize = 80, int lastAttentionSize = 40)
    {
        string shared = $$"""
            "embedding_size": {{size}}, "attention_hidden_sizes": [{{attentionSize}}, {{lastAttentionSize}}], "mlp_hidden_sizes": [200, 80], "max_length": {{length}}
            """;
        return new BenchModel(name, $$"""
            {"model_type": "din", "naming": "recbole", {{shared}}, "mlp_activation": "relu", "mlp_batch_norm": false, "batch_norm_eps": 1e-5,
             "attention_activation": "sigmoid", "attention_softmax": false, "attention_scale": "none",
             "item_fields": [{"name": "item_id", "kind": "token", "size": {{items}}, "table_offset": 0}], "user_fields_used": false}
            """)
        {
            Length = length,
            CandidateCount = candidates,
            Output = "logits",
            Peer = new BenchModel(
                name, $$"""{"model_type": "{{BenchFamilies.PairRanker}}", "num_items": {{items}}, "split": {{(isPeerSplit ? "true" : "false")}}, {{shared}}}""")
            {
                Output = "logits",
            },
            Forms = [.. Enum.GetValues<BroadcastForm>().Select(form => new RecordingOptions { Broadcast = form, Name = form.ToString() })],
        };
    }

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
            Forms = [.. BenchModel.LinearForms, .. BenchModel.LinearForms.Select(form => form with { CarriesSingleQueries = true, Name = form.Name + " carried" })],
        };
}
