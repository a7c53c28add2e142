using SeqInfer.Devices;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>Finds the weights of a Transformer over items in a checkpoint: one subclass for each code base's names.</summary>
internal abstract class TransformerNames
{
    /// <summary>The item table's tensor.</summary>
    public abstract string ItemTable { get; }

    /// <summary>The position table's tensor.</summary>
    public abstract string PositionTable { get; }

    /// <summary>Rows of the item table that are no items: 0, and in some code bases one above the items.</summary>
    public virtual int SpecialRows => 1;

    /// <summary>The norm after the embedding.</summary>
    public abstract LayerNorm EmbeddingNorm(Device device, WeightScope weights, TransformerOptions options);

    /// <summary>One block.</summary>
    public abstract TransformerBlock Block(Device device, WeightScope weights, TransformerOptions options, int layer);

    /// <summary>The norm after the last block, or null where the code base has none.</summary>
    public abstract LayerNorm? FinalNorm(Device device, WeightScope weights, TransformerOptions options);

    /// <summary>Any norm of the model.</summary>
    public virtual LayerNorm Norm(Device device, WeightScope scope, TransformerOptions options) =>
        new(device, scope, options.HiddenSize, options.LayerNormEpsilon, options.LayerNormKind);

    // Only the newest row of the last block is wanted.
    private static IAttention Attention(Device device, AttentionProjections projections, TransformerOptions options, int layer) =>
        layer == options.LayerCount - 1 && device.CarriesSingleQueries
            ? new SingleQueryAttention(device, projections, options.HiddenSize, options.HeadCount)
            : new SelfAttention(device, projections, options.HiddenSize, options.HeadCount);

    /// <summary>github.com/pmixer/SASRec.pytorch: torch.nn.MultiheadAttention and convolutions of kernel size 1.</summary>
    public sealed class Pmixer : TransformerNames
    {
        public override string ItemTable => "item_emb.weight";

        public override string PositionTable => "pos_emb.weight";

        public override LayerNorm EmbeddingNorm(Device device, WeightScope weights, TransformerOptions options) =>
            throw new NotSupportedException("this code base has no norm after the embedding");

        public override TransformerBlock Block(Device device, WeightScope weights, TransformerOptions options, int layer)
        {
            int hidden = options.HiddenSize;
            WeightScope convolutions = weights.Scope($"forward_layers.{layer}");
            return new TransformerBlock(
                options.Block,
                Norm(device, weights.Scope($"attention_layernorms.{layer}"), options),
                Attention(device, AttentionProjections.FromTorch(weights.Scope($"attention_layers.{layer}"), hidden), options, layer),
                Norm(device, weights.Scope($"forward_layernorms.{layer}"), options),
                new FeedForward(
                    Convolution(device, convolutions.Scope("conv1"), hidden),
                    Convolution(device, convolutions.Scope("conv2"), hidden),
                    options.Activation));
        }

        public override LayerNorm FinalNorm(Device device, WeightScope weights, TransformerOptions options) =>
            Norm(device, weights.Scope("last_layernorm"), options);

        private static Linear Convolution(Device device, WeightScope scope, int hidden) =>
            new(device.CreateLinear(scope.Tensor("weight", hidden, hidden, 1), scope.Vector("bias", hidden)));
    }

    /// <summary>github.com/RUCAIBox/RecBole, layers.py: TransformerEncoder.</summary>
    public sealed class RecBole : TransformerNames
    {
        public override string ItemTable => "item_embedding.weight";

        public override string PositionTable => "position_embedding.weight";

        public override LayerNorm EmbeddingNorm(Device device, WeightScope weights, TransformerOptions options) =>
            Norm(device, weights.Scope("LayerNorm"), options);

        public override TransformerBlock Block(Device device, WeightScope weights, TransformerOptions options, int layer)
        {
            int hidden = options.HiddenSize;
            WeightScope attention = weights.Scope($"trm_encoder.layer.{layer}.multi_head_attention");
            WeightScope feedForward = weights.Scope($"trm_encoder.layer.{layer}.feed_forward");
            var projections = AttentionProjections.FromLinears(
                attention.Scope("query"), attention.Scope("key"), attention.Scope("value"), attention.Scope("dense"), hidden);
            return new TransformerBlock(
                options.Block,
                Norm(device, attention.Scope("LayerNorm"), options),
                Attention(device, projections, options, layer),
                Norm(device, feedForward.Scope("LayerNorm"), options),
                new FeedForward(
                    new Linear(device, feedForward.Scope("dense_1"), hidden, options.IntermediateSize),
                    new Linear(device, feedForward.Scope("dense_2"), options.IntermediateSize, hidden),
                    options.Activation));
        }

        public override LayerNorm? FinalNorm(Device device, WeightScope weights, TransformerOptions options) => null;
    }

    /// <summary>github.com/codertimo/BERT-pytorch, on which github.com/jaywonchung/BERT4Rec-VAE-Pytorch and others are built.</summary>
    public sealed class Codertimo : TransformerNames
    {
        public override string ItemTable => "bert.embedding.token.weight";

        public override string PositionTable => "bert.embedding.position.pe.weight";

        public override LayerNorm EmbeddingNorm(Device device, WeightScope weights, TransformerOptions options) =>
            Norm(device, weights.Scope("bert.embedding.norm"), options);

        public override TransformerBlock Block(Device device, WeightScope weights, TransformerOptions options, int layer)
        {
            int hidden = options.HiddenSize;
            WeightScope block = weights.Scope($"bert.transformer_blocks.{layer}");
            WeightScope attention = block.Scope("attention");
            WeightScope linears = attention.Scope("linear_layers");
            WeightScope feedForward = block.Scope("feed_forward");
            var projections = AttentionProjections.FromLinears(
                linears.Scope("0"), linears.Scope("1"), linears.Scope("2"), attention.Scope("output_linear"), hidden);
            return new TransformerBlock(
                options.Block,
                Norm(device, block.Scope("input_sublayer.norm"), options),
                Attention(device, projections, options, layer),
                Norm(device, block.Scope("output_sublayer.norm"), options),
                new FeedForward(
                    new Linear(device, feedForward.Scope("w_1"), hidden, options.IntermediateSize),
                    new Linear(device, feedForward.Scope("w_2"), options.IntermediateSize, hidden),
                    options.Activation));
        }

        public override LayerNorm? FinalNorm(Device device, WeightScope weights, TransformerOptions options) =>
            options.FinalLayerNorm ? Norm(device, weights.Scope("bert.norm"), options) : null;

        /// <summary>Its own norm calls gain and offset a_2 and b_2; some that compute the standard one kept these names.</summary>
        public override LayerNorm Norm(Device device, WeightScope scope, TransformerOptions options)
        {
            bool isOwn = options.LayerNormKind == LayerNormKind.UnbiasedStd || scope.Contains("a_2");
            return new LayerNorm(
                device, scope, options.HiddenSize, options.LayerNormEpsilon, options.LayerNormKind, isOwn ? "a_2" : "weight", isOwn ? "b_2" : "bias");
        }
    }

    /// <summary>github.com/asash/gSASRec-pytorch: no projection behind the heads, and padding is the id above the items.</summary>
    public sealed class GSasRec : TransformerNames
    {
        public override string ItemTable => "item_embedding.weight";

        public override string PositionTable => "position_embedding.weight";

        public override int SpecialRows => 2;

        public override LayerNorm EmbeddingNorm(Device device, WeightScope weights, TransformerOptions options) =>
            throw new NotSupportedException("this code base has no norm after the embedding");

        public override TransformerBlock Block(Device device, WeightScope weights, TransformerOptions options, int layer)
        {
            int hidden = options.HiddenSize;
            WeightScope block = weights.Scope($"transformer_blocks.{layer}");
            WeightScope attention = block.Scope("multihead_attention");
            var projections = AttentionProjections.FromLinears(
                attention.Scope("query_proj"), attention.Scope("key_proj"), attention.Scope("val_proj"), null, hidden);
            return new TransformerBlock(
                options.Block,
                Norm(device, block.Scope("first_norm"), options),
                Attention(device, projections, options, layer),
                Norm(device, block.Scope("second_norm"), options),
                new FeedForward(
                    new Linear(device, block.Scope("dense1"), hidden, hidden),
                    new Linear(device, block.Scope("dense2"), hidden, hidden),
                    options.Activation));
        }

        public override LayerNorm FinalNorm(Device device, WeightScope weights, TransformerOptions options) =>
            Norm(device, weights.Scope("seq_norm"), options);
    }
}
