using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Compare.Cells;
using SeqInfer.Bench.Models;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Gpu.Cells;

/// <summary>A model that is timed on devices.</summary>
/// <param name="Name">Its name, also in the PyTorch script where that has it.</param>
/// <param name="Model">The model.</param>
internal sealed record GpuCell(string Name, BenchModel Model)
{
    /// <summary>What the names of the models of every family begin with.</summary>
    public const string FamilyPrefix = "family-";

    // Models that differ from another one only in what ONNX Runtime gets.
    private const string PeerOnly = "user-x-500-split";

    /// <summary>The models of the comparison with ONNX Runtime, DIN with one candidate a row, then one model of every family.</summary>
    /// <param name="isSmall">True for the first ones divided by about 16.</param>
    public static IReadOnlyList<GpuCell> All(bool isSmall) =>
    [
        .. (isSmall ? CellTable.Small : CellTable.All).OfType<ModelCell>().Where(cell => cell.Name != PeerOnly).Select(cell => new GpuCell(cell.Name, cell.Model)),
        new GpuCell("din", Zoo.Din("din", isSmall ? 4 : 64, isSmall ? 3 : 50, 1, false)),
        .. FamilyZoo.All.Select(model => new GpuCell(FamilyPrefix + model.Name, model)),
    ];

    /// <summary>The batch sizes that make sense: one where the output is of a whole graph.</summary>
    public IEnumerable<int> Batches(IEnumerable<int> asked, ModelSignature signature) =>
        signature.Outputs[signature.IndexOfOutput(Model.Output)].Kind == OutputKind.PerNode ? [1] : asked.Order();
}
