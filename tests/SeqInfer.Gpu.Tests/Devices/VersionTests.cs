using SeqInfer.Devices;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Weights;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>A row's result depends on nothing but the row: not on its batch, which chooses the kernel's version, nor on its neighbours.</summary>
public sealed class VersionTests
{
    private const int Seed = 77;

    public static TheoryData<string, int, int> Sizes()
    {
        TheoryData<string, int, int> data = [];
        foreach (string device in new[] { GpuTestDevices.Tuned, GpuTestDevices.OpenCl, GpuTestDevices.Cuda })
        {
            foreach ((int inputs, int outputs) in new[] { (1, 1), (7, 33), (64, 64), (130, 70), (300, 5) })
                data.Add(device, inputs, outputs);
        }

        return data;
    }

    [SkippableTheory, MemberData(nameof(Sizes))]
    public void Rows_of_a_linear_layer_have_the_same_bits_in_every_batch(string name, int inputs, int outputs)
    {
        const int Rows = 37;
        Device device = GpuTestDevices.Require(name);
        OpHarness.Use(device, Seed, run =>
        {
            Parameter weight = run.Data.Parameter(outputs, inputs);
            Parameter bias = run.Data.Parameter(1, outputs);
            LinearWeights weights = run.Make(owner => owner.CreateLinear(weight, bias));
            Tensor input = run.Input(Rows, inputs);
            double[][] all = Compute(Rows);
            foreach (int count in new[] { 1, 3, 16, 17 })
                Assert.Equal(all[..count], Compute(count));

            double[][] Compute(int count)
            {
                Tensor output = run.Output(count, outputs);
                device.Linear(run.Workspace, input.Rows(0, count), weights, output, ActivationKind.GeluTanh);
                return run.Rows(output);
            }
        });
    }
}
