using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;
using SeqInfer.Gpu.Kernels;
using SeqInfer.Gpu.Kernels.TensorCores;

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

        foreach (string name in new[] { nameof(Ptx.ToTf32), nameof(Ptx.ToBf16Pair), nameof(Ptx.MultiplyTf32), nameof(Ptx.MultiplyBf16) })
            manager.RegisterMethod(In(typeof(TensorCore), name), new PTXIntrinsic(In(typeof(Ptx), name), IntrinsicImplementationMode.GenerateCode));
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

        public static void ToTf32(PTXBackend backend, PTXCodeGenerator generator, Value value)
        {
            var call = (MethodCall)value;
            PTXCodeGenerator.PrimitiveRegister number = generator.LoadPrimitive(call[0]);
            var target = generator.AllocateHardware(call);
            using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand("cvt.rna.tf32.f32");
            command.AppendArgument(target);
            command.AppendArgument(number);
        }

        /// <summary>The instruction takes the upper half first.</summary>
        public static void ToBf16Pair(PTXBackend backend, PTXCodeGenerator generator, Value value)
        {
            var call = (MethodCall)value;
            PTXCodeGenerator.PrimitiveRegister lower = generator.LoadPrimitive(call[0]);
            PTXCodeGenerator.PrimitiveRegister upper = generator.LoadPrimitive(call[1]);
            var target = generator.AllocateHardware(call);
            using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand("cvt.rn.bf16x2.f32");
            command.AppendArgument(target);
            command.AppendArgument(upper);
            command.AppendArgument(lower);
        }

        public static void MultiplyTf32(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
            Multiply(generator, (MethodCall)value, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32");

        public static void MultiplyBf16(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
            Multiply(generator, (MethodCall)value, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32");

        /// <summary>Arguments are four of C, four of A, two of B; the instruction takes D, A, B, C.</summary>
        private static void Multiply(PTXCodeGenerator generator, MethodCall call, string instruction)
        {
            var arguments = new PTXCodeGenerator.PrimitiveRegister[call.Count];
            for (int i = 0; i < arguments.Length; i++)
                arguments[i] = generator.LoadPrimitive(call[i]);
            var target = (PTXCodeGenerator.CompoundRegister)generator.Allocate(call);
            using PTXCodeGenerator.CommandEmitter command = generator.BeginCommand(instruction);
            command.AppendVectorArgument(target.SliceAs<PTXCodeGenerator.PrimitiveRegister>(0, 4));
            command.AppendVectorArgument(arguments[4..8]);
            command.AppendVectorArgument(arguments[8..]);
            command.AppendVectorArgument(arguments[..4]);
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
