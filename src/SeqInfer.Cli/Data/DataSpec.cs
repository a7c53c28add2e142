namespace SeqInfer.Cli.Data;

/// <summary>One value of --data: [NAME=]PATH[#PART].</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Name">What it is for the model, as "edges.users", or a group, as "edges"; null: the file says.</param>
/// <param name="Path">A file or a folder.</param>
/// <param name="Part">A tensor or a column of the file; null: what the name says.</param>
internal sealed record DataSpec(string Text, string? Name, string Path, string? Part)
{
    /// <summary>The groups that have members.</summary>
    public static readonly string[] Groups = ["edges", "item_features"];

    /// <summary>The one name without members.</summary>
    public const string NodeFeatures = "node_features";

    /// <summary>The members of edges.</summary>
    public static readonly string[] EdgeMembers = ["users", "items", "offsets", "sources", "targets", "weights"];

    /// <summary>True for a group without a member.</summary>
    public bool IsGroup => Name is not null && Groups.Contains(Name);

    /// <summary>The name without its group: "users" of "edges.users".</summary>
    public string? Member => Name?[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <exception cref="CliException">It is not of that form.</exception>
    public static DataSpec Parse(string text)
    {
        // A path may hold an equals sign, but a name holds no separator of folders.
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string? name = equals < 0 || text.AsSpan(0, equals).ContainsAny('/', '\\') ? null : text[..equals];
        string path = name is null ? text : text[(equals + 1)..];
        int hash = path.LastIndexOf('#');
        string? part = hash < 0 || NamesAFile(path) ? null : path[(hash + 1)..];
        if (part is not null)
            path = path[..hash];
        if (name is not null && !IsName(name) && !Groups.Contains(name))
            throw new CliException($"--data {text}: '{name}' is no data of a model; expected {Known}");
        if (path.Length == 0 || part is "")
            throw new CliException($"--data {text}: expected [NAME=]PATH[#PART]");
        if (!System.IO.Path.Exists(path))
            throw new CliException($"--data {text}: {path}: no such file or folder");
        return new DataSpec(text, name, path, part);
    }

    /// <summary>True for a name that a model asks for.</summary>
    public static bool IsName(string name) => name.Split('.', 2) switch
    {
        [NodeFeatures] => true,
        ["edges", string member] => EdgeMembers.Contains(member),
        ["item_features", { Length: > 0 }] => true,
        _ => false,
    };

    /// <summary>All names, for messages.</summary>
    public static string Known => $"{NodeFeatures}, item_features.FIELD, {string.Join(", ", EdgeMembers.Select(member => $"edges.{member}"))}";

    // A file that is called so has no part.
    private static bool NamesAFile(string path) => System.IO.Path.Exists(path);
}
