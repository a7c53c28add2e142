using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace SeqInfer.Cli.Terminal;

/// <summary>Data goes to standard output, everything else to standard error. Neither is coloured, framed or cut when it is no terminal.</summary>
internal static class Screen
{
    // No line of ours is as long; a console of this width never breaks one.
    private const int Unlimited = 1_000_000;

    /// <summary>True when a person reads standard output.</summary>
    public static bool IsDataInteractive => !Console.IsOutputRedirected;

    /// <summary>True when a person reads standard error.</summary>
    public static bool IsNotesInteractive => !Console.IsErrorRedirected;

    /// <summary>Standard output.</summary>
    public static IAnsiConsole Data { get; } = Create(Console.Out, IsDataInteractive);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Notes { get; } = Create(Console.Error, IsNotesInteractive);

    /// <summary>An empty table: framed for a person, plain columns for a program.</summary>
    public static Table NewTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = IsDataInteractive ? TableBorder.Rounded : TableBorder.None };
        foreach (string column in columns)
            _ = table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { NoWrap = !IsDataInteractive });
        return table;
    }

    /// <summary>Adds a row of plain text; square brackets mean nothing in it.</summary>
    public static void AddText(this Table table, params ReadOnlySpan<string> cells)
    {
        List<Text> row = [];
        foreach (string cell in cells)
            row.Add(new Text(cell));
        _ = table.AddRow(row);
    }

    /// <summary>Writes a line of data as it is.</summary>
    public static void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>Writes one JSON document.</summary>
    public static void Json(Action<Utf8JsonWriter> write)
    {
        using Stream stream = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        stream.Write("\n"u8);
    }

    /// <summary>Writes a number, or null where JSON has none.</summary>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    /// <summary>Writes a number with the digits a float has, or null where JSON has none.</summary>
    public static void WriteFinite(this Utf8JsonWriter writer, string name, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    /// <summary>Bytes in the unit a person would use.</summary>
    public static string Bytes(long count) => count switch
    {
        < 1 << 10 => $"{count} B",
        < 1 << 20 => $"{count / 1024.0:0.0} KiB",
        < 1 << 30 => $"{count / 1048576.0:0.0} MiB",
        _ => $"{count / 1073741824.0:0.00} GiB",
    };

    private static IAnsiConsole Create(TextWriter writer, bool interactive)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!interactive)
            console.Profile.Width = Unlimited;
        return console;
    }
}
