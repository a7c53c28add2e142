using System.Globalization;
using System.Text;

namespace SeqInfer.Bench.Compare.Reports;

/// <summary>compare.svg: a bar for each result, as long as the logarithm of the ratio; the line marks equal speed.</summary>
internal static class SvgChart
{
    private const int RowHeight = 18;
    private const int LabelWidth = 190;
    private const int ValueWidth = 60;
    private const int BarWidth = 420;
    private const int Top = 48;

    /// <summary>Writes the file into a folder.</summary>
    public static void Write(string folder, Comparison comparison) => File.WriteAllText(Path.Combine(folder, "compare.svg"), Text(comparison));

    /// <summary>The picture.</summary>
    public static string Text(Comparison comparison)
    {
        IReadOnlyList<CellResult> results = comparison.Results;
        double lowest = Math.Min(0.5, results.Select(result => result.Ratio).DefaultIfEmpty(1).Min());
        double highest = Math.Max(2, results.Select(result => result.Ratio).DefaultIfEmpty(1).Max());
        double X(double ratio) => LabelWidth + (BarWidth * (Math.Log(ratio / lowest) / Math.Log(highest / lowest)));

        int width = LabelWidth + BarWidth + ValueWidth;
        int height = Top + (RowHeight * results.Count) + 12;
        var svg = new StringBuilder();
        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Line($"<text x=\"8\" y=\"20\" font-size=\"14\" font-weight=\"bold\">Time of ONNX Runtime {comparison.Machine.OnnxRuntime} / time of SeqInfer (log scale, longer is faster)</text>");
        Line($"<text x=\"8\" y=\"38\" fill=\"#666666\">{Escape(comparison.Machine.Cpu)}</text>");
        for (int i = 0; i < results.Count; i++)
        {
            CellResult result = results[i];
            double one = X(1);
            double end = X(result.Ratio);
            int y = Top + (i * RowHeight);
            string colour = result.Ratio >= 1 ? "#2a7f62" : "#b5483a";
            Line($"<text x=\"{LabelWidth - 8}\" y=\"{y + 13}\" text-anchor=\"end\">{Escape(Label(result))}</text>");
            Line($"<rect x=\"{Math.Min(one, end):F1}\" y=\"{y + 3}\" width=\"{Math.Abs(end - one):F1}\" height=\"{RowHeight - 6}\" fill=\"{colour}\"/>");
            Line($"<text x=\"{Math.Max(one, end) + 4:F1}\" y=\"{y + 13}\">{result.Ratio:F2}</text>");
        }

        Line($"<line x1=\"{X(1):F1}\" y1=\"{Top - 4}\" x2=\"{X(1):F1}\" y2=\"{height - 8}\" stroke=\"#333333\"/>");
        Line($"</svg>");
        return svg.ToString();
    }

    private static string Label(CellResult result) =>
        $"{result.Cell}  B={result.Batch}"
        + (result.Threads == 1 ? "" : $"  {result.Threads} threads")
        + (result.Weights == "fp32" ? "" : $"  {result.Weights}");

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
