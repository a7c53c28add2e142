using System.Collections.Immutable;
using SeqInfer.Devices;
using SeqInfer.Gpu.Runtime;
using SeqInfer.Gpu.Tests.Infrastructure;
using SeqInfer.Tensors;
using SeqInfer.Tests.Devices.Harness;

namespace SeqInfer.Gpu.Tests.Devices;

/// <summary>Rows that are split into parts, each with a group of its own, give the ids of the reference, of equal scores the lower ones.</summary>
public sealed class SelectionTests
{
    private const int Seed = 79;
    private const int ItemCount = 20_000;

    private static readonly ImmutableArray<int> Never = [7, 11];

    public static TheoryData<string, int, int> Selections()
    {
        TheoryData<string, int, int> data = [];
        foreach (string device in new[] { GpuTestDevices.Plain, GpuTestDevices.OpenCl, GpuTestDevices.Cuda })
        {
            foreach ((int rows, int k) in new[] { (1, 1), (1, 20), (3, 20), (1, 700), (1, 2500) })
                data.Add(device, rows, k);
        }

        return data;
    }

    [SkippableTheory, MemberData(nameof(Selections))]
    public void Few_rows_of_many_items_give_the_ids_of_the_reference(string name, int rows, int k)
    {
        // 41 different scores, so that most tie; in the last row all but a few are no numbers
        OpCase op = new($"{k} of {rows} rows", Seed, OpTolerance.Exact, run =>
        {
            float[] values = run.Data.WholeValues(rows * ItemCount, 20);
            for (int i = rows > 1 ? (rows - 1) * ItemCount : values.Length; i < values.Length; i++)
                values[i] = i % 2003 == 0 ? values[i] : float.NaN;
            Tensor scores = run.Input(rows, ItemCount, values);
            Indices none = run.Ids();
            Indices ids = run.IdOutput(rows * k);
            Tensor best = run.Output(rows, k);
            return () => run.Device.SelectTopK(run.Workspace, scores, k, Never, none, null, ids, best);
        });
        OpHarness.Run(GpuTestDevices.Require(name), op).ShouldBe(OpHarness.Run(TestDevices.Reference, op), op.Tolerance, name);
    }

    [Theory]
    [InlineData(1, 1_000_000, 10, 244)]
    [InlineData(1, 1_000_000, 1000, 31)]
    [InlineData(64, 1_000_000, 10, 33)]
    [InlineData(4096, 1_000_000, 10, 1)]
    [InlineData(1, 5000, 10, 1)]
    [InlineData(1, 20, 100, 1)]
    public void Parts_fill_the_device_and_no_more(int rows, int items, int k, int expected) =>
        Assert.Equal(expected, new SelectionPlan(132 * 16, SelectionPlan.UsualPart).PartsOf(rows, items, k));

    [Fact]
    public void Candidates_fit_the_room_that_was_planned_and_the_room_grows_with_every_argument()
    {
        SelectionPlan plan = new(2000, 16);
        int[] sizes = [1, 2, 3, 7, 60, 500, 1999, 2000, 5000];
        foreach (int rows in sizes)
        {
            foreach (int items in sizes)
            {
                foreach (int k in sizes)
                {
                    int room = plan.MaxCandidates(rows, items, k);
                    int parts = plan.PartsOf(rows, items, k);
                    Assert.True(parts == 1 || (long)rows * parts * k <= room, $"{rows} rows, {items} items, {k}: {parts} parts in {room}");
                    Assert.True(room <= plan.MaxCandidates(rows + 1, items, k));
                    Assert.True(room <= plan.MaxCandidates(rows, items + 1, k));
                    Assert.True(room <= plan.MaxCandidates(rows, items, k + 1));
                }
            }
        }
    }
}
