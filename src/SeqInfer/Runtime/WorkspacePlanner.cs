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
        if (model.HasState && limits.MaxBatch > 0)
            MeasureState(model, pass, limits with { MaxBatch = 1 });
        return planner.Peak;
    }

    /// <summary>Measures what one user's state needs: taking in as many events as there may be, and an answer.</summary>
    private static void MeasureState(Model model, ForwardPass pass, BatchLimits limits)
    {
        int items = model.Signature.IndexOfInput(SequenceEncoder.ItemsInput);
        int longest = Math.Max(1, model.Signature.Inputs[items].MaxLength);
        Batch batch = LargestBatch(model.Signature, limits);
        int events = ((IdColumn)batch[items]).Ids.Length;

        // Old and new events fill the window together; where it has no end, the state has one size.
        int before = Math.Max(1, longest - events);
        pass.Begin(batch, default);
        model.Advance(pass, before, State(before + events));
        pass.Begin(batch, limits.Outputs);
        model.Forward(pass, longest, State(longest));

        StateValues State(int eventCount)
        {
            bool isDouble = model.Device.IsDouble;
            return new StateValues(new byte[checked(model.StateSize(eventCount) * StateValues.SizeOf(isDouble))], isDouble);
        }
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
