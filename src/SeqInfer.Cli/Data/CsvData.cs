using System.Globalization;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Data;

/// <summary>
/// Graphs and features from CSV. edges: a column a member (users,items or sources,targets,weights), a row an edge. item_features: a column a
/// field, numbers of a cell with blanks between them; "id" or "item_id" says which item a row is of, else rows count from 0. node_features:
/// every column, a row a node.
/// </summary>
internal static class CsvData
{
    private static readonly string[] IdColumns = ["id", "item_id"];

    public static void Read(ModelData data, DataSpec spec)
    {
        if (spec.Name is null)
            throw new CliException($"--data {spec.Text}: say what the file holds: edges={spec.Path}, item_features={spec.Path} or {DataSpec.NodeFeatures}={spec.Path}");
        using CsvRows csv = CsvRows.Open(spec.Path);
        string[] columns = Columns(csv, spec);
        bool isMatrix = spec.Name == DataSpec.NodeFeatures && spec.Part is null;
        bool ofItems = spec.Name.StartsWith("item_features", StringComparison.Ordinal);
        string? idColumn = ofItems ? IdColumns.FirstOrDefault(csv.Has) : null;
        List<int> ids = [];
        List<Cells> cells = [.. columns.Select(column => new Cells(column))];
        while (csv.Read())
        {
            ids.Add(idColumn is null ? ids.Count : csv.Int(idColumn));
            foreach (Cells column in cells)
                column.Add(csv);
        }

        int[] order = Order(spec, ids);
        if (isMatrix)
        {
            float[] values = [.. order.SelectMany(row => cells.Select(column => column.Single(spec, row)))];
            LoadTimeData.Add(data, spec, spec.Name, order.Length, cells.Count, values);
            return;
        }

        foreach (Cells column in cells)
        {
            (int width, Array values) = column.ToMatrix(spec, order);
            LoadTimeData.Add(data, spec, spec.IsGroup ? $"{spec.Name}.{column.Name}" : spec.Name, order.Length, width, values);
        }
    }

    private static string[] Columns(CsvRows csv, DataSpec spec)
    {
        string[] all = [.. csv.Columns.Where(column => spec.Name == "edges" || !IdColumns.Contains(column))];
        if (spec.IsGroup && spec.Part is null)
        {
            return Array.Find(all, column => !DataSpec.IsName($"{spec.Name}.{column}")) is { } unknown
                ? throw new CliException($"--data {spec.Text}: column '{unknown}' is no data of a model; expected {DataSpec.Known}")
                : all;
        }

        if (spec.IsGroup)
            throw new CliException($"--data {spec.Text}: a single column needs a single name, as {spec.Name}.{spec.Part}={spec.Path}#{spec.Part}");
        if (spec.Name == DataSpec.NodeFeatures && spec.Part is null)
            return all;
        string wanted = spec.Part ?? spec.Member!;
        if (csv.Has(wanted))
            return [wanted];
        return spec.Part is null && all.Length == 1
            ? all
            : throw new CliException($"--data {spec.Text}: no column '{wanted}'; there are: {string.Join(", ", csv.Columns)}");
    }

    // Place r of the result is the line that is of item r, or -1: item 0, which is padding where items count from 1, may be left out.
    private static int[] Order(DataSpec spec, List<int> ids)
    {
        int count = ids.Count == 0 ? 0 : ids.Max() + 1;
        if (ids.Any(id => id < 0))
            throw new CliException($"--data {spec.Text}: item {ids.Min()} is negative");
        if (count > ids.Count + 1)
            throw new CliException($"--data {spec.Text}: {ids.Count} rows for items up to {count - 1}; expected one row an item");
        int[] order = new int[count];
        Array.Fill(order, -1);
        for (int row = 0; row < ids.Count; row++)
        {
            if (order[ids[row]] >= 0)
                throw new CliException($"--data {spec.Text}: item {ids[row]} has two rows");
            order[ids[row]] = row;
        }

        int missing = Array.IndexOf(order, -1);
        return missing <= 0 ? order : throw new CliException($"--data {spec.Text}: item {missing} has no row");
    }

    /// <summary>The cells of one column: integers where all of them are, else floats.</summary>
    private sealed class Cells(string name)
    {
        private readonly List<string[]> _rows = [];

        public string Name => name;

        private bool IsWhole { get; set; } = true;

        public void Add(CsvRows csv)
        {
            string[] words = csv.Text(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (string word in words)
            {
                IsWhole &= int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
                if (!float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                    throw csv.Error(name, $"'{word}' is not a number; a single column is given as NAME=FILE#COLUMN");
            }

            _rows.Add(words);
        }

        public float Single(DataSpec spec, int row) => _rows[row] is [string word]
            ? Number(word)
            : throw new CliException($"--data {spec.Text}: column '{name}', row {row}: {_rows[row].Length} numbers, expected 1");

        // Short lists of ids are filled up with -1; item 0 without a line has none, or zeros.
        public (int Width, Array Values) ToMatrix(DataSpec spec, int[] order)
        {
            int width = _rows.Count == 0 ? 1 : _rows.Max(row => row.Length);
            bool isList = IsWhole && _rows.Exists(row => row.Length != width || width != 1);
            if (IsWhole)
                return (width, (int[])[.. order.SelectMany(row => Fill(Words(row).Select(Id), width, isList ? -1 : 0))]);
            int other = _rows.FindIndex(row => row.Length != width);
            if (other >= 0)
                throw new CliException($"--data {spec.Text}: column '{name}', row {other}: {_rows[other].Length} numbers, expected {width} as elsewhere");
            return (width, (float[])[.. order.SelectMany(row => Fill(Words(row).Select(Number), width, 0))]);
        }

        private string[] Words(int row) => row < 0 ? [] : _rows[row];

        private static IEnumerable<T> Fill<T>(IEnumerable<T> values, int width, T filler)
        {
            T[] given = [.. values];
            return given.Concat(Enumerable.Repeat(filler, width - given.Length));
        }

        private static int Id(string word) => int.Parse(word, CultureInfo.InvariantCulture);

        private static float Number(string word) => float.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
