using System.Collections.Immutable;
using SeqInfer.Inputs;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>What one or more neighbouring layers of a sequential model do in one operation.</summary>
/// <param name="Width">Columns of its output.</param>
/// <param name="Outputs">The outputs of the model that it gives.</param>
/// <param name="Forward">y from x, [batch, columns] each, in different windows.</param>
internal sealed record SequentialStep(int Width, ImmutableArray<int> Outputs, Action<Workspace, Tensor, Tensor> Forward);

/// <summary>A sequential model, read.</summary>
internal sealed record SequentialPlan(ModelSignature Signature, int InputSize, ImmutableArray<SequentialStep> Steps);
