using System.Text;
using System.Text.Json.Nodes;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Verification;

/// <summary>A copy of a golden case that a test may spoil.</summary>
internal sealed class CaseCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CaseCopy(string name)
    {
        foreach (string file in Directory.EnumerateFiles(Goldens.Case(name)))
            File.Copy(file, _folder.File(System.IO.Path.GetFileName(file)));
    }

    public string Path => _folder.Path;

    /// <summary>Changes a JSON file.</summary>
    public void EditJson(string file, Action<JsonObject> edit)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllBytes(_folder.File(file)))!.AsObject();
        edit(root);
        File.WriteAllText(_folder.File(file), root.ToJsonString());
    }

    /// <summary>Replaces a text in a file.</summary>
    public void Replace(string file, string old, string replacement)
    {
        string text = File.ReadAllText(_folder.File(file), Encoding.UTF8);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(_folder.File(file), text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Changes the values of a tensor of floats (stored as F64) or of integers (stored as I64).</summary>
    public void EditTensor(string file, string name, Action<double[]> edit)
    {
        List<TensorData> tensors = [];
        using (SafetensorsFile old = SafetensorsFile.Open(_folder.File(file)))
        {
            foreach (TensorInfo tensor in old.Tensors)
            {
                double[] values = tensor.ToDoubles();
                if (tensor.Name == name)
                    edit(values);
                tensors.Add(tensor.DType.IsInteger()
                    ? TensorData.FromValues(tensor.Name, tensor.Shape, Array.ConvertAll(values, value => (long)value))
                    : TensorData.FromValues(tensor.Name, tensor.Shape, values));
            }

            Assert.Contains(name, old.Tensors.Select(tensor => tensor.Name));
            File.Delete(_folder.File(file));
        }

        SafetensorsWriter.Write(_folder.File(file), tensors);
    }

    public void Dispose() => _folder.Dispose();
}
