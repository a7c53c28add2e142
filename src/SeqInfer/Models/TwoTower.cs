using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Models.Ctr;
using SeqInfer.Tensors;
using SeqInfer.Weights;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace SeqInfer.Models;

/// <summary>
/// Two towers (DSSM, Huang et al. 2013): a network over the user's fields and one over the item's, compared by cosine or inner product
/// over a temperature. The items' vectors are computed once, at load.
/// </summary>
public sealed class TwoTower : Model
{
    private const string UserList = "user_fields";
    private const string ItemList = "item_fields";
    private const string ItemsOutput = "item_embeddings";

    // What a length is at least, as in torch.nn.functional.cosine_similarity.
    private const double ShortestLength = 1e-8;

    private readonly FieldEncoder _userFields;
    private readonly ItemFeatures _itemFeatures;
    private readonly MultiLayerPerceptron _users;
    private readonly MultiLayerPerceptron _items;
    private readonly bool _isCosine;
    private readonly double _temperature;
    private readonly int _hidden;
    private readonly int _itemEmbeddings;
    private readonly int _logits;
    private readonly int _probabilities;
    private readonly int _candidates;
    private Table? _itemVectors;
    private Catalogue? _catalogue;
    private RankingHead? _head;

    /// <summary>Reads configuration and weights.</summary>
    /// <exception cref="ModelConfigException">A field is missing, unknown or not allowed.</exception>
    public TwoTower(ModelConfig config, WeightScope weights, Device device)
        : this(new Plan(config, weights, device), config, weights, device)
    {
    }

    private TwoTower(Plan plan, ModelConfig config, WeightScope weights, Device device)
        : base(device, plan.Signature)
    {
        _isCosine = config.Choice("similarity", ("cosine", true), ("dot", false));
        _temperature = config.OptionalNumber("temperature", 1);
        if (_temperature <= 0)
            throw config.Error("temperature", $"{_temperature} is not allowed; expected a number above 0");
        bool hasLast = config.OptionalBool("last_activation", true);
        bool isRecBole = plan.Naming == CtrNaming.RecBole;
        _itemFeatures = plan.Items;
        _userFields = new FieldEncoder(device, Signature, plan.UserFields, plan.Tables);
        _users = Read(isRecBole ? "user_mlp_layers" : "user_dnn", _userFields.Layout.Width);
        _items = Read(isRecBole ? "item_mlp_layers" : "item_dnn", _itemFeatures.Layout.Width);
        _hidden = Signature.IndexOfOutput(SequenceEncoder.HiddenOutput);
        _itemEmbeddings = Signature.IndexOfOutput(ItemsOutput);
        _logits = Signature.IndexOfOutput(RankerPlan.LogitsOutput);
        _probabilities = Signature.IndexOfOutput(RankerPlan.ProbabilitiesOutput);
        _candidates = Signature.IndexOfInput(RankingHead.CandidatesInput);
        if (isRecBole)
            weights.Scope("first_order_linear").Ignore(_ => true);

        MultiLayerPerceptron Read(string path, int width) => new(
            device, [.. MlpReader.Read(device, weights, plan.Naming, path, width, plan.Mlp, hasLast)], ColumnSplit.Whole(width));
    }

    /// <inheritdoc/>
    public override void Prepare()
    {
        int size = _items.OutputSize;
        Parameter items = _itemFeatures.Compute(
            size, (workspace, vectors, _, output) => _items.Forward(workspace, new SplitRows(vectors), output));
        _itemVectors = Device.CreateTable(items);
        _catalogue = Device.CreateCatalogue(Scale(items), null, new CatalogueOptions { ExcludedIds = [0] });
        _head = new RankingHead(Device, _catalogue, default, Signature);
    }

    /// <inheritdoc/>
    public override void Forward(ForwardPass pass)
    {
        Workspace workspace = pass.Workspace;
        int batch = pass.Batch.Count;
        Tensor hidden = pass.EmitNew(_hidden, batch, _users.OutputSize);
        Tensor query = _isCosine ? pass.Take(batch, _users.OutputSize) : hidden;
        Encode(pass, hidden);
        if (_isCosine)
            Device.NormalizeL2(workspace, hidden, query);
        _head!.Forward(pass, query);
        if (pass.Wants(_logits) || pass.Wants(_probabilities))
            EmitLogits(pass, query);
        if (pass.Wants(_itemEmbeddings))
            EmitItems(pass);
    }

    private void Encode(ForwardPass pass, Tensor hidden)
    {
        using WorkspaceFrame frame = pass.Workspace.Frame();
        Tensor x = pass.Take(hidden.RowCount, _userFields.Layout.Width);
        _userFields.Forward(pass, x);
        _users.Forward(pass.Workspace, new SplitRows(x), hidden);
    }

    private void EmitLogits(ForwardPass pass, Tensor query)
    {
        Ragged candidates = pass.Sequences(_candidates, out Indices ids);
        Tensor logits = pass.EmitNew(_logits, ids.Count, 1);
        Device.ScoreCandidates(pass.Workspace, query, _catalogue!, ids, candidates, logits);
        if (pass.Wants(_probabilities))
            Device.Apply(pass.Workspace, logits, ActivationKind.Sigmoid, pass.EmitNew(_probabilities, ids.Count, 1));
    }

    private void EmitItems(ForwardPass pass)
    {
        Table items = _itemVectors!;
        Tensor output = pass.EmitNew(_itemEmbeddings, items.RowCount, items.ColumnCount);
        Indices ids = pass.Workspace.TakeIndices(items.RowCount);
        Span<int> all = pass.Workspace.Span(ids);
        for (int id = 0; id < all.Length; id++)
            all[id] = id;
        Device.Embed(pass.Workspace, ids, items, output);
    }

    // With the items' lengths and the temperature in their vectors, every similarity is an inner product.
    private Parameter Scale(Parameter items)
    {
        int size = items.Columns;
        double[] values = items.ToArray();
        for (int row = 0; row < items.Rows; row++)
        {
            Span<double> vector = values.AsSpan(row * size, size);
            double length = _isCosine ? Math.Max(Math.Sqrt(TensorPrimitives.SumOfSquares<double>(vector)), ShortestLength) : 1;
            TensorPrimitives.Divide(vector, length * _temperature, vector);
        }

        return Parameter.FromValues("items over temperature", items.Rows, size, values);
    }

    private sealed class Plan
    {
        public Plan(ModelConfig config, WeightScope weights, Device device)
        {
            Naming = CtrNamings.Read(config);
            UserFields = Field.ReadList(config, UserList, Naming);
            IReadOnlyList<Field> itemFields = Field.ReadList(config, ItemList, Naming);
            if (UserFields.Count == 0)
                throw config.Error(UserList, "is empty; expected at least one field");
            if (UserFields.FirstOrDefault(field => itemFields.Any(other => other.Name == field.Name)) is { } both)
                throw config.Error(ItemList, $"\"{both.Name}\" is the name of a user field");
            Mlp = MlpOptions.Read(config);
            if (Mlp.HiddenSizes.IsEmpty)
                throw config.Error("mlp_hidden_sizes", "is empty; expected at least one layer");

            // Both sides share the tables; lists are counted over the user's fields, then the item's.
            Tables = new FieldTables(weights, Naming, [.. UserFields, .. itemFields], config.Int("embedding_size"));
            Items = new ItemFeatures(device, config.Data, itemFields, ItemFields.FindId(config, ItemList, itemFields), Tables);
            int last = config.Int("num_items", max: int.MaxValue - 1);
            if (Items.Count != last + 1)
                throw config.Error("num_items", $"{last} items, but features and tables have {Items.Count} rows; expected {last + 1}");
            int size = Mlp.HiddenSizes[^1];
            Signature = ItemFields.Sign(
                config,
                UserList,
                [.. FieldEncoder.Inputs(UserFields, Tables), .. RankingHead.Inputs(1, last)],
                [
                    .. RankingHead.Outputs(last + 1, firstRanked: 1),
                    .. RankerPlan.Outputs(OutputKind.PerCandidate),
                    new OutputSpec { Name = SequenceEncoder.HiddenOutput, Kind = OutputKind.PerRow, Width = size },
                    new OutputSpec { Name = ItemsOutput, Kind = OutputKind.PerNode, NodeCount = last + 1, Width = size, IsOnDemand = true },
                ]);
        }

        public CtrNaming Naming { get; }

        public IReadOnlyList<Field> UserFields { get; }

        public FieldTables Tables { get; }

        public ItemFeatures Items { get; }

        public MlpOptions Mlp { get; }

        public ModelSignature Signature { get; }
    }
}
