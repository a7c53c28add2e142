namespace SeqInfer.Bench.Models;

/// <summary>One model of every family, at sizes that services use.</summary>
internal static class FamilyZoo
{
    private const int Items = 5000;

    // Five fields as in a click log: user, item, a category of few values, a list of tags, and a number.
    private const string Fields = """
        "embedding_size": 16, "item_id_field": "item_id", "first_order_multi_pooling": "sum", "fields": [
          {"name": "user_id", "kind": "token", "size": 5000, "table_offset": 0},
          {"name": "item_id", "kind": "token", "size": 5001, "table_offset": 5000},
          {"name": "category", "kind": "token", "size": 50, "table_offset": 10001},
          {"name": "tags", "kind": "multi", "size": 200, "pooling": "mean", "pad_id": 0},
          {"name": "price", "kind": "value", "table_offset": 0}]
        """;

    private const string Network = """ "mlp_hidden_sizes": [128, 64], "mlp_activation": "relu", "mlp_batch_norm": false, "batch_norm_eps": 1e-5 """;

    private const string Attention = """
        "embedding_size": 32, "attention_hidden_sizes": [80, 40], "attention_activation": "sigmoid", "attention_softmax": false,
        "attention_scale": "none", "max_length": 50, "user_fields_used": false,
        "item_fields": [{"name": "item_id", "kind": "token", "size": 5001, "table_offset": 0}]
        """;

    private const string Nodes = """ "num_nodes": 2000, "activation": "relu", "activation_after_last_layer": false, "output_normalization": "none" """;

    private const string Sessions = """ "num_items": 5000, "max_length": 50, "padding_side": "right" """;

    /// <summary>Every family of the engine, by name.</summary>
    public static IReadOnlyList<BenchModel> All { get; } =
    [
        Family("autorec", "latent", """
            "naming": "encoder_decoder", "num_items": 5000, "first_item_id": 1, "hidden_size": 256, "activation": "sigmoid",
            "output_activation": "none", "input": "ratings"
            """, 50) with { HasDistinctIds = true },
        Family("bert", "last_hidden_state", """
            "vocab_size": 1000, "hidden_size": 256, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 1024, "hidden_act": "gelu",
            "max_position_embeddings": 64, "type_vocab_size": 2, "layer_norm_eps": 1e-12
            """, 64),
        Family("bert4rec", "hidden", """
            "naming": "recbole", "num_items": 5000, "hidden_size": 64, "num_layers": 2, "num_heads": 2, "intermediate_size": 256, "max_length": 50,
            "padding_side": "right", "position_ids": "from_zero", "block": "post_norm", "embedding_layer_norm": true, "layer_norm": "standard",
            "layer_norm_eps": 1e-12, "hidden_act": "gelu", "key_padding_mask": true, "mask_id": 5001, "append_mask": true,
            "output_head": "transform_tied_bias"
            """, 50),
        Family("caser", "hidden", """
            "naming": "recbole", "num_users": 5000, "num_items": 5000, "hidden_size": 64, "max_length": 10, "horizontal_filters": 16,
            "vertical_filters": 4, "conv_activation": "relu", "fc_activation": "relu", "padding_side": "right"
            """, 10),
        Zoo.TopK("catalogue", Items, 64, 10),
        Family("comirec_sa", "interests", $$"""
            "naming": "pytorch_comirec", {{Sessions}}, "hidden_size": 64, "num_interests": 4, "attention_hidden_size": 256,
            "position_embedding": true, "bias": false, "score": "max"
            """, 50),
        Family("dcn", "logits", $""" "naming": "recbole", {Fields}, {Network}, "cross_layers": 3 """),
        Family("dcnv2", "logits", $""" "naming": "recbole", {Fields}, {Network}, "cross_layers": 2, "structure": "parallel", "mixed": false """),
        Family("deepfm", "logits", $""" "naming": "recbole", {Fields}, {Network} """),
        Family("dien", "logits", $""" "naming": "recbole", {Attention}, {Network}, "gru_type": "augru", "mlp_input": ["interest", "target"] """, 50),
        Family("din", "logits", $""" "naming": "recbole", {Attention}, {Network} """, 50),
        Family("fm", "logits", $""" "naming": "recbole", {Fields} """),
        OverGraph("gat", $"""
            "naming": "pyg_2", "input_size": 64, "head_sizes": [16, 16], "heads": [4, 4], "concat": [true, false], "negative_slope": 0.2,
            "attention_score": "leaky_relu", "self_loops": "replace", "edge_multiplicity": "count", "bias": true, {Nodes}
            """),
        Zoo.Gcn("gcn", 2000, 16, 64, 64, 64),
        OverGraph("graphsage", $""" "naming": "pyg", "aggregator": "mean", "sizes": [64, 64, 64], {Nodes} """),
        Family("gru4rec", "hidden", """
            "naming": "pygru4rec", "input": "one_hot", "num_items": 5000, "hidden_size": 100, "num_layers": 1, "first_item_id": 0,
            "padding_side": "right", "output_head": "linear", "final_activation": "tanh"
            """, 50),
        Family("kmeans", "distances", """ "naming": "sklearn", "num_clusters": 256, "num_features": 64 """),
        Family("lightgcn", "user_scores", """
            "num_users": 2000, "num_items": 2000, "hidden_size": 64, "num_layers": 3, "layer_weights": "uniform", "normalization": "symmetric",
            "tensor_names": {"user_embedding": "user_embedding", "item_embedding": "item_embedding"}
            """) with { MakeData = () => PowerLawGraph.Interactions(2000, 16) },
        Family("lr", "logits", $""" "naming": "recbole", {Fields} """),
        Family("mind", "interests", $$"""
            "naming": "pytorch_comirec", {{Sessions}}, "hidden_size": 64, "num_interests": 4, "bilinear": "shared", "routing_iterations": 3,
            "routing_softmax": "over_slots", "initial_routing": "zeros", "relu_layer": true, "score": "max"
            """, 50),
        Family("mult_dae", "latent", Autoencoder, 50),
        Family("mult_vae", "latent_mean", Autoencoder, 50),
        Family("narm", "hidden", $$""" "naming": "recbole", {{Sessions}}, "embedding_size": 64, "hidden_size": 128, "num_layers": 1 """, 50),
        Family("neumf", "logits", """
            "naming": "recbole", "variant": "neumf", "num_users": 5000, "num_items": 5000, "kernel_layout": "out_in", "mf_size": 64,
            "mlp_embedding_size": 64, "mlp_hidden_sizes": [128, 64]
            """) with { CandidateCount = 100 },
        Family("nextitnet", "hidden", $$"""
            "naming": "recbole", {{Sessions}}, "embedding_size": 64, "kernel_size": 3, "block_num": 2, "dilations": [1, 4], "layer_norm_eps": 1e-8,
            "output_position": "last_slot"
            """, 50),
        Family("policy", "logits", """
            "naming": "sb3", "kind": "actor_critic", "observation_size": 64, "action_space": "discrete", "num_actions": 100,
            "shared_hidden_sizes": [], "policy_hidden_sizes": [64, 64], "value_hidden_sizes": [64, 64], "activation": "tanh"
            """),
        Zoo.Recurrent("recurrent", "lstm", 64, 128, 1, 50, Items),
        Zoo.SasRec("sasrec", 64, 2, 2, 50, Items),
        Zoo.Dense("sequential", 64, 128, 64, 1),
        Family("srgnn", "hidden", $$""" "naming": "recbole", {{Sessions}}, "hidden_size": 64, "steps": 1, "hybrid": true, "update_gate": "takes_new" """, 50),
        Family("two_tower", "hidden", $$"""
            "naming": "recbole", "num_items": 5000, "embedding_size": 32, {{Network}}, "similarity": "cosine",
            "user_fields": [{"name": "user_id", "kind": "token", "size": 5000, "table_offset": 0}],
            "item_fields": [{"name": "item_id", "kind": "token", "size": 5001, "table_offset": 5000}]
            """),
        Family("widedeep", "logits", $""" "naming": "recbole", {Fields}, {Network} """),
    ];

    private static string Autoencoder => """
        "naming": "recbole", "num_items": 5000, "hidden_sizes": [256], "latent_size": 64, "activation": "tanh", "input": "binary_l2_normalized",
        "activation_after_last_encoder_layer": false
        """;

    private static BenchModel Family(string name, string output, string fields, int length = 1) =>
        new(name, $$"""{"model_type": "{{name}}", {{fields}} }""") { Output = output, Length = length };

    private static BenchModel OverGraph(string name, string fields) =>
        Family(name, "embeddings", fields) with { MakeData = () => PowerLawGraph.Create(2000, 16, 64) };
}
