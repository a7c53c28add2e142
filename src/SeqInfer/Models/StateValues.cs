using System.Runtime.InteropServices;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Models;

/// <summary>
/// Numbers of a user's state in host memory, in the precision that the device computes in: floats, or doubles where
/// <see cref="Device.IsDouble"/>. So what goes out of a workspace comes back with every bit.
/// </summary>
public readonly ref struct StateValues
{
    private readonly Span<byte> _bytes;
    private readonly bool _isDouble;

    /// <summary>Numbers that lie in some memory, which may hold a part of one at its end.</summary>
    public StateValues(Span<byte> bytes, bool isDouble)
    {
        _isDouble = isDouble;
        _bytes = bytes[..(bytes.Length / SizeOf(isDouble) * SizeOf(isDouble))];
    }

    /// <summary>How many.</summary>
    public int Length => _bytes.Length / SizeOf(_isDouble);

    /// <summary>Some of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not among these.</exception>
    public StateValues Slice(int start, int length) =>
        new(_bytes.Slice(checked(start * SizeOf(_isDouble)), checked(length * SizeOf(_isDouble))), _isDouble);

    /// <summary>Copies all of them, row after row, into a window.</summary>
    /// <exception cref="ArgumentException">The window has another number of elements.</exception>
    public void CopyTo(Device device, Workspace workspace, Tensor target)
    {
        if (_isDouble)
            device.Write(workspace, MemoryMarshal.Cast<byte, double>(_bytes), target);
        else
            device.Write(workspace, MemoryMarshal.Cast<byte, float>(_bytes), target);
    }

    /// <summary>Replaces all of them by a window, row after row.</summary>
    /// <exception cref="ArgumentException">The window has another number of elements.</exception>
    public void CopyFrom(Device device, Workspace workspace, Tensor source)
    {
        if (_isDouble)
            device.Read(workspace, source, MemoryMarshal.Cast<byte, double>(_bytes));
        else
            device.Read(workspace, source, MemoryMarshal.Cast<byte, float>(_bytes));
    }

    /// <summary>Bytes of a number.</summary>
    internal static int SizeOf(bool isDouble) => isDouble ? sizeof(double) : sizeof(float);
}
