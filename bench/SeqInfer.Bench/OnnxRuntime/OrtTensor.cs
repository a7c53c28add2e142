using System.Runtime.InteropServices;
using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>An aligned buffer that ONNX Runtime reads from or writes to, seen with one shape.</summary>
internal sealed unsafe class OrtTensor : IDisposable
{
    private const int Alignment = 64;

    private readonly OrtApi _api;
    private readonly bool _owns;
    private void* _data;
    private nint _value;

    /// <summary>Allocates a zeroed tensor.</summary>
    public OrtTensor(OrtEnvironment environment, OnnxElement element, params ReadOnlySpan<long> shape)
        : this(environment, element, null, shape)
    {
    }

    private OrtTensor(OrtEnvironment environment, OnnxElement element, void* data, ReadOnlySpan<long> shape)
    {
        _api = environment.Api;
        Element = element;
        Shape = shape.ToArray();
        Count = 1;
        foreach (long dimension in shape)
            Count = checked(Count * dimension);
        nuint bytes = checked((nuint)Count * (nuint)SizeOf(element));
        _owns = data is null;
        _data = data;
        if (data is null)
        {
            _data = NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
            NativeMemory.Clear(_data, bytes);
        }

        nint value;
        fixed (long* dimensions = Shape)
        {
            _api.Check(_api.CreateTensorWithDataAsOrtValue(
                environment.Memory, _data, bytes, dimensions, (nuint)shape.Length, (int)element, &value));
        }

        _value = value;
    }

    public OnnxElement Element { get; }

    public long[] Shape { get; }

    public long Count { get; }

    internal nint Value => _value;

    /// <summary>The elements; <typeparamref name="T"/> must be the element type.</summary>
    public Span<T> Span<T>()
        where T : unmanaged
    {
        if (sizeof(T) != SizeOf(Element))
            throw new ArgumentException($"{typeof(T).Name} is not {Element}");
        return new Span<T>(_data, checked((int)Count));
    }

    /// <summary>The same memory with a smaller shape; lives no longer than this tensor.</summary>
    public OrtTensor View(OrtEnvironment environment, params ReadOnlySpan<long> shape)
    {
        var view = new OrtTensor(environment, Element, _data, shape);
        if (view.Count <= Count)
            return view;
        view.Dispose();
        throw new ArgumentException($"{view.Count} elements in a buffer of {Count}", nameof(shape));
    }

    public void Dispose()
    {
        if (_value != 0)
            _api.ReleaseValue(_value);
        if (_owns)
            NativeMemory.AlignedFree(_data);
        _value = 0;
        _data = null;
    }

    private static int SizeOf(OnnxElement element) => element == OnnxElement.Int64 ? 8 : 4;
}
