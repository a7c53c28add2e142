using SeqInfer.Bench.Onnx;
using SeqInfer.Devices;
using SeqInfer.Tensors;

namespace SeqInfer.Bench.Recording;

internal sealed partial class RecordingDevice
{
    protected override void EmbedCore(
        Workspace workspace, Indices ids, Table table, float scale, Indices positions, Table? positionTable, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        var rows = (RecordedTable)table;
        if (ids.Count == rows.RowCount && IsSteps(workspace.Span(ids), 0, 1) && scale == 1 && positionTable is null)
        {
            Set(workspace, output, Layout.Flat, Inputs.Data(rows.Rows));
            return;
        }

        string input = Inputs.Ids(workspace.Span(ids), out int idsPerRow)
            ?? throw new RecordingException("ids are looked up that are no input of the request");
        bool isSequences = idsPerRow == _shape.Length;
        string? added = positionTable is null ? null : PositionRows(workspace.Span(positions), (RecordedTable)positionTable, isSequences);

        // The factor is folded into the table.
        Set(workspace, output, new Recorded(_graph, _shape, ids.Count, rows.ColumnCount, isSequences ? Layout.Batched : Layout.Flat, Write));

        string? Write(Layout layout)
        {
            if (layout == Layout.Flat && isSequences && added is not null)
                return null;
            string wanted = layout switch
            {
                Layout.Flat => Reshape(input, -1),
                Layout.TimeMajor => Transpose(input, 1, 0),
                _ => input,
            };
            string looked = _graph.Node("Gather", [Constants.Matrix(rows.Rows, scale), wanted]);
            if (added is null)
                return looked;
            return _graph.Node("Add", [looked, layout == Layout.TimeMajor ? Reshape(added, _shape.Length, 1, rows.ColumnCount) : added]);
        }
    }

    protected override void GatherRowsCore(Workspace workspace, Tensor input, Indices rows, Tensor output)
    {
        if (IsIdle(workspace))
            return;
        Recorded x = At(workspace, input);
        ReadOnlySpan<int> wanted = workspace.Span(rows);
        if (IsSteps(wanted, 0, 1) && wanted.Length == x.RowCount)
            Set(workspace, output, x);
        else if (PairRows.Find(wanted, x.RowCount) is { } pairs)
            Set(workspace, output, Layout.Flat, Reshape(Repeat(x, pairs, wanted), -1, x.ColumnCount));
        else if (x.IsSequences && wanted.Length == _shape.Batch && IsSteps(wanted, wanted[0], _shape.Length) && wanted[0] >= 0)
            Set(workspace, output, RowOfEach(x, wanted[0]));
        else if (_shape.IsBatchSymbolic || wanted.Contains(-1))
            throw new RecordingException("chosen rows need a fixed batch and must exist");
        else
            Set(workspace, output, Layout.Flat, _graph.Node("Gather", [x.As(Layout.Flat), _graph.Ints([.. wanted.ToArray().Select(row => (long)row)])]));
    }

    // One row of every sequence. In a padded batch the last one lies where the request says.
    private Recorded RowOfEach(Recorded x, int step)
    {
        string y;
        if (options.IsPadded)
        {
            if (step != _shape.Length - 1)
                throw new RecordingException("a padded batch has no common place but the last event of each sequence");
            y = _graph.Node("Gather", [x.As(Layout.Flat), Inputs.Get(GraphInputs.LastRows, OnnxElement.Int64, _shape.BatchDimension)]);
        }
        else if (x.Native == Layout.TimeMajor)
        {
            y = _graph.Node("Gather", [x.As(Layout.TimeMajor), _graph.Scalar((long)step)], new OnnxAttribute("axis", 0L));
        }
        else
        {
            y = _graph.Node("Gather", [x.As(Layout.Batched), _graph.Scalar((long)step)], new OnnxAttribute("axis", 1L));
        }

        return Value(_shape.Batch, x.ColumnCount, Layout.Flat, y);
    }

    // Positions repeat from sequence to sequence: [length, columns], which every sequence adds.
    private string PositionRows(ReadOnlySpan<int> positions, RecordedTable table, bool isSequences)
    {
        int period = isSequences ? _shape.Length : positions.Length;
        if (!isSequences && _shape.IsBatchSymbolic)
            throw new RecordingException("positions of single rows need a fixed batch");
        for (int i = 0; i < positions.Length; i++)
        {
            if (positions[i] != positions[i % period] || positions[i] < -1)
                throw new RecordingException("positions differ between the sequences of a dense batch");
        }

        int[] rows = positions[..period].ToArray();
        return Constants.Get(table.Rows, $"positions {string.Join(",", rows)}", () =>
        {
            float[] values = new float[period * table.ColumnCount];
            for (int i = 0; i < period; i++)
            {
                if (rows[i] >= 0)
                    table.Rows.CopyRow(rows[i], values.AsSpan(i * table.ColumnCount, table.ColumnCount));
            }

            return _graph.Constant(values, period, table.ColumnCount);
        });
    }

    private static bool IsSteps(ReadOnlySpan<int> rows, int first, int step)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] != first + (i * step))
                return false;
        }

        return true;
    }
}
