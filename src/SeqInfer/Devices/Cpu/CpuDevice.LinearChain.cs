using SeqInfer.Tensors;

namespace SeqInfer.Devices.Cpu;

internal sealed unsafe partial class CpuDevice<V>
{
    // Bytes of results between layers that stay in a second-level cache; of wide layers more, as all weights pass over each block of rows.
    private const int ChainBlockBytes = 128 * 1024;
    private const int MinChainBlockRows = 112;

    // Blocks of whole tiles.
    private const int ChainRowGranularity = 14;

    protected override void LinearChainCore(Workspace workspace, Tensor input, LinearChain chain, Tensor output, Tensor? residual)
    {
        if (chain.Stages.Length == 1)
        {
            (LinearWeights weights, Activation activation) = chain.Stages[0];
            LinearCore(workspace, input, weights, output, activation, residual);
            return;
        }

        int rows = input.RowCount;
        int blockRows = ChainBlockRows(chain);
        using WorkspaceFrame frame = workspace.Frame();
        Tensor front = workspace.Take(Math.Min(rows, blockRows), chain.WidestInside);
        Tensor back = workspace.Take(Math.Min(rows, blockRows), chain.Stages.Length > 2 ? chain.WidestInside : 0);
        if (rows <= blockRows)
        {
            RunChain(workspace, input, chain, front, back, output, residual);
            return;
        }

        // Blocks of nearly equal height.
        int blocks = (rows + blockRows - 1) / blockRows;
        int height = (((rows + blocks - 1) / blocks) + ChainRowGranularity - 1) / ChainRowGranularity * ChainRowGranularity;
        for (int row = 0; row < rows; row += height)
        {
            int count = Math.Min(height, rows - row);
            RunChain(
                workspace, input.Rows(row, count), chain, front.Rows(0, count), back.Rows(0, count), output.Rows(row, count), residual?.Rows(row, count));
        }
    }

    private static int ChainBlockRows(LinearChain chain)
    {
        long rowBytes = 2 * sizeof(float) * Workspace.ElementsOf(1, Math.Max(chain.WidestInside, 1));
        return (int)Math.Max(ChainBlockBytes / rowBytes / ChainRowGranularity * ChainRowGranularity, MinChainBlockRows);
    }

    private void RunChain(
        Workspace workspace, Tensor input, LinearChain chain, Tensor front, Tensor back, Tensor output, Tensor? residual)
    {
        Tensor x = input;
        int last = chain.Stages.Length - 1;
        for (int i = 0; i < last; i++)
        {
            (LinearWeights weights, Activation activation) = chain.Stages[i];
            Tensor next = Workspace.Reuse(i % 2 == 0 ? front : back, weights.OutputSize);
            LinearCore(workspace, x, weights, next, activation, null);
            x = next;
        }

        LinearCore(workspace, x, chain.Stages[last].Weights, output, chain.Stages[last].Activation, residual);
    }
}
