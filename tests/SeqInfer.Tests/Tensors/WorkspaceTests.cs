using FsCheck;
using FsCheck.Fluent;
using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Tests.Infrastructure;

namespace SeqInfer.Tests.Tensors;

/// <summary>The arena: stack order, alignment, capacity, planning.</summary>
public sealed class WorkspaceTests
{
    private const int AlignedElements = 16;

    public static TheoryData<string> Devices => ["reference", "cpu"];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(16, 16)]
    [InlineData(17, 32)]
    [InlineData(511, 528)]
    [InlineData(512, 528)]
    [InlineData(1024, 1040)]
    [InlineData(1025, 1040)]
    public void Rows_start_aligned_and_no_stride_is_a_multiple_of_two_kilobytes(int columns, int stride)
    {
        using Workspace planner = Device.CreatePlanner();
        Tensor window = planner.Take(3, columns);
        Assert.Equal((3, columns, stride), (window.RowCount, window.ColumnCount, window.Stride));
    }

    [Fact]
    public void Windows_never_overlap_and_start_aligned() => Property.Check(
        Gen.ArrayOf(from rows in Gen.Choose(0, 20) from columns in Gen.Choose(0, 40) select (rows, columns)),
        shapes =>
        {
            using Workspace planner = Device.CreatePlanner();
            Tensor[] windows = Array.ConvertAll(shapes, shape => planner.Take(shape.rows, shape.columns));
            for (int i = 0; i < windows.Length; i++)
            {
                Assert.Equal(0, windows[i].Offset % AlignedElements);
                planner.Check(windows[i], "window");
                for (int j = 0; j < i; j++)
                    Assert.False(windows[i].Overlaps(windows[j]));
            }

            Assert.True(planner.Peak.Elements >= windows.Sum(window => window.ElementCount));
        });

    [Theory]
    [MemberData(nameof(Devices))]
    public void A_frame_frees_what_was_taken_in_it(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Tensor first = workspace.Take(1, 16);
        Tensor inner;
        using (workspace.Frame())
        {
            inner = workspace.Take(3, 16);
            Assert.Equal(6, workspace.TakeIndices(6).Count);
            using (workspace.Frame())
                Assert.Throws<WorkspaceCapacityException>(() => workspace.Take(1, 1));
        }

        Assert.Throws<ArgumentException>(() => workspace.Check(inner, "inner"));
        workspace.Check(first, "first");
        Assert.Equal(inner, workspace.Take(3, 16));
        Assert.Equal(new Indices(0, 8), workspace.TakeIndices(8));
        Assert.Equal(new WorkspaceSize(64, 8), workspace.Peak);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void What_does_not_fit_names_what_is_needed(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Assert.Equal(new WorkspaceSize(64, 8), workspace.Capacity);
        workspace.Take(2, 16);
        WorkspaceCapacityException error = Assert.Throws<WorkspaceCapacityException>(() => workspace.Take(3, 16));
        Assert.Equal((80, 64), (error.Needed, error.Capacity));
        Assert.Contains("64 elements", error.Message, StringComparison.Ordinal);
        workspace.TakeIndices(5);
        error = Assert.Throws<WorkspaceCapacityException>(() => workspace.TakeIndices(4));
        Assert.Equal((9, 8), (error.Needed, error.Capacity));

        // A request that failed has taken nothing.
        workspace.Take(2, 16);
        workspace.TakeIndices(3);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Reset_frees_everything(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Tensor window = workspace.Take(4, 16);
        Indices indices = workspace.TakeIndices(8);
        workspace.Reset();
        Assert.Throws<ArgumentException>(() => workspace.Check(window, "window"));
        Assert.Throws<ArgumentException>(() => workspace.Check(indices, "indices"));
        Assert.Equal(window, workspace.Take(4, 16));
    }

    [Fact]
    public void A_planner_measures_without_limit_and_a_workspace_of_that_size_fits()
    {
        static void Run(Workspace workspace)
        {
            workspace.Take(1, 5);
            for (int i = 1; i < 10; i++)
            {
                using WorkspaceFrame frame = workspace.Frame();
                workspace.Take(i, 100);
                workspace.Span(workspace.TakeIndices(3 * i)).Fill(i);
            }

            workspace.TakeIndices(1);
        }

        using Workspace planner = Device.CreatePlanner();
        Assert.True(planner.IsPlanning);
        Assert.Equal(0, planner.ByteCount);
        Run(planner);
        Assert.Equal(new WorkspaceSize(16 + (9 * 112), 27), planner.Peak);

        using Device device = Device.Parse("cpu");
        using Workspace workspace = device.CreateWorkspace(planner.Peak);
        Assert.False(workspace.IsPlanning);
        Run(workspace);
        Assert.Equal(planner.Peak, workspace.Peak);
        using Workspace tooSmall = device.CreateWorkspace(planner.Peak with { Elements = planner.Peak.Elements - 1 });
        Assert.Throws<WorkspaceCapacityException>(() => Run(tooSmall));
    }

    [Fact]
    public void A_planner_counts_windows_larger_than_memory()
    {
        using Workspace planner = Device.CreatePlanner();
        planner.Take(int.MaxValue, 1_000_000);
        Assert.Equal((long)int.MaxValue * 1_000_000, planner.Peak.Elements);
        Assert.Throws<OverflowException>(() => planner.Take(1, int.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Negative_sizes(string name)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(64, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => workspace.Take(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => workspace.Take(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => workspace.TakeIndices(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.CreateWorkspace(new WorkspaceSize(-1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.CreateWorkspace(new WorkspaceSize(0, -1)));
    }

    [Fact]
    public void Windows_that_no_workspace_gave()
    {
        using Workspace planner = Device.CreatePlanner();
        planner.Take(4, 16);
        foreach (Tensor bad in new[] { new Tensor(-1, 1, 1, 1), new(0, 4, 17, 16), new(0, 5, 16, 16), new(0, -1, 1, 1), new(0, 1, -1, 1), new(long.MaxValue / 2, 1, 1, 1) })
            Assert.Throws<ArgumentException>(() => planner.Check(bad, "bad"));
        planner.TakeIndices(4);
        foreach (Indices bad in new[] { new Indices(-1, 1), new(0, 5), new(4, 1), new(0, -1), new(int.MaxValue, 1) })
            Assert.Throws<ArgumentException>(() => planner.Check(bad, "bad"));
    }

    [Theory]
    [InlineData("reference", 8)]
    [InlineData("cpu", 4)]
    public void Memory_is_counted(string name, int elementSize)
    {
        using Device device = Device.Parse(name);
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1000, 50));
        Assert.Equal((1000 * elementSize) + 200, workspace.ByteCount);
    }

    [Fact]
    public void Taking_and_freeing_allocates_nothing()
    {
        using Device device = Device.Parse("cpu");
        using Workspace workspace = device.CreateWorkspace(new WorkspaceSize(1024, 64));
        Use();
        Assert.Equal(0, Allocation.Of(Use));

        void Use()
        {
            using WorkspaceFrame frame = workspace.Frame();
            workspace.Take(3, 20).Rows(1, 2).Columns(2, 4);
            workspace.Span(workspace.TakeIndices(9)).Fill(1);
        }
    }

    [Fact]
    public void The_larger_of_two_sizes() =>
        Assert.Equal(new WorkspaceSize(7, 9), WorkspaceSize.Max(new WorkspaceSize(7, 2), new WorkspaceSize(3, 9)));
}
