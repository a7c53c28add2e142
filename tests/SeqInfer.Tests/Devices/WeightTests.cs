using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;
using SeqInfer.Tests.Infrastructure;
using SeqInfer.Weights;

namespace SeqInfer.Tests.Devices;

/// <summary>What devices do with weights: how long they keep them, how much memory they take, and where they read them.</summary>
public sealed class WeightTests
{
    // Far more than the machine could hold: whoever allocates it fails.
    private const int Endless = 1_000_000_000;

    public static TheoryData<string> Devices => TestDevices.OneOfEach;

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_missing_parameter_takes_no_memory(string name)
    {
        using Device device = TestDevices.CreateOther(name);
        Parameter missing = Missing(Endless, 64);
        Table table = device.CreateTable(missing);
        Assert.Equal((Endless, 64), (table.RowCount, table.ColumnCount));
        Assert.Equal(0, table.ByteCount);
        Assert.Equal(0, device.CreateLinear(Missing(Endless / 64, 64), Missing(1, Endless / 64)).ByteCount);
        Assert.Equal(0, device.CreateCatalogue(missing, Missing(1, Endless), new CatalogueOptions()).ByteCount);
        RecurrentSpec spec = new(RecurrentCell.Lstm, 100_000, 100_000);
        Assert.Equal(
            0, device.CreateRecurrent(spec, Missing(400_000, 100_000), Missing(400_000, 100_000), Missing(1, 400_000), null).ByteCount);
        Assert.Equal(0, device.ByteCount);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_table_reads_its_rows_where_they_are_even_when_the_file_has_been_disposed(string name)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("table.safetensors");
        float[] values = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        SafetensorsWriter.Write(path, [TensorData.FromValues("table", new Shape(4, 3), values)]);
        using Device device = TestDevices.CreateOther(name);
        Table table;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
            table = device.CreateTable(Parameter.FromTensor(file["table"]));
        Assert.Equal(0, table.ByteCount);

        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Indices ids = workspace.TakeIndices(3);
        new[] { 3, -1, 1 }.CopyTo(workspace.Span(ids));
        Tensor output = workspace.Take(3, 3);
        device.Embed(workspace, ids, table, output);
        float[] rows = new float[9];
        device.Read(workspace, output, rows);
        Assert.Equal([9, 10, 11, 0, 0, 0, 3, 4, 5], rows);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Memory_is_counted_and_freed(string name)
    {
        using Device device = TestDevices.CreateOther(name);
        LinearWeights linear = device.CreateLinear(Values(20, 30), Values(1, 20));
        VectorWeights vector = device.CreateVector(Values(1, 50));
        Assert.InRange(linear.ByteCount, 20 * 30 * 4, long.MaxValue);
        Assert.InRange(vector.ByteCount, 50 * 4, long.MaxValue);
        Assert.Equal(linear.ByteCount + vector.ByteCount, device.ByteCount);
        linear.Dispose();
        Assert.Equal(vector.ByteCount, device.ByteCount);
        linear.Dispose();
        device.Dispose();
        Assert.Equal(0, device.ByteCount);
        device.Dispose();
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Only_the_reference_reads_doubles_to_the_last_bit(string name)
    {
        using Device device = TestDevices.CreateOther(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Table table = device.CreateTable(Parameter.FromValues("third", 1, 1, [1.0 / 3]));
        Indices ids = workspace.TakeIndices(1);
        workspace.Span(ids)[0] = 0;
        Tensor output = workspace.Take(1, 1);
        device.Embed(workspace, ids, table, output);
        double[] wide = new double[1];
        float[] narrow = new float[1];
        device.Read(workspace, output, wide);
        device.Read(workspace, output, narrow);
        Assert.Equal(name == "reference" ? 1.0 / 3 : 1f / 3, wide[0]);
        Assert.Equal(1f / 3, narrow[0]);
    }

    private static Parameter Values(int rows, int columns) => Parameter.FromValues("values", rows, columns, new float[rows * columns]);

    private static ZeroParameter Missing(int rows, int columns) => new ZeroParameter("missing", rows, columns, isMissing: true);
}
