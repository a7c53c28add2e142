using System.Numerics;
using System.Runtime.CompilerServices;
using SeqInfer.Tensors;

namespace SeqInfer.Weights;

/// <summary>
/// Reads elements of any convertible dtype, at any alignment, as float or double. Conversions round once, to nearest; a value the target
/// can represent is exact.
/// </summary>
internal static unsafe class ElementConversion
{
    /// <summary>Reads every <paramref name="stride"/>-th element, counted in elements, until the destination is full.</summary>
    /// <typeparam name="TTarget">float or double.</typeparam>
    /// <returns>False where the dtype has no conversion; nothing is written then.</returns>
    public static bool TryRead<TTarget>(DType dtype, byte* source, long stride, Span<TTarget> destination)
        where TTarget : unmanaged, INumberBase<TTarget>
    {
        switch (dtype)
        {
            case DType.F32: Read<Number<float>, TTarget>(source, stride, destination); return true;
            case DType.F64: Read<Number<double>, TTarget>(source, stride, destination); return true;
            case DType.F16: Read<Number<Half>, TTarget>(source, stride, destination); return true;
            case DType.BF16: Read<BFloat16Bits, TTarget>(source, stride, destination); return true;
            case DType.I8: Read<Number<sbyte>, TTarget>(source, stride, destination); return true;
            case DType.U8: Read<Number<byte>, TTarget>(source, stride, destination); return true;
            case DType.I16: Read<Number<short>, TTarget>(source, stride, destination); return true;
            case DType.U16: Read<Number<ushort>, TTarget>(source, stride, destination); return true;
            case DType.I32: Read<Number<int>, TTarget>(source, stride, destination); return true;
            case DType.U32: Read<Number<uint>, TTarget>(source, stride, destination); return true;
            case DType.I64: Read<Number<long>, TTarget>(source, stride, destination); return true;
            case DType.U64: Read<Number<ulong>, TTarget>(source, stride, destination); return true;
            case DType.Bool: Read<BooleanByte, TTarget>(source, stride, destination); return true;
            default: return false;
        }
    }

    private static void Read<TElement, TTarget>(byte* source, long stride, Span<TTarget> destination)
        where TElement : struct, IElement
        where TTarget : unmanaged, INumberBase<TTarget>
    {
        if (stride == 1 && typeof(TElement) == typeof(Number<TTarget>))
        {
            long length = (long)destination.Length * sizeof(TTarget);
            fixed (TTarget* target = destination) Buffer.MemoryCopy(source, target, length, length);
            return;
        }

        long step = stride * TElement.Size;
        for (int i = 0; i < destination.Length; i++) destination[i] = TElement.Read<TTarget>(source + (i * step));
    }

    private interface IElement
    {
        static abstract int Size { get; }

        static abstract TTarget Read<TTarget>(byte* source)
            where TTarget : unmanaged, INumberBase<TTarget>;
    }

    private readonly struct Number<T> : IElement
        where T : unmanaged, INumberBase<T>
    {
        public static int Size => sizeof(T);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TTarget Read<TTarget>(byte* source)
            where TTarget : unmanaged, INumberBase<TTarget>
            => TTarget.CreateTruncating(Unsafe.ReadUnaligned<T>(source));
    }

    private readonly struct BFloat16Bits : IElement
    {
        public static int Size => sizeof(ushort);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TTarget Read<TTarget>(byte* source)
            where TTarget : unmanaged, INumberBase<TTarget>
            => TTarget.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source) << 16));
    }

    private readonly struct BooleanByte : IElement
    {
        public static int Size => sizeof(byte);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TTarget Read<TTarget>(byte* source)
            where TTarget : unmanaged, INumberBase<TTarget>
            => *source == 0 ? TTarget.Zero : TTarget.One;
    }
}
