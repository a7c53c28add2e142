using SeqInfer.Tensors;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    private static void CheckInput(Workspace workspace, Tensor input, int columns, string name)
    {
        workspace.Check(input, name);
        if (input.ColumnCount != columns)
            throw new ArgumentException($"{name} is {input}, expected {columns} columns", name);
    }

    private static void CheckInput(Workspace workspace, Tensor input, int rows, int columns, string name)
    {
        workspace.Check(input, name);
        if (input.RowCount != rows || input.ColumnCount != columns)
            throw new ArgumentException($"{name} is {input}, expected [{rows}, {columns}]", name);
    }

    private static void CheckInput(Workspace workspace, Tensor? input, int rows, int columns, string name)
    {
        if (input is { } window)
            CheckInput(workspace, window, rows, columns, name);
    }

    private static void CheckOutput(Workspace workspace, Tensor output, int rows, int columns) =>
        CheckInput(workspace, output, rows, columns, nameof(output));

    /// <summary>For operations that read a whole row before they write it: the output is the input or lies elsewhere.</summary>
    private static void CheckSameOrApart(Tensor input, Tensor output)
    {
        if (input != output)
            CheckApart(input, output);
    }

    private static void CheckApart(Tensor input, Tensor output)
    {
        if (input.Overlaps(output))
            throw new ArgumentException($"output {output} overlaps an input {input}", nameof(output));
    }

    private static void CheckApart(Tensor? input, Tensor? output)
    {
        if (input is { } read && output is { } written)
            CheckApart(read, written);
    }

    private static void CheckApart(Indices input, Indices output)
    {
        if (input.Count > 0 && output.Count > 0 && input.Offset < output.Offset + output.Count && output.Offset < input.Offset + input.Count)
            throw new ArgumentException($"output {output} overlaps an input {input}", nameof(output));
    }

    // While planning, ids are not known yet.
    private static void CheckIds(Workspace workspace, Indices ids, int count, string name)
    {
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> values = workspace.Span(ids);
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < -1 || values[i] >= count)
                throw new ArgumentException($"{name}[{i}] is {values[i]}, expected -1 .. {count - 1}", name);
        }
    }

    private static void CheckRagged(Workspace workspace, Ragged sequences, string name)
    {
        workspace.Check(sequences.Offsets, name);
        if (sequences.Offsets.Count == 0)
            throw new ArgumentException($"{name} has no offsets; an empty batch has the single offset 0", name);
        if (workspace.IsPlanning)
            return;
        ReadOnlySpan<int> offsets = workspace.Span(sequences.Offsets);
        if (offsets[0] != 0 || offsets[^1] != sequences.RowCount)
            throw new ArgumentException($"{name} has the offsets {offsets[0]} .. {offsets[^1]}, expected 0 .. {sequences.RowCount}", name);
        for (int i = 1; i < offsets.Length; i++)
        {
            int length = offsets[i] - offsets[i - 1];
            if (length < 0 || length > sequences.Longest)
                throw new ArgumentException($"{name}: sequence {i - 1} has length {length}, expected 0 .. {sequences.Longest}", name);
        }
    }
}
