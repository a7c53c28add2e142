using SeqInfer.Devices;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Layers;

/// <summary>
/// y = activation(W [user, item] + b) for pairs of embedded ids. The item's half of the sum is the same for every request and computed once,
/// the user's half once a user; a pair costs an addition.
/// </summary>
public sealed class PairLinear
{
    private const int ChunkSize = 1024;

    private readonly Device _device;
    private readonly Table _users;
    private readonly Table _items;
    private readonly Linear _ofUser;
    private readonly Linear _ofItem;
    private readonly Activation _activation;
    private Table? _projectedItems;

    /// <summary>Wraps weights.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="users">[users, size].</param>
    /// <param name="items">[items, size].</param>
    /// <param name="kernel">[out, 2 * size], the user's columns first.</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <param name="activation">Which function.</param>
    public PairLinear(Device device, Parameter users, Parameter items, Parameter kernel, Parameter? bias, Activation activation)
    {
        _device = device;
        _users = device.CreateTable(users);
        _items = device.CreateTable(items);
        _ofUser = new Linear(device.CreateLinear(kernel.SliceColumns(0, users.Columns), bias));
        _ofItem = new Linear(device.CreateLinear(kernel.SliceColumns(users.Columns, items.Columns), null));
        _activation = activation;
    }

    /// <summary>Columns of the output.</summary>
    public int OutputSize => _ofUser.OutputSize;

    /// <summary>Computes the items' half. Must run once, before any pair.</summary>
    public void Prepare()
    {
        using Workspace planner = Device.CreatePlanner();
        _ = ProjectItems(planner);
        using Workspace workspace = _device.CreateWorkspace(planner.Peak);
        _projectedItems = _device.CreateTable(ProjectItems(workspace));
    }

    /// <summary>The users' half, [users, out].</summary>
    public void ProjectUsers(Workspace workspace, Indices users, Tensor y)
    {
        using WorkspaceFrame frame = workspace.Frame();
        Tensor x = workspace.Take(users.Count, _users.ColumnCount);
        _device.Embed(workspace, users, _users, x);
        _ofUser.Forward(workspace, x, y);
    }

    /// <summary>The layer's output for pairs.</summary>
    /// <param name="workspace">Holds all windows.</param>
    /// <param name="users">[users, out], from <see cref="ProjectUsers"/>.</param>
    /// <param name="pairs">Which items stand with which user.</param>
    /// <param name="items">One id a pair.</param>
    /// <param name="y">[pairs, out].</param>
    public void Forward(Workspace workspace, Tensor users, Ragged pairs, Indices items, Tensor y)
    {
        _device.Embed(workspace, items, _projectedItems!, y);
        _device.CombineEach(workspace, y, pairs, users, BinaryOperation.Add);
        _device.Apply(workspace, y, _activation, y);
    }

    private Parameter ProjectItems(Workspace workspace)
    {
        int count = _items.RowCount;
        double[] values = new double[checked(count * OutputSize)];
        for (int first = 0; first < count; first += ChunkSize)
        {
            using WorkspaceFrame frame = workspace.Frame();
            int rows = Math.Min(ChunkSize, count - first);
            Indices ids = workspace.TakeIndices(rows);
            for (int i = 0; i < rows; i++)
                workspace.Span(ids)[i] = first + i;
            Tensor x = workspace.Take(rows, _items.ColumnCount);
            Tensor y = workspace.Take(rows, OutputSize);
            _device.Embed(workspace, ids, _items, x);
            _ofItem.Forward(workspace, x, y);
            _device.Read(workspace, y, values.AsSpan(first * OutputSize, rows * OutputSize));
        }

        return Parameter.FromValues("projected items", count, OutputSize, values);
    }
}
