using SeqInfer.Weights;

namespace SeqInfer.Models.Ctr;

/// <summary>The embedding tables of fields, by the names of a code base.</summary>
internal sealed class FieldTables
{
    private readonly Dictionary<string, Parameter> _byField = new(StringComparer.Ordinal);

    /// <summary>Reads the tables of all fields that share them.</summary>
    /// <param name="weights">Where "embedding_dict" or "token_embedding_table" stands.</param>
    /// <param name="naming">Whose names.</param>
    /// <param name="fields">All fields of these tables, in the order in which lists are counted.</param>
    /// <param name="columns">Size of a vector.</param>
    /// <param name="side">RecBole's interest models keep ".user" and ".item" apart.</param>
    public FieldTables(WeightScope weights, CtrNaming naming, IReadOnlyList<Field> fields, int columns, string side = "")
    {
        if (naming == CtrNaming.DeepCtr)
        {
            foreach (Field field in fields.Where(field => field.IsEmbedded))
                _byField.Add(field.Name, weights.Matrix($"embedding_dict.{field.EmbeddingName}.weight", field.Size, columns));
            return;
        }

        ReadShared(weights, $"token_embedding_table{side}.embedding.weight", [.. fields.Where(field => field.Kind == FieldKind.Token)], columns);
        ReadShared(weights, $"float_embedding_table{side}.embedding.weight", [.. fields.Where(field => field.Kind == FieldKind.Value)], columns);
        foreach ((Field field, int number) in fields.Where(field => field.Kind == FieldKind.Multi).Select((field, i) => (field, i)))
            _byField.Add(field.Name, weights.Matrix($"token_seq_embedding_table{side}.{number}.weight", field.Size, columns));
    }

    /// <summary>The table of an embedded field: a row an id; a single row for a value.</summary>
    public Parameter this[Field field] => _byField[field.Name];

    /// <summary>Accepts RecBole's tables of one side, which are in a file that does not use them.</summary>
    public static void Ignore(WeightScope weights, string side = "") => weights.Ignore(name =>
        name == $"token_embedding_table{side}.embedding.weight"
        || name == $"float_embedding_table{side}.embedding.weight"
        || name.StartsWith($"token_seq_embedding_table{side}.", StringComparison.Ordinal)
        || (side.Length == 0 && name.StartsWith("embedding_dict.", StringComparison.Ordinal)));

    private void ReadShared(WeightScope weights, string name, Field[] fields, int columns)
    {
        if (fields.Length == 0)
            return;

        // A field without a size ends where the next one begins, the last one where the table does.
        bool isSized = fields.All(field => field.Size > 0);
        int least = fields.Max(field => checked(field.TableOffset + Math.Max(field.Size, field.Index + 1)));
        int rows = !isSized && weights.TryGetInfo(name, out TensorInfo? tensor) && tensor.Shape.Rank == 2
            ? Math.Max(least, checked((int)tensor.Shape[0]))
            : least;
        Parameter table = weights.Matrix(name, rows, columns);
        foreach (Field field in fields)
        {
            int end = field.Size > 0
                ? field.TableOffset + field.Size
                : fields.Select(other => other.TableOffset).Where(offset => offset > field.TableOffset).DefaultIfEmpty(rows).Min();
            _byField.Add(field.Name, field.Kind == FieldKind.Value
                ? table.SliceRows(field.TableOffset + field.Index, 1)
                : table.SliceRows(field.TableOffset, end - field.TableOffset));
        }
    }
}
