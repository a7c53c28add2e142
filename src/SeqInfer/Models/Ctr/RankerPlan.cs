using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>Fields, tables and signature of a ranker over fields, read from its configuration.</summary>
internal sealed class RankerPlan
{
    /// <summary>Output: the score before the sigmoid.</summary>
    public const string LogitsOutput = "logits";

    /// <summary>Output: the sigmoid of the logits.</summary>
    public const string ProbabilitiesOutput = "probabilities";

    private const string List = "fields";
    private const string PoolingField = "first_order_multi_pooling";

    private RankerPlan(ModelConfig config, WeightScope weights, Device device, bool hasVectors, bool hasFirstOrder)
    {
        Naming = CtrNamings.Read(config);
        EmbeddingSize = config.Int("embedding_size");
        Fields = Field.ReadList(config, List, Naming);
        if (Fields.Count == 0)
            throw config.Error(List, "is empty; expected at least one field");
        WeightScope first = weights.Scope(Naming == CtrNaming.RecBole ? "first_order_linear" : "linear_model");
        if (hasVectors)
            Vectors = new FieldTables(weights, Naming, Fields, EmbeddingSize);
        else
            FieldTables.Ignore(weights);
        if (hasFirstOrder)
            ReadFirstOrder(config, weights, first);
        else
            SkipFirstOrder(config, first);

        // In the order of the whole concatenation.
        Layout = new FieldLayout(Fields, EmbeddingSize);
        RequestFields = Fields;
        FieldTables tables = Vectors ?? Weights!;
        IEnumerable<InputSpec> inputs = FieldEncoder.Inputs(Fields, tables);
        OutputKind kind = OutputKind.PerRow;
        if (config.OptionalText("item_id_field") is { } idName)
        {
            Field id = Fields.FirstOrDefault(field => field.Name == idName && field.Kind == FieldKind.Token)
                ?? throw config.Error("item_id_field", $"\"{idName}\" is not one of the token fields");
            Field[] itemFields = [.. Fields.Where(field => field == id || ItemFields.IsGiven(config, field))];
            RequestFields = [.. Fields.Except(itemFields)];
            Items = new ItemFeatures(device, config.Data, itemFields, id, Vectors, Weights, Pooling);
            Columns = new ColumnSplit(Layout.PlacesOf(Fields, RequestFields), Layout.PlacesOf(Fields, itemFields));
            FirstOrderColumns = new ColumnSplit(Layout.FirstOrderPlacesOf(Fields, RequestFields), Layout.FirstOrderPlacesOf(Fields, itemFields));
            kind = OutputKind.PerCandidate;
            inputs = FieldEncoder.Inputs(RequestFields, tables).Append(new InputSpec
            {
                Name = RankingHead.CandidatesInput,
                Kind = InputKind.RaggedIds,
                MaxId = Items.Count - 1,
                Role = RaggedRole.Candidates,
            });
        }
        else
        {
            Columns = ColumnSplit.Whole(Layout.Width);
            FirstOrderColumns = ColumnSplit.Whole(Layout.FirstOrderWidth);
        }

        Signature = ItemFields.Sign(config, List, inputs, Outputs(kind));
        Encoder = new FieldEncoder(device, Signature, RequestFields, Vectors, Weights, Pooling);
    }

    public CtrNaming Naming { get; }

    public int EmbeddingSize { get; }

    /// <summary>All fields, in the order of concatenation.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The fields that a request gives.</summary>
    public IReadOnlyList<Field> RequestFields { get; }

    /// <summary>Columns of all fields.</summary>
    public FieldLayout Layout { get; }

    /// <summary>Tables of vectors; null where nothing reads them.</summary>
    public FieldTables? Vectors { get; }

    /// <summary>Tables of first-order weights; null where there is no first-order part.</summary>
    public FieldTables? Weights { get; private set; }

    /// <summary>How first-order weights of a list become one; null: as vectors do.</summary>
    public PoolKind? Pooling { get; private set; }

    /// <summary>[1, first-order columns]: 1 for the weight of each embedded field, then those of the dense numbers.</summary>
    public Parameter? FirstOrderWeight { get; private set; }

    /// <summary>[1, 1]; null where there is no first-order part.</summary>
    public Parameter? FirstOrderBias { get; private set; }

    /// <summary>The fields of candidates; null where requests give all fields.</summary>
    public ItemFeatures? Items { get; }

    /// <summary>Which columns candidates of a row share.</summary>
    public ColumnSplit Columns { get; }

    /// <summary>The same in the first-order part.</summary>
    public ColumnSplit FirstOrderColumns { get; }

    public ModelSignature Signature { get; }

    /// <summary>From a request's fields to rows.</summary>
    public FieldEncoder Encoder { get; }

    /// <summary>Reads the fields that all rankers have.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="weights">All tensors.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="hasVectors">False where only the first-order part is read.</param>
    /// <param name="hasFirstOrder">False where its tables, if there are any, are not used.</param>
    public static RankerPlan Read(ModelConfig config, WeightScope weights, Device device, bool hasVectors, bool hasFirstOrder) =>
        new(config, weights, device, hasVectors, hasFirstOrder);

    /// <summary>The outputs of every ranker.</summary>
    public static IEnumerable<OutputSpec> Outputs(OutputKind kind) =>
    [
        new() { Name = LogitsOutput, Kind = kind },
        new() { Name = ProbabilitiesOutput, Kind = kind },
    ];

    private void ReadFirstOrder(ModelConfig config, WeightScope weights, WeightScope first)
    {
        // Without lists there is nothing to pool.
        if (config.Contains(PoolingField) || Fields.Any(field => field.Kind == FieldKind.Multi))
        {
            Pooling = config.Choice<PoolKind?>(
                PoolingField, ("sum", PoolKind.Sum), ("mean", PoolKind.Mean), ("max", PoolKind.Max), ("same_as_field", null));
        }

        Weights = new FieldTables(first, Naming, Fields, 1);
        var layout = new FieldLayout(Fields, 1);
        double[] ones = new double[layout.EmbeddedCount];
        Array.Fill(ones, 1);
        var embedded = Parameter.FromValues("first-order weights", 1, ones.Length, ones);
        FirstOrderWeight = layout.DenseWidth == 0
            ? embedded
            : Parameter.ConcatColumns("first-order weights", embedded, first.Matrix("weight", layout.DenseWidth, 1).Transpose());
        FirstOrderBias = Naming == CtrNaming.RecBole ? first.Vector("bias", 1) : weights.Vector("out.bias", 1);
    }

    private static void SkipFirstOrder(ModelConfig config, WeightScope first)
    {
        config.Ignore(PoolingField);
        first.Ignore(_ => true);
    }
}
