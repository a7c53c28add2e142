using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Bench.Suites;

/// <summary>Random operands of operations on one device, in one arena.</summary>
internal sealed class OperationInputs(Device device, Workspace arena)
{
    private readonly Random _random = new(3);

    /// <summary>The device.</summary>
    public Device Device => device;

    /// <summary>The arena.</summary>
    public Workspace Arena => arena;

    /// <summary>Values between -1 and 1.</summary>
    public float[] Random(int count)
    {
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = (2 * _random.NextSingle()) - 1;
        return values;
    }

    /// <summary>A matrix of weights.</summary>
    public Parameter Parameter(int rows, int columns) =>
        SeqInfer.Weights.Parameter.FromValues("random", rows, columns, Random(checked(rows * columns)));

    /// <summary>A window of values.</summary>
    public Tensor Take(int rows, int columns)
    {
        Tensor window = arena.Take(rows, columns);
        if (!arena.IsPlanning)
            device.Write(arena, Random(checked(rows * columns)), window);
        return window;
    }

    /// <summary>Sequences of one length.</summary>
    public Ragged Sequences(int count, int length)
    {
        Indices offsets = arena.TakeIndices(count + 1);
        for (int i = 0; i <= count; i++)
            arena.Span(offsets)[i] = i * length;
        return new Ragged(offsets, count * length, length);
    }

    /// <summary>Ids below a limit.</summary>
    public Indices Ids(int count, int limit)
    {
        Indices ids = arena.TakeIndices(count);
        foreach (ref int id in arena.Span(ids))
            id = _random.Next(limit);
        return ids;
    }
}
