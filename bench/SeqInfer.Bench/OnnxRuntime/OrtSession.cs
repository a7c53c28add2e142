using System.Runtime.InteropServices;
using SeqInfer.Bench.Onnx;

namespace SeqInfer.Bench.OnnxRuntime;

/// <summary>A name, type and shape of a session's input or output; -1 is a dimension that is not fixed.</summary>
internal sealed record OrtSlot(string Name, OnnxElement Element, long[] Shape);

/// <summary>A loaded model.</summary>
internal sealed unsafe class OrtSession : IDisposable
{
    private nint _handle;
    private nint _runOptions;

    internal OrtSession(OrtEnvironment environment, nint handle)
    {
        Environment = environment;
        _handle = handle;
        OrtApi api = environment.Api;
        nint runOptions;
        api.Check(api.CreateRunOptions(&runOptions));
        _runOptions = runOptions;
        Inputs = Slots(api.SessionGetInputCount, api.SessionGetInputName, api.SessionGetInputTypeInfo);
        Outputs = Slots(api.SessionGetOutputCount, api.SessionGetOutputName, api.SessionGetOutputTypeInfo);
    }

    public OrtEnvironment Environment { get; }

    public IReadOnlyList<OrtSlot> Inputs { get; }

    public IReadOnlyList<OrtSlot> Outputs { get; }

    internal nint Handle => _handle;

    internal nint RunOptions => _runOptions;

    /// <summary>A set of inputs and outputs to run with; each caller thread needs its own.</summary>
    public OrtBinding CreateBinding() => new(this);

    public void Dispose()
    {
        if (_runOptions != 0)
            Environment.Api.ReleaseRunOptions(_runOptions);
        if (_handle != 0)
            Environment.Api.ReleaseSession(_handle);
        _runOptions = _handle = 0;
    }

    private OrtSlot[] Slots(
        delegate* unmanaged[Cdecl]<nint, nuint*, nint> getCount,
        delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint> getName,
        delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint> getType)
    {
        OrtApi api = Environment.Api;
        nuint count;
        api.Check(getCount(_handle, &count));
        nint allocator;
        api.Check(api.GetAllocatorWithDefaultOptions(&allocator));
        var slots = new OrtSlot[count];
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            api.Check(getName(_handle, i, allocator, &name));
            string text = Marshal.PtrToStringUTF8((nint)name)!;
            api.Check(api.AllocatorFree(allocator, name));
            nint type;
            api.Check(getType(_handle, i, &type));
            try
            {
                (OnnxElement element, long[] shape) = TensorType(api, type, text);
                slots[i] = new OrtSlot(text, element, shape);
            }
            finally
            {
                api.ReleaseTypeInfo(type);
            }
        }

        return slots;
    }

    private static (OnnxElement Element, long[] Shape) TensorType(OrtApi api, nint type, string name)
    {
        nint tensor;
        api.Check(api.CastTypeInfoToTensorInfo(type, &tensor));
        if (tensor == 0)
            throw new OrtException($"'{name}' is not a tensor");
        int element;
        api.Check(api.GetTensorElementType(tensor, &element));
        if (!Enum.IsDefined((OnnxElement)element))
            throw new OrtException($"'{name}' has element type {element}, which no binding here has");
        nuint rank;
        api.Check(api.GetDimensionsCount(tensor, &rank));
        long[] shape = new long[rank];
        fixed (long* dimensions = shape)
            api.Check(api.GetDimensions(tensor, dimensions, rank));
        return ((OnnxElement)element, shape);
    }
}
