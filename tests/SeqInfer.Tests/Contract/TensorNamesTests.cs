using System.Text.Json.Nodes;
using SeqInfer.Cli.Verification;
using SeqInfer.Models;
using SeqInfer.Tests.Verification;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Contract;

/// <summary>Checkpoints whose tensors have names of their own: "tensor_names" maps a naming's name to the file's.</summary>
public sealed class TensorNamesTests
{
    [Theory]
    [InlineData("sasrec-pre-norm-gelu")]
    [InlineData("gru4rec-recbole")]
    [InlineData("neumf-keras")]
    [InlineData("lightgcn")]
    [InlineData("din-deepctr-dice")]
    [InlineData("sequential-mlp")]
    [InlineData("gat-pyg")]
    public void A_checkpoint_with_every_tensor_renamed_gives_the_same_numbers(string name)
    {
        using var copy = new CaseCopy(name);
        var names = new JsonObject();
        Rename(copy, names);
        copy.EditJson("config.json", root =>
        {
            // What the case overrides already is renamed once more.
            var merged = names.DeepClone().AsObject();
            foreach ((string role, JsonNode? tensor) in root["tensor_names"]?.AsObject() ?? [])
            {
                string file = tensor!.GetValue<string>();
                merged[role] = merged[file]!.DeepClone();
                if (file != role)
                    _ = merged.Remove(file);
            }

            root["tensor_names"] = merged;
        });
        CaseReport report = CaseRunner.Verify(copy.Path, new VerifyOptions());
        Assert.True(report.Passed, $"{report.Error} {string.Join(", ", report.Outputs.Select(output => output.Problem))}");
    }

    [Fact]
    public void A_name_that_the_model_does_not_ask_for_is_an_error()
    {
        using var model = new ConfigCase("sasrec-pre-norm-gelu");
        ModelConfigException error = model.Refused("tensor_names", root => root["tensor_names"] = new JsonObject { ["item_embedding"] = "item_emb.weight" });
        Assert.Contains("\"item_embedding\" is no name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named_with_what_it_was_to_be()
    {
        using var model = new ConfigCase("sasrec-pre-norm-gelu");
        SeqInferException? error = model.Try(root => root["tensor_names"] = new JsonObject { ["item_emb.weight"] = "items" });
        Assert.Contains("items (for item_emb.weight)", Assert.IsType<WeightMismatchException>(error).Message, StringComparison.Ordinal);
    }

    private static void Rename(CaseCopy copy, JsonObject names)
    {
        string file = Path.Combine(copy.Path, "model.safetensors");
        List<TensorData> renamed = [];
        using (SafetensorsFile old = SafetensorsFile.Open(file))
        {
            foreach (TensorInfo tensor in old.Tensors)
            {
                // PyTorch's counters are no part of any model: their name is how they are known.
                bool isCounter = tensor.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal);
                string name = isCounter ? tensor.Name : $"my.{renamed.Count}";
                if (!isCounter)
                    names[tensor.Name] = name;
                renamed.Add(TensorData.FromValues(name, tensor.Shape, tensor.ToDoubles()));
            }
        }

        File.Delete(file);
        SafetensorsWriter.Write(file, renamed);
    }
}
