using SeqInfer.Cli.Data;
using SeqInfer.Inputs;
using SeqInfer.Tensors;
using SeqInfer.Weights;

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
        foreach ((string name, CaseInput input) in definition.Inputs.Where(input => IsData(input.Key)))
        {
            if (input is RaggedInput lists)
            {
                (int count, int longest, int[] ids) = Fill(TensorRows.ReadRagged(tensors.Inputs[lists.Ids], tensors.Inputs[lists.Offsets]));
                _ = data.Add(name, count, longest, ids);
                continue;
            }

            if (input is not TensorInput { Padding: null, Column: null } single)
                throw new CaseFormatException(CaseBinder.File(definition), $"inputs.{name}", "expected a tensor's name");
            TensorInfo tensor = tensors.Inputs[single.Tensor];
            (int rows, int columns) = Size(tensor);
            _ = tensor.DType.IsFloat()
                ? data.Add(name, rows, columns, tensor.ToSingles())
                : data.Add(name, rows, columns, tensor.ToInt32s());
        }

        return data;
    }

    // Features are matrices: shorter lists are filled up with -1.
    private static (int Rows, int Columns, int[] Ids) Fill(IdRows lists)
    {
        int columns = Enumerable.Range(0, lists.RowCount).Select(lists.LengthOf).DefaultIfEmpty().Max();
        int[] ids = new int[checked(lists.RowCount * columns)];
        Array.Fill(ids, -1);
        for (int row = 0; row < lists.RowCount; row++)
            lists[row].CopyTo(ids.AsSpan(row * columns));
        return (lists.RowCount, columns, ids);
    }

    private static (int Rows, int Columns) Size(TensorInfo tensor)
    {
        Parameter matrix = Parameter.FromTensor(tensor);
        return tensor.Shape.Rank == 1 ? (matrix.Columns, 1) : (matrix.Rows, matrix.Columns);
    }
}
