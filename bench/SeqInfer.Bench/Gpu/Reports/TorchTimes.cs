using System.Text.Json;

namespace SeqInfer.Bench.Gpu.Reports;

/// <summary>What bench/gpu_torch.py measured for one cell.</summary>
/// <param name="Form">"eager", "compiled", "graph"; of products the precision.</param>
/// <param name="RequestMicroseconds">Inputs sent, a forward pass, outputs fetched; NaN for products.</param>
/// <param name="PassMicroseconds">A forward pass and waiting for it; NaN for products.</param>
/// <param name="StreamMicroseconds">A forward pass of many in a queue.</param>
internal sealed record TorchTime(string Form, double RequestMicroseconds, double PassMicroseconds, double StreamMicroseconds);

/// <summary>Times of the same shapes in PyTorch.</summary>
internal sealed class TorchTimes
{
    private readonly ILookup<(string Cell, int Batch), TorchTime> _cells;
    private readonly ILookup<string, TorchTime> _products;

    private TorchTimes(string machine, ILookup<(string Cell, int Batch), TorchTime> cells, ILookup<string, TorchTime> products)
    {
        Machine = machine;
        _cells = cells;
        _products = products;
    }

    /// <summary>Version and device.</summary>
    public string Machine { get; }

    /// <summary>The forms of a cell; empty where it was not measured.</summary>
    public IEnumerable<TorchTime> Of(string cell, int batch) => _cells[(cell, batch)];

    /// <summary>The forms of a product of [rows, inputs] and [inputs, outputs]: "512x1024x512".</summary>
    public IEnumerable<TorchTime> OfProduct(string shape) => _products[shape];

    /// <summary>Reads what the script wrote.</summary>
    /// <exception cref="JsonException">It is no such file.</exception>
    public static TorchTimes Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        try
        {
            JsonElement root = document.RootElement;
            JsonElement machine = root.GetProperty("machine");
            return new TorchTimes(
                $"PyTorch {machine.GetProperty("torch").GetString()} on {machine.GetProperty("device").GetString()}",
                root.GetProperty("cells").EnumerateArray().ToLookup(
                    cell => (cell.GetProperty("cell").GetString()!, cell.GetProperty("batch").GetInt32()), Time),
                root.GetProperty("products").EnumerateArray().ToLookup(product => product.GetProperty("shape").GetString()!, Time));
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException($"{path} was not written by gpu_torch.py: {error.Message}", error);
        }
    }

    private static TorchTime Time(JsonElement cell) => new(
        cell.GetProperty("form").GetString()!, Number(cell, "request_us"), Number(cell, "pass_us"), Number(cell, "stream_us"));

    private static double Number(JsonElement cell, string name) =>
        cell.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}
