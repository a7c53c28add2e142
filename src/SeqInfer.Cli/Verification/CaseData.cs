using SeqInfer.Cli.Data;
using SeqInfer.Inputs;

namespace SeqInfer.Cli.Verification;

/// <summary>The inputs of a case that a model gets when it is loaded, not with each request: graphs and features.</summary>
internal static class CaseData
{
    private static readonly string[] Groups = ["edges", "node_features", "item_features"];

    /// <summary>True for an input that belongs to the model, not to a request.</summary>
    public static bool IsData(string input) => Groups.Contains(input.Split('.', 2)[0]);

    /// <summary>All of them, under their own names: "edges.users", "item_features.class".</summary>
    public static ModelData Read(CaseDefinition definition, CaseTensors tensors)
    {
        var data = new ModelData();
        AddTo(data, definition, tensors);
        return data;
    }

    /// <summary>Adds all of them to others.</summary>
    public static void AddTo(ModelData data, CaseDefinition definition, CaseTensors tensors)
    {
        foreach ((string name, CaseInput input) in definition.Inputs.Where(input => IsData(input.Key)))
        {
            switch (input)
            {
                case RaggedInput lists:
                    AddLists(data, name, TensorRows.ReadRagged(tensors.Inputs[lists.Ids], tensors.Inputs[lists.Offsets]));
                    break;
                case TensorInput { Padding: { } padding, Column: null } padded:
                    AddLists(data, name, CaseBinder.ReadPadded(tensors, tensors.Inputs[padded.Tensor], padding));
                    break;
                case TensorInput { Padding: null } single:
                    (int rows, int columns, Array values) = TensorRows.ReadMatrix(tensors.Inputs[single.Tensor], single.Column);
                    _ = values is int[] integers ? data.Add(name, rows, columns, integers) : data.Add(name, rows, columns, (float[])values);
                    break;
                default:
                    throw new CaseFormatException(CaseBinder.File(definition), $"inputs.{name}", "expected a tensor, or ids with offsets");
            }
        }
    }

    private static void AddLists(ModelData data, string name, IdRows lists)
    {
        (int count, int longest, int[] ids) = IdRows.Fill(lists);
        _ = data.Add(name, count, longest, ids);
    }
}
