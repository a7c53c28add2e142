using SeqInfer.Devices;
using SeqInfer.Inputs;
using SeqInfer.Models;
using SeqInfer.Tensors;

namespace SeqInfer.Runtime;

/// <summary>Finds out how large a workspace has to be: the model's own forward pass over the largest batch, without memory or arithmetic.</summary>
internal static class WorkspacePlanner
{
    /// <summary>A workspace for batches up to the limits.</summary>
    public static ModelWorkspace Create(Model model, BatchLimits limits)
    {
        limits = limits with { Outputs = limits.Outputs.IsEmpty ? DefaultOutputs(model.Signature) : limits.Outputs };
        return new ModelWorkspace(model, limits, model.Device.CreateWorkspace(Measure(model, limits)));
    }

    /// <summary>All outputs but those made on demand.</summary>
    public static OutputSet DefaultOutputs(ModelSignature signature)
    {
        OutputSet outputs = default;
        for (int i = 0; i < signature.Outputs.Length; i++)
        {
            if (!signature.Outputs[i].IsOnDemand)
                outputs = outputs.With(i);
        }

        return outputs.IsEmpty ? outputs.With(0) : outputs;
    }

    /// <summary>The largest batch within the limits.</summary>
    public static Batch LargestBatch(ModelSignature signature, BatchLimits limits)
    {
        var batch = new Batch(signature) { TopK = Math.Max(1, limits.MaxK) };
        for (int i = 0; i < signature.Inputs.Length; i++)
        {
            switch (batch[i])
            {
                case ValueColumn values:
                    Fill(values, limits.MaxBatch);
                    break;
                case RaggedValueColumn values:
                    foreach (int length in Lengths(values.Spec, limits))
                        values.Add(new float[length]);
                    break;
                default:
                    Fill((IdColumn)batch[i], limits);
                    break;
            }
        }

        return batch;
    }

    private static WorkspaceSize Measure(Model model, BatchLimits limits)
    {
        using Workspace planner = Device.CreatePlanner();
        var pass = new ForwardPass(model.Signature, model.Device, planner);
        pass.Begin(LargestBatch(model.Signature, limits), limits.Outputs);
        model.Forward(pass);
        if (model is SequenceEncoder { HasState: true } encoder && limits.MaxBatch > 0)
            MeasureState(encoder, pass, limits with { MaxBatch = 1 });
        return planner.Peak;
    }

    /// <summary>Measures what one user's state needs: taking in as many events as there may be, and an answer.</summary>
    private static void MeasureState(SequenceEncoder encoder, ForwardPass pass, BatchLimits limits)
    {
        int longest = Math.Max(1, encoder.Signature.Inputs[0].MaxLength);
        double[] state = new double[encoder.StateSize(longest)];
        Batch batch = LargestBatch(encoder.Signature, limits);
        pass.Begin(batch, default);
        encoder.Advance(pass, longest, new double[encoder.StateSize(checked(longest + ((IdColumn)batch[0]).Ids.Length))]);
        pass.Begin(batch, limits.Outputs);
        encoder.Forward(pass, longest, state);
    }

    private static void Fill(ValueColumn column, int rows)
    {
        float[] values = new float[column.Spec.Width];
        for (int row = 0; row < rows; row++)
            column.Add(values);
    }

    private static void Fill(IdColumn column, BatchLimits limits)
    {
        InputSpec spec = column.Spec;
        foreach (int length in Lengths(spec, limits))
        {
            int[] ids = new int[length];
            Array.Fill(ids, Math.Clamp(spec.DefaultId, spec.MinId, spec.MaxId));
            column.Add(ids);
        }
    }

    // Full rows first, empty ones last: a family may give an empty history a row of its own.
    private static IEnumerable<int> Lengths(InputSpec spec, BatchLimits limits)
    {
        int left = spec.Kind == InputKind.Ids ? int.MaxValue : limits.Of(spec.Role);
        int most = spec.Kind == InputKind.Ids ? spec.Width : spec.MaxLength > 0 ? spec.MaxLength : int.MaxValue;
        for (int row = 0; row < limits.MaxBatch; row++)
        {
            int length = Math.Min(most, left);
            yield return length;
            left -= length;
        }
    }
}
