using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Layers;
using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>A part of what the last network of an interest model reads.</summary>
internal enum InterestPart
{
    /// <summary>The history, seen from the candidate.</summary>
    Interest,

    /// <summary>The candidate's vector.</summary>
    Target,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>All embedded fields of the user.</summary>
    UserFields,

    /// <summary>The user's token and value fields.</summary>
    UserTokens,

    /// <summary>The user's lists.</summary>
    UserLists,

    /// <summary>The user's dense fields.</summary>
    UserDense,
}

/// <summary>Fields, tables, network input and signature of DIN and DIEN, read from a configuration.</summary>
internal sealed class InterestPlan
{
    private static readonly (string Word, InterestPart Value)[] PartWords =
    [
        ("interest", InterestPart.Interest),
        ("target", InterestPart.Target),
        ("interest_times_target", InterestPart.Product),
        ("user_fields", InterestPart.UserFields),
        ("user_tokens", InterestPart.UserTokens),
        ("user_lists", InterestPart.UserLists),
        ("user_dense", InterestPart.UserDense),
    ];

    private readonly int[] _ownStarts = [-1, -1, -1];

    /// <summary>Reads what DIN and DIEN share.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="weights">All tensors.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="recBoleParts">The parts that RecBole's code of the family joins.</param>
    public InterestPlan(ModelConfig config, WeightScope weights, Device device, ImmutableArray<InterestPart> recBoleParts)
    {
        Naming = CtrNamings.Read(config);
        bool isRecBole = Naming == CtrNaming.RecBole;
        int size = config.Int("embedding_size");
        IReadOnlyList<Field> itemFields = Field.ReadList(config, "item_fields", Naming);
        IReadOnlyList<Field> userFields = ReadUserFields(config, Naming);
        WeightScope tables = isRecBole ? weights.Scope("embedding_layer") : weights;
        var items = new FieldTables(tables, Naming, itemFields, size, isRecBole ? ".item" : "");
        var users = new FieldTables(tables, Naming, userFields, size, isRecBole ? ".user" : "");
        if (userFields.Count == 0)
            FieldTables.Ignore(tables, isRecBole ? ".user" : "");
        Items = new ItemFeatures(device, config.Data, itemFields, ItemFields.FindId(config, "item_fields", itemFields), items);

        ImmutableArray<InterestPart> parts = isRecBole && !config.Contains("mlp_input") ? recBoleParts : config.Choices("mlp_input", PartWords);
        config.Ignore("mlp_input");
        if (parts.Distinct().Count() != parts.Length)
            throw config.Error("mlp_input", "names a part twice");
        Signature = Sign(config, users, userFields);
        Users = ReadParts(device, users, userFields, parts, out ColumnSplit columns);
        Columns = columns;
    }

    public CtrNaming Naming { get; }

    /// <summary>The items' fields.</summary>
    public ItemFeatures Items { get; }

    /// <summary>Columns of an item's vector.</summary>
    public int Width => Items.Layout.Width;

    /// <summary>The user's parts, one after the other as candidates share them.</summary>
    public ImmutableArray<FieldEncoder> Users { get; }

    /// <summary>Which columns of the last network's input candidates share, and which they have for themselves.</summary>
    public ColumnSplit Columns { get; }

    public ModelSignature Signature { get; }

    /// <summary>Where a part stands among the columns of a candidate; -1 where it does not.</summary>
    public int StartOf(InterestPart part) => _ownStarts[(int)part];

    private static IReadOnlyList<Field> ReadUserFields(ModelConfig config, CtrNaming naming)
    {
        bool areUsed = config.Bool("user_fields_used");
        IReadOnlyList<Field> fields = config.Contains("user_fields") ? Field.ReadList(config, "user_fields", naming) : [];
        config.Ignore("user_fields");
        return areUsed ? fields : [];
    }

    private ModelSignature Sign(ModelConfig config, FieldTables users, IReadOnlyList<Field> userFields) => ItemFields.Sign(
        config,
        "user_fields",
        [
            new InputSpec
            {
                Name = SequenceEncoder.ItemsInput,
                Kind = InputKind.RaggedIds,
                MinId = 1,
                MaxId = Items.Count - 1,
                MaxLength = config.Int("max_length"),
            },
            new InputSpec
            {
                Name = RankingHead.CandidatesInput,
                Kind = InputKind.RaggedIds,
                MinId = 1,
                MaxId = Items.Count - 1,
                Role = RaggedRole.Candidates,
            },
            .. FieldEncoder.Inputs(userFields, users),
        ],
        [
            .. RankerPlan.Outputs(OutputKind.PerCandidate),
            new OutputSpec { Name = RankingHead.CandidateScoresOutput, Kind = OutputKind.PerCandidate },
        ]);

    // The columns in the order of the parts, then sorted into those of a candidate and those of its user.
    private ImmutableArray<FieldEncoder> ReadParts(
        Device device, FieldTables tables, IReadOnlyList<Field> userFields, ImmutableArray<InterestPart> parts, out ColumnSplit columns)
    {
        List<FieldEncoder> users = [];
        List<int> shared = [];
        List<int> own = [];
        int start = 0;
        foreach (InterestPart part in parts)
        {
            int width = Width;
            if (part <= InterestPart.Product)
            {
                _ownStarts[(int)part] = own.Count;
                own.AddRange(Enumerable.Range(start, width));
            }
            else
            {
                var encoder = new FieldEncoder(device, Signature, [.. userFields.Where(field => IsIn(field, part))], tables);
                width = encoder.Layout.Width;
                shared.AddRange(Enumerable.Range(start, width));
                if (width > 0)
                    users.Add(encoder);
            }

            start = checked(start + width);
        }

        columns = new ColumnSplit([.. shared], [.. own]);
        return [.. users];
    }

    private static bool IsIn(Field field, InterestPart part) => part switch
    {
        InterestPart.UserFields => field.IsEmbedded,
        InterestPart.UserTokens => field.Kind is FieldKind.Token or FieldKind.Value,
        InterestPart.UserLists => field.Kind == FieldKind.Multi,
        _ => field.Kind == FieldKind.Dense,
    };
}
