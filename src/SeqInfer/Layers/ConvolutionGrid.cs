using SeqInfer.Tensors;

namespace SeqInfer.Layers;

/// <summary>Which rows the taps of a convolution, or the places of a pooling window, read in sequences of one fixed length.</summary>
/// <param name="InputLength">Steps of a sequence.</param>
/// <param name="TapCount">Taps, or steps of a window.</param>
/// <param name="Stride">Steps from one output to the next.</param>
/// <param name="Dilation">Steps from one tap to the next.</param>
/// <param name="Before">Steps of padding before the first.</param>
/// <param name="After">Steps of padding after the last.</param>
public readonly record struct ConvolutionGrid(int InputLength, int TapCount, int Stride = 1, int Dilation = 1, int Before = 0, int After = 0)
{
    /// <summary>Steps of an output sequence; not positive where the window is longer than the sequence.</summary>
    public int OutputLength
    {
        get
        {
            long room = (long)InputLength + Before + After - ((long)Dilation * (TapCount - 1)) - 1;
            return room < 0 ? 0 : checked((int)((room / Stride) + 1));
        }
    }

    /// <summary>The input row of every tap and output row, tap after tap; -1 where it is padding.</summary>
    public Indices Taps(Workspace workspace, int batch)
    {
        int length = OutputLength;
        Indices taps = workspace.TakeIndices(checked(TapCount * batch * length));
        Span<int> rows = workspace.Span(taps);
        int i = 0;
        for (int tap = 0; tap < TapCount; tap++)
        {
            for (int sequence = 0; sequence < batch; sequence++)
            {
                int place = (tap * Dilation) - Before;
                for (int step = 0; step < length; step++, place += Stride)
                    rows[i++] = (uint)place < (uint)InputLength ? (sequence * InputLength) + place : -1;
            }
        }

        return taps;
    }

    /// <summary>The input rows of every window, window after window; for windows without padding.</summary>
    public Indices Windows(Workspace workspace, int batch)
    {
        int length = OutputLength;
        Indices windows = workspace.TakeIndices(checked(TapCount * batch * length));
        Span<int> rows = workspace.Span(windows);
        int i = 0;
        for (int sequence = 0; sequence < batch; sequence++)
        {
            for (int step = 0; step < length; step++)
            {
                for (int tap = 0; tap < TapCount; tap++)
                    rows[i++] = (sequence * InputLength) + (step * Stride) + (tap * Dilation);
            }
        }

        return windows;
    }
}
