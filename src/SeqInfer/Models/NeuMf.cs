using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Models;

/// <summary>
/// Neural collaborative filtering: GMF, MLP and NeuMF (He et al. 2017). Names: "keras_ncf" (hexiangnan), "torch_ncf" (yihong-chen) or
/// "recbole". Users and items count from 0.
/// </summary>
/// <remarks>
/// What depends on the user alone is computed once a user, what depends on the item alone once at load. Top-K scores all items, a block at a
/// time; its scores are logits.
/// </remarks>
public sealed class NeuMf : Model
{
    private const int UsersInput = 0;
    private const int BlockSize = 1024;

    private readonly int _itemCount;
    private readonly Gmf? _gmf;
    private readonly Mlp? _mlp;
    private readonly Linear _prediction;
    private readonly bool _isMlpFirst;
    private readonly int _candidates;
    private readonly int _exclude;
    private readonly int _logits;
    private readonly int _probabilities;
    private readonly int _topK;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public NeuMf(ModelConfig config, WeightScope weights, Device device)
        : base(device, MakeSignature(config.Int("num_users"), config.Int("num_items")))
    {
        _itemCount = config.Int("num_items");
        _candidates = Signature.IndexOfInput(RankingHead.CandidatesInput);
        _exclude = Signature.IndexOfInput(RankingHead.ExcludeInput);
        _logits = Signature.IndexOfOutput("logits");
        _probabilities = Signature.IndexOfOutput("probabilities");
        _topK = Signature.IndexOfOutput(RankingHead.TopKOutput);

        (bool hasGmf, bool hasMlp) = config.Choice("variant", ("gmf", (true, false)), ("mlp", (false, true)), ("neumf", (true, true)));
        NeuMfNames names = NeuMfNames.Read(config, weights);
        _isMlpFirst = names.IsMlpFirst;
        int users = config.Int("num_users");
        int mfSize = hasGmf ? config.Int("mf_size") : 0;
        int embeddingSize = hasMlp ? config.Int("mlp_embedding_size", max: int.MaxValue / 2) : 0;
        ImmutableArray<int> hidden = hasMlp ? config.Ints("mlp_hidden_sizes") : [];
        int mlpSize = hasMlp ? hidden.IsEmpty ? 2 * embeddingSize : hidden[^1] : 0;
        (Parameter kernel, Parameter bias) = names.Prediction(checked(mfSize + mlpSize));
        if (hasGmf)
            _gmf = new Gmf(device, names.Table("user", "mf", !hasMlp, users, mfSize), names.Table("item", "mf", !hasMlp, _itemCount, mfSize));
        else
            IgnorePart(config, names, "mf", "mf_size");
        if (!hasMlp)
            IgnorePart(config, names, "mlp", "mlp_embedding_size", "mlp_hidden_sizes");
        else
        {
            Parameter userTable = names.Table("user", "mlp", !hasGmf, users, embeddingSize);
            Parameter itemTable = names.Table("item", "mlp", !hasGmf, _itemCount, embeddingSize);
            if (hidden.IsEmpty)
            {
                // Without hidden layers the last layer's part of the pair is a layer of its own, of one output.
                Parameter part = kernel.SliceColumns(_isMlpFirst ? 0 : mfSize, mlpSize);
                Parameter one = Parameter.FromValues("one", 1, 1, [1.0]);
                _mlp = new Mlp(new PairLinear(device, userTable, itemTable, part, null, Activation.None), null);
                Parameter rest = kernel.SliceColumns(_isMlpFirst ? mlpSize : 0, mfSize);
                kernel = _isMlpFirst ? Parameter.ConcatColumns("prediction", one, rest) : Parameter.ConcatColumns("prediction", rest, one);
            }
            else
            {
                _mlp = Mlp.Read(device, names, userTable, itemTable, [2 * embeddingSize, .. hidden]);
            }
        }

        _prediction = new Linear(device.CreateLinear(kernel, bias));
    }

    /// <inheritdoc/>
    public override void Prepare() => _mlp?.First.Prepare();

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        Ragged rows = pass.Sequences(UsersInput, out Indices users);
        Tensor mf = pass.Take(rows.RowCount, _gmf?.Size ?? 0);
        Tensor mlp = pass.Take(rows.RowCount, _mlp?.First.OutputSize ?? 0);
        if (_gmf is not null)
            Device.Embed(workspace, users, _gmf.Users, mf);
        _mlp?.First.ProjectUsers(workspace, users, mlp);

        if (pass.Wants(_logits) || pass.Wants(_probabilities))
        {
            Ragged pairs = pass.Sequences(_candidates, out Indices items);
            Tensor logits = pass.EmitNew(_logits, items.Count, 1);
            if (pass.Batch[_candidates].Count > 0)
                Score(workspace, mf, mlp, pairs, items, logits);
            if (pass.Wants(_probabilities))
                Device.Apply(workspace, logits, ActivationKind.Sigmoid, pass.EmitNew(_probabilities, items.Count, 1));
        }

        if (pass.Wants(_topK))
            Select(pass, mf, mlp);
    }

    /// <summary>The logit of every pair.</summary>
    private void Score(Workspace workspace, Tensor mf, Tensor mlp, Ragged pairs, Indices items, Tensor logits)
    {
        using WorkspaceFrame frame = workspace.Frame();
        int mfSize = _gmf?.Size ?? 0;
        int mlpSize = _mlp?.OutputSize ?? 0;
        Tensor vector = workspace.Take(items.Count, mfSize + mlpSize);
        if (_gmf is not null)
        {
            Tensor product = vector.Columns(_isMlpFirst ? mlpSize : 0, mfSize);
            Device.Embed(workspace, items, _gmf.Items, product);
            Device.CombineEach(workspace, product, pairs, mf, BinaryOperation.Multiply);
        }

        _mlp?.Forward(workspace, mlp, pairs, items, vector.Columns(_isMlpFirst ? 0 : mfSize, mlpSize));
        _prediction.Forward(workspace, vector, logits);
    }

    // User by user, so that the scores of all items are kept for one user only.
    private void Select(ForwardPass pass, Tensor mf, Tensor mlp)
    {
        Workspace workspace = pass.Workspace;
        int k = pass.Batch.TopK;
        int users = mf.RowCount;
        Indices ids = workspace.TakeIndices(checked(users * k));
        Tensor best = pass.Take(users, k);
        pass.Emit(_topK, best, ids);
        using WorkspaceFrame frame = workspace.Frame();
        bool hasExclusions = pass.Batch[_exclude].Count > 0;
        Indices excluded = default;
        Ragged exclusions = hasExclusions ? pass.Sequences(_exclude, out excluded) : default;
        Tensor scores = workspace.Take(1, _itemCount);
        for (int user = 0; user < users; user++)
        {
            using WorkspaceFrame inner = workspace.Frame();
            for (int first = 0; first < _itemCount; first += BlockSize)
                ScoreBlock(pass, mf.Rows(user, 1), mlp.Rows(user, 1), first, scores.Columns(first, Math.Min(BlockSize, _itemCount - first)));
            Indices own = default;
            Ragged? list = hasExclusions ? pass.One(exclusions, excluded, user, out own) : null;
            Device.SelectTopK(workspace, scores, k, [], own, list, ids.Slice(user * k, k), best.Rows(user, 1));
        }
    }

    private void ScoreBlock(ForwardPass pass, Tensor mf, Tensor mlp, int first, Tensor scores)
    {
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Indices items = pass.Numbers(scores.ColumnCount);
        foreach (ref int item in pass.Workspace.Span(items))
            item += first;
        Indices offsets = pass.Workspace.TakeIndices(2);
        pass.Workspace.Span(offsets)[0] = 0;
        pass.Workspace.Span(offsets)[1] = items.Count;
        Score(pass.Workspace, mf, mlp, new Ragged(offsets, items.Count, items.Count), items, scores.AsColumn());
    }

    private static void IgnorePart(ModelConfig config, NeuMfNames names, string part, params ReadOnlySpan<string> fields)
    {
        config.Ignore(fields);
        names.IgnorePart(part);
    }

    private static ModelSignature MakeSignature(int users, int items) => new(
        [
            new InputSpec { Name = "users", Kind = InputKind.Ids, Width = 1, MaxId = users - 1 },
            .. RankingHead.Inputs(0, items - 1),
        ],
        [
            new OutputSpec { Name = "logits", Kind = OutputKind.PerCandidate },
            new OutputSpec { Name = "probabilities", Kind = OutputKind.PerCandidate },
            new OutputSpec { Name = RankingHead.TopKOutput, Kind = OutputKind.TopK },
        ]);

    /// <summary>Generalised matrix factorisation: the product of both embeddings, element by element.</summary>
    private sealed class Gmf(Device device, Parameter users, Parameter items)
    {
        public int Size => Users.ColumnCount;

        public Table Users { get; } = device.CreateTable(users);

        public Table Items { get; } = device.CreateTable(items);
    }

    /// <summary>Layers over both embeddings; the first one splits into the user's and the item's half.</summary>
    private sealed class Mlp(PairLinear first, LinearStack? rest)
    {
        public PairLinear First => first;

        public int OutputSize => rest?.OutputSize ?? first.OutputSize;

        public static Mlp Read(Device device, NeuMfNames names, Parameter users, Parameter items, ImmutableArray<int> sizes)
        {
            (Parameter Kernel, Parameter Bias)[] layers =
                [.. Enumerable.Range(1, sizes.Length - 1).Select(i => names.Layer(i, sizes[i - 1], sizes[i]))];
            Linear[] rest = [.. layers[1..].Select(layer => new Linear(device.CreateLinear(layer.Kernel, layer.Bias)))];
            return new Mlp(
                new PairLinear(device, users, items, layers[0].Kernel, layers[0].Bias, ActivationKind.Relu),
                rest.Length == 0 ? null : new LinearStack(rest, ActivationKind.Relu, ActivationKind.Relu));
        }

        public void Forward(Workspace workspace, Tensor users, Ragged pairs, Indices items, Tensor y)
        {
            if (rest is null)
            {
                first.Forward(workspace, users, pairs, items, y);
                return;
            }

            using WorkspaceFrame frame = workspace.Frame();
            Tensor x = workspace.Take(items.Count, first.OutputSize);
            first.Forward(workspace, users, pairs, items, x);
            rest.Forward(workspace, x, y);
        }
    }
}
