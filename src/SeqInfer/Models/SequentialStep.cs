using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>What one or more neighbouring layers of a sequential model do in one operation.</summary>
/// <param name="Width">Columns of its output.</param>
/// <param name="Length">Rows of its output for each row of the batch: steps of a sequence, or 1.</param>
/// <param name="Outputs">The outputs of the model that it gives.</param>
/// <param name="Forward">y from x, [batch * length, columns] each, in different windows.</param>
internal sealed record SequentialStep(int Width, int Length, ImmutableArray<int> Outputs, Action<Workspace, Tensor, Tensor> Forward)
{
    /// <summary>The linear layers that it consists of; null where it does something else.</summary>
    public LinearChain? Chain { get; init; }
}

/// <summary>A sequential model, read.</summary>
/// <param name="Signature">Inputs and outputs.</param>
/// <param name="Table">Rows of ids; null where the input holds numbers.</param>
/// <param name="Width">Columns of what the first step reads.</param>
/// <param name="Length">Its rows for each row of the batch; 0 where it is no sequence.</param>
/// <param name="Steps">The steps.</param>
internal sealed record SequentialPlan(ModelSignature Signature, Table? Table, int Width, int Length, ImmutableArray<SequentialStep> Steps);
