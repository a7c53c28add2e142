using SeqInfer.Bench.Suites;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Gpu.Kernels;

/// <summary>One operation at one shape.</summary>
/// <param name="Operation">The operation; what makes it another form of it follows a comma.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Flops">Floating point operations; a multiply-add counts two.</param>
/// <param name="Bytes">Bytes of operands and results, each counted once.</param>
/// <param name="Setup">Takes windows and weights and gives back the call, which can be repeated.</param>
internal sealed record KernelCell(string Operation, string Shape, double Flops, double Bytes, Func<OperationInputs, Action> Setup)
{
    /// <summary>What a workspace for it needs, found without doing it.</summary>
    public WorkspaceSize Plan(Devices.Device device)
    {
        using Workspace planner = Devices.Device.CreatePlanner();
        Setup(new OperationInputs(device, planner))();
        return planner.Peak;
    }
}
