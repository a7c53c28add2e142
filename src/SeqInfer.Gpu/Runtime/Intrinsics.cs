using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using SeqInfer.Gpu.Kernels;

namespace SeqInfer.Gpu.Runtime;

/// <summary>What kernels call by a method of their own and what becomes one instruction of the device. On the CPU the method itself runs.</summary>
internal static class Intrinsics
{
    /// <summary>Tells ILGPU about them.</summary>
    public static void Register(Context.Builder builder)
    {
        IntrinsicImplementationManager manager = builder.GetIntrinsicManager();
        foreach (MethodInfo method in new[] { ((Func<float, float, float, float>)GpuMath.Fma).Method, ((Action)GpuGroup.Barrier).Method })
        {
            manager.RegisterMethod(method, new PTXIntrinsic(In(typeof(Ptx), method.Name), IntrinsicImplementationMode.GenerateCode));
            manager.RegisterMethod(method, new CLIntrinsic(In(typeof(OpenCl), method.Name), IntrinsicImplementationMode.GenerateCode));
        }
    }

    private static MethodInfo In(Type type, string name) => type.GetMethod(name)!;

    private static class Ptx
    {
        public static void Fma(PTXBackend backend, PTXCodeGenerator generator, Value value)
        {
            var call = (MethodCall)value;
            var a = generator.LoadPrimitive(call[0]);
            var b = generator.LoadPrimitive(call[1]);
            var c = generator.LoadPrimitive(call[2]);
            var target = generator.AllocateHardware(call);
            using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand("fma.rn.f32");
            command.AppendArgument(target);
            command.AppendArgument(a);
            command.AppendArgument(b);
            command.AppendArgument(c);
        }

        public static void Barrier(PTXBackend backend, PTXCodeGenerator generator, Value value)
        {
            using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand("bar.sync");
            command.AppendConstant(0);
        }
    }

    private static class OpenCl
    {
        public static void Fma(CLBackend backend, CLCodeGenerator generator, Value value)
        {
            var call = (MethodCall)value;
            var target = generator.Allocate(call);
            var a = generator.Load(call[0]);
            var b = generator.Load(call[1]);
            var c = generator.Load(call[2]);
            using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement(target);
            statement.AppendCommand("fma");
            statement.BeginArguments();
            statement.AppendArgument(a);
            statement.AppendArgument(b);
            statement.AppendArgument(c);
            statement.EndArguments();
        }

        public static void Barrier(CLBackend backend, CLCodeGenerator generator, Value value)
        {
            using CLCodeGenerator.StatementEmitter statement = generator.BeginStatement("barrier");
            statement.BeginArguments();
            statement.AppendCommand("CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE");
            statement.EndArguments();
        }
    }
}
