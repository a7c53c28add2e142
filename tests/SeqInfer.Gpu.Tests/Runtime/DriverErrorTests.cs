using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using SeqInfer.Devices;
using SeqInfer.Gpu.Devices;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;
using AcceleratorException = ILGPU.Runtime.AcceleratorException;

namespace SeqInfer.Gpu.Tests.Runtime;

/// <summary>
/// The errors of drivers, injected where ILGPU would throw them, on a device of this test's own: an error of a type of its own at every call after a
/// device is lost, and nothing thrown where things are disposed.
/// </summary>
public sealed class DriverErrorTests
{
    public static TheoryData<int> LostCuda => [4, 46, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999];

    public static TheoryData<int> TooOldCuda => [35, 209, 218, 222, 803];

    public static TheoryData<int> RefusedCuda => [1, 2, 304, 400, 701];

    public static TheoryData<int> LostOpenCl => [-2, -14, -34, -36];

    [Theory, MemberData(nameof(LostCuda))]
    public void A_CUDA_device_that_fails_is_lost(int error) => AssertLost(Cuda(error));

    [Theory, MemberData(nameof(LostOpenCl))]
    public void An_OpenCL_device_that_fails_is_lost(int error) => AssertLost(new CLException((CLError)error));

    [Theory, MemberData(nameof(TooOldCuda))]
    public void A_CUDA_driver_that_does_not_know_the_kernels_is_too_old(int error) => AssertTooOld(Cuda(error));

    [Fact]
    public void An_OpenCL_driver_without_a_compiler_is_too_old() => AssertTooOld(new CLException((CLError)(-3)));

    [Theory, MemberData(nameof(RefusedCuda))]
    public void Other_errors_concern_one_call(int error)
    {
        using Bench bench = new();
        Assert.IsType<DeviceException>(Assert.ThrowsAny<DeviceException>(() => bench.Inject(Cuda(error))));
        bench.AssertWorks();
    }

    [Fact]
    public void A_device_that_no_instruction_set_fits_has_an_old_driver()
    {
        DeviceException error = GpuRuntimes.Refusal("cuda:7", new NotSupportedException("version 9.0, at least 11.0"));
        Assert.IsType<DriverTooOldException>(error);
        Assert.Equal("cuda:7", error.Device);
        Assert.Contains("install a newer one", error.Message, StringComparison.Ordinal);
        Assert.IsType<DeviceException>(GpuRuntimes.Refusal("cuda:7", new DllNotFoundException("libcuda")));
    }

    [Fact]
    public void Copies_that_fail_are_told_apart_too()
    {
        using Bench bench = new();
        bench.Stream.Check(CudaError.CUDA_SUCCESS);
        bench.Stream.Check(CLError.CL_SUCCESS);
        Assert.IsType<DeviceException>(Assert.ThrowsAny<DeviceException>(() => bench.Stream.Check(CudaError.CUDA_ERROR_INVALID_VALUE)));
        bench.AssertWorks();
        Assert.Throws<DeviceLostException>(() => bench.Stream.Check((CLError)(-36)));
        Assert.Throws<DeviceLostException>(bench.Apply);
    }

    [Fact]
    public void A_model_on_a_lost_device_says_so_at_every_call_and_is_disposed()
    {
        using Bench bench = new();
        Device.Register("a-device-to-lose", _ => bench.CreateDevice());
        SequenceModel model = Goldens.Load("sasrec-query-norm-d50", "a-device-to-lose");
        Assert.NotEmpty(model.Score([1, 2, 3], [4, 5, 6]));
        Assert.Throws<DeviceLostException>(() => bench.Inject(Cuda(719)));
        for (int i = 0; i < 3; i++)
            Assert.Equal(Bench.Name, Assert.Throws<DeviceLostException>(() => model.Score([1, 2, 3], [4, 5, 6])).Device);
        model.Dispose();
        model.Dispose();
    }

    /// <summary>What ILGPU throws for an error; its own constructor asks the driver's library for a text.</summary>
    private static CudaException Cuda(int error)
    {
        var exception = (CudaException)RuntimeHelpers.GetUninitializedObject(typeof(CudaException));
        typeof(CudaException).GetField("<Error>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(exception, ((CudaError)error).ToString());
        return exception;
    }

    private static void AssertLost(AcceleratorException driver)
    {
        using Bench bench = new();
        bench.AssertWorks();
        DeviceLostException first = Assert.Throws<DeviceLostException>(() => bench.Inject(driver));
        Assert.Same(driver, first.InnerException);
        Assert.Contains("start the process again", first.Message, StringComparison.Ordinal);
        Assert.Same(first, Assert.Throws<DeviceLostException>(bench.Apply).InnerException);
        Assert.Throws<DeviceLostException>(bench.Read);
        Assert.Throws<DeviceLostException>(() => bench.Device.CreateTable(Parameter.FromValues("t", 1, 1, [2f])));
        Assert.Throws<DeviceLostException>(() => bench.Device.CreateWorkspace(new WorkspaceSize(64, 8)));
    }

    private static void AssertTooOld(AcceleratorException driver)
    {
        using Bench bench = new();
        DriverTooOldException error = Assert.Throws<DriverTooOldException>(() => bench.Inject(driver));
        Assert.Contains("newer", error.Message, StringComparison.Ordinal);
        bench.AssertWorks();
    }

    /// <summary>A simulated device with weights, a workspace and a kernel that fails as it is told.</summary>
    private sealed class Bench : IDisposable
    {
        public const string Name = "a simulator";

        private readonly GpuRuntime _runtime = GpuRuntimes.NewSimulator(Name, 2, warp: 2);
        private readonly Workspace _workspace;
        private readonly Table _table;
        private readonly Tensor _window;

        public Bench()
        {
            Device = CreateDevice();
            Stream = _runtime.CreateStream(new LaunchCounter());
            _workspace = Device.CreateWorkspace(new WorkspaceSize(64, 8));
            _table = Device.CreateTable(Parameter.FromValues("t", 1, 1, [2f]));
            _window = _workspace.Take(1, 3);
            Device.Write(_workspace, new float[] { 1, -2, 3 }, _window);
        }

        public Device Device { get; }

        public GpuStream Stream { get; }

        public GpuDevice CreateDevice() => new(_runtime);

        public void Inject(AcceleratorException error) =>
            new Kernel<int>(_runtime, "a test", (_, _, _) => throw error).Launch(Stream, new Index2D(1, 1), 2, 0);

        public void Apply() => Device.Apply(_workspace, _window, ActivationKind.Relu, _window);

        public void Read() => Device.Read(_workspace, _window, new float[3]);

        public void AssertWorks()
        {
            Apply();
            float[] values = new float[3];
            Device.Read(_workspace, _window, values);
            Assert.Equal([1, 0, 3], values);
        }

        public void Dispose()
        {
            Stream.Dispose();
            _table.Dispose();
            _workspace.Dispose();
            Device.Dispose();
        }
    }
}
