using System.Globalization;
using CsvHelper;

namespace SeqInfer.Cli.Data;

/// <summary>A CSV file with a header, row by row. Errors name file, line and column.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly string _file;
    private readonly CsvReader _reader;

    private CsvRows(string file, CsvReader reader)
    {
        _file = file;
        _reader = reader;
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="file">Path of the file; "-" is standard input.</param>
    /// <param name="required">Columns it must have.</param>
    public static CsvRows Open(string file, params ReadOnlySpan<string> required)
    {
        string name = file == "-" ? "(standard input)" : file;
        var options = new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
            MalformedData = CsvMalformedDataHandling.Throw,
        };
        var rows = new CsvRows(name, file == "-" ? CsvReader.Create(Console.OpenStandardInput(), options) : CsvReader.FromFile(file, options));
        try
        {
            rows.Columns = rows.Guard(reader => (string[])[.. reader.Headers]);
            if (rows.Columns.Count == 0)
                throw new CliException($"{name}: empty; expected a header");
            foreach (string column in required)
            {
                if (!rows.Has(column))
                    throw new CliException($"{name}: no column '{column}'; there are: {string.Join(", ", rows.Columns)}");
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public bool Has(string column) => Columns.Contains(column);

    /// <summary>Moves to the next row.</summary>
    public bool Read() => Guard(reader => reader.Read());

    /// <summary>The text of a cell.</summary>
    public string Text(string column) => Guard(reader => reader.GetString(column));

    public int Int(string column) => ToInt(column, Text(column));

    public float Float(string column) => ToFloat(column, Text(column));

    /// <summary>Integers with blanks between them; none in an empty cell.</summary>
    public int[] Ints(string column) => [.. Words(column).Select(word => ToInt(column, word))];

    /// <summary>Numbers with blanks between them.</summary>
    public float[] Floats(string column) => [.. Words(column).Select(word => ToFloat(column, word))];

    /// <summary>A whole number, or a date and time, which becomes seconds since 1970.</summary>
    public long Timestamp(string column)
    {
        string text = Text(column);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return number;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.ToUnixTimeSeconds()
            : throw Error(column, $"'{text}' is neither a whole number nor a date");
    }

    public CliException Error(string column, string problem) => new($"{_file}: line {_reader.LineNumber}, column '{column}': {problem}");

    public void Dispose() => _reader.Dispose();

    private string[] Words(string column) => Text(column).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private int ToInt(string column, string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
        ? value
        : throw Error(column, $"'{text}' is not a 32-bit integer");

    private float ToFloat(string column, string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
        ? value
        : throw Error(column, $"'{text}' is not a number");

    private T Guard<T>(Func<CsvReader, T> read)
    {
        try
        {
            return read(_reader);
        }
        catch (CsvFormatException e)
        {
            throw new CliException($"{_file}: {e.Message}", e);
        }
    }
}
