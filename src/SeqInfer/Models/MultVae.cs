using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Mult-VAE and Mult-DAE: autoencoders over a user's set of items with a multinomial likelihood (Liang et al. 2018). The mean of the
/// latent distribution is decoded; nothing is sampled.
/// </summary>
/// <remarks>
/// Names: "recbole" (column = id) or "jaywonchung" (column = id - first_item_id). The first layer is a sum of the history's columns. An
/// empty history is a row of zeros. There is no incremental mode: one more item changes the norm of all.
/// </remarks>
public sealed class MultVae : Model
{
    private readonly Settings _settings;
    private readonly InteractionInput _input;
    private readonly SparseLinear _first;
    private readonly LinearStack? _encoder;
    private readonly LinearStack? _decoder;
    private readonly RankingHead _head;
    private readonly int _latent;
    private readonly int _logVariance;

    /// <summary>Reads configuration and weights.</summary>
    /// <param name="config">The fields of config.json.</param>
    /// <param name="weights">The tensors, by name.</param>
    /// <param name="device">Where it will run.</param>
    /// <param name="isVariational">True for Mult-VAE, false for Mult-DAE.</param>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public MultVae(ModelConfig config, WeightScope weights, Device device, bool isVariational)
        : this(weights, device, Settings.Read(config, isVariational))
    {
    }

    private MultVae(WeightScope weights, Device device, Settings settings)
        : base(device, MakeSignature(settings))
    {
        _settings = settings;
        _input = new InteractionInput(device, InteractionValue.BinaryL2Normalized, settings.FirstColumnId);
        _latent = Signature.IndexOfOutput(settings.LatentOutput);
        _logVariance = Signature.IndexOfOutput(Settings.LogVarianceOutput);

        ImmutableArray<int> sizes = settings.EncoderSizes;
        _first = new SparseLinear(device, weights.Scope(settings.EncoderLayer(0)), settings.ColumnCount, sizes[0]);
        Linear[] encoder = [.. Enumerable.Range(1, sizes.Length - 1)
            .Select(i => new Linear(device, weights.Scope(settings.EncoderLayer(i)), sizes[i - 1], sizes[i]))];
        _encoder = encoder.Length == 0 ? null : new LinearStack(encoder, settings.Activation, settings.LastEncoderActivation);

        sizes = settings.DecoderSizes;
        Linear[] decoder = [.. Enumerable.Range(1, sizes.Length - 1)
            .Select(i => new Linear(device, weights.Scope(settings.DecoderLayer(i - 1)), sizes[i - 1], sizes[i]))];
        _decoder = decoder.Length == 0 ? null : new LinearStack(decoder, settings.Activation, settings.Activation);
        var rows = OutputRows.Read(weights.Scope(settings.DecoderLayer(decoder.Length)), settings.ColumnCount, sizes[^1], settings.FirstColumnId, settings.FirstItemId);
        _head = new RankingHead(device, rows.CreateCatalogue(device), Activation.None, Signature, rows.FirstScored);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        int batch = pass.Batch.Count;
        Tensor encoded = pass.Take(batch, _settings.EncoderSizes[^1]);
        Tensor latent = encoded.Columns(0, _settings.LatentSize);
        Tensor user = _decoder is null ? latent : pass.Take(batch, _decoder.OutputSize);
        pass.Emit(_latent, latent);
        if (_logVariance >= 0)
            pass.Emit(_logVariance, encoded.Columns(_settings.LatentSize, _settings.LatentSize));

        Encode(pass, encoded);
        _decoder?.Forward(pass.Workspace, latent, user);
        _head.Forward(pass, user);
    }

    private void Encode(ForwardPass pass, Tensor encoded)
    {
        Workspace workspace = pass.Workspace;
        using WorkspaceFrame frame = workspace.Frame();
        Ragged users = _input.Read(pass, out Indices columns, out Tensor? values);
        if (_encoder is null)
        {
            _first.Forward(workspace, columns, users, values, encoded, _settings.LastEncoderActivation);
            return;
        }

        Tensor hidden = workspace.Take(encoded.RowCount, _first.OutputSize);
        _first.Forward(workspace, columns, users, values, hidden, _settings.Activation);
        _encoder.Forward(workspace, hidden, encoded);
    }

    private static ModelSignature MakeSignature(Settings settings) => new(
        [
            .. InteractionInput.Inputs(InteractionValue.BinaryL2Normalized, settings.FirstItemId, settings.LastItemId),
            .. RankingHead.Inputs(settings.FirstItemId, settings.LastItemId),
        ],
        [.. RankingHead.Outputs(settings.ColumnCount, firstItem: settings.FirstColumnId, firstRanked: settings.FirstItemId), .. settings.LatentOutputs]);

    private sealed record Settings
    {
        public const string LogVarianceOutput = "latent_log_variance";

        private readonly string _encoderPrefix;
        private readonly int _encoderStart;
        private readonly int _encoderStep;
        private readonly int _decoderStep;

        private Settings(ModelConfig config, bool isVariational)
        {
            bool recbole = config.Choice("naming", ("recbole", true), ("jaywonchung", false));
            int items = config.Int("num_items", max: int.MaxValue - 1);
            FirstItemId = recbole ? 1 : config.OptionalInt("first_item_id", 0, min: 0);
            if (FirstItemId > 1)
                throw config.Error("first_item_id", $"{FirstItemId} is not allowed; expected 0, 1");
            FirstColumnId = recbole ? 0 : FirstItemId;
            ColumnCount = recbole ? items + 1 : items;
            LastItemId = FirstColumnId + ColumnCount - 1;
            LatentSize = config.Int("latent_size", max: int.MaxValue / 2);
            Activation = config.Choice("activation", ActivationNames.All);
            config.Choice("input", ("binary_l2_normalized", true));
            LastEncoderActivation = config.Bool("activation_after_last_encoder_layer") ? Activation : Activation.None;
            ImmutableArray<int> hidden = config.Ints("hidden_sizes");
            EncoderSizes = [.. hidden, isVariational ? 2 * LatentSize : LatentSize];
            DecoderSizes = [LatentSize, .. hidden.Reverse()];
            LatentOutput = isVariational ? "latent_mean" : "latent";
            IsVariational = isVariational;

            // RecBole's Mult-DAE counts dropout, linear layer and activation of each step.
            bool counted = recbole && !isVariational;
            _encoderPrefix = counted ? "encoder.mlp_layers" : "encoder";
            _encoderStart = counted ? 1 : 0;
            _encoderStep = !recbole ? 1 : isVariational || Activation.Kind == ActivationKind.None ? 2 : 3;
            _decoderStep = recbole ? 2 : 1;
        }

        public int FirstItemId { get; }

        public int LastItemId { get; }

        public int FirstColumnId { get; }

        public int ColumnCount { get; }

        public int LatentSize { get; }

        public bool IsVariational { get; }

        public Activation Activation { get; }

        public Activation LastEncoderActivation { get; }

        public ImmutableArray<int> EncoderSizes { get; }

        public ImmutableArray<int> DecoderSizes { get; }

        public string LatentOutput { get; }

        public IEnumerable<OutputSpec> LatentOutputs
        {
            get
            {
                OutputSpec latent = new() { Name = LatentOutput, Kind = OutputKind.PerRow, Width = LatentSize };
                return IsVariational ? [latent, latent with { Name = LogVarianceOutput }] : [latent];
            }
        }

        public static Settings Read(ModelConfig config, bool isVariational) => new(config, isVariational);

        public string EncoderLayer(int layer) => $"{_encoderPrefix}.{_encoderStart + (layer * _encoderStep)}";

        public string DecoderLayer(int layer) => $"decoder.{layer * _decoderStep}";
    }
}
