namespace SeqInfer.Devices;

/// <summary>Weights in the layout a device reads, made once at load. Freed with the device that made it, or earlier by itself.</summary>
public abstract class DeviceResource : IDisposable
{
    private protected DeviceResource(Device device)
    {
        Device = device;
        device.Track(this);
    }

    /// <summary>The device that made it and alone can use it.</summary>
    public Device Device { get; }

    /// <summary>Bytes of memory it holds; what stays in the weights file does not count.</summary>
    public abstract long ByteCount { get; }

    internal bool IsDisposed { get; private set; }

    /// <summary>Frees the memory; no operation may be using it.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        Device.Forget(this);
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>Rows to be looked up by id: an embedding table.</summary>
public abstract class Table(Device device, int rows, int columns) : DeviceResource(device)
{
    /// <summary>Number of rows; ids are 0 .. <see cref="RowCount"/> - 1.</summary>
    public int RowCount { get; } = rows;

    /// <summary>Elements of a row.</summary>
    public int ColumnCount { get; } = columns;
}

/// <summary>Weight [out, in] and bias [out] of a linear layer.</summary>
public abstract class LinearWeights(Device device, int inputSize, int outputSize) : DeviceResource(device)
{
    /// <summary>Columns of the input.</summary>
    public int InputSize { get; } = inputSize;

    /// <summary>Columns of the output.</summary>
    public int OutputSize { get; } = outputSize;
}

/// <summary>One value a column.</summary>
public abstract class VectorWeights(Device device, int length) : DeviceResource(device)
{
    /// <summary>Number of values.</summary>
    public int Length { get; } = length;
}

/// <summary>Gain and offset of a layer norm.</summary>
public abstract class LayerNormWeights(Device device, int size, double epsilon, LayerNormKind kind) : DeviceResource(device)
{
    /// <summary>Columns that are normalised.</summary>
    public int Size { get; } = size;

    /// <summary>What is added to the variance, or to the deviation.</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>Which deviation.</summary>
    public LayerNormKind Kind { get; } = kind;
}

/// <summary>One direction of one recurrent layer.</summary>
public abstract class RecurrentWeights(Device device, RecurrentSpec spec) : DeviceResource(device)
{
    /// <summary>Cell, sizes and direction.</summary>
    public RecurrentSpec Spec { get; } = spec;
}

/// <summary>Item vectors in the layout that scoring reads.</summary>
public abstract class Catalogue(Device device, int rows, int columns, CatalogueOptions options) : DeviceResource(device)
{
    /// <summary>Number of items; ids are 0 .. <see cref="RowCount"/> - 1.</summary>
    public int RowCount { get; } = rows;

    /// <summary>Elements of an item vector.</summary>
    public int ColumnCount { get; } = columns;

    /// <summary>Similarity and the ids that never come back.</summary>
    public CatalogueOptions Options { get; } = options;
}
