namespace SeqInfer.Gpu.Kernels.Recurrent;

/// <summary>The arithmetic of the cells once the sums are there: x and h parts of the gates, biases included.</summary>
internal static class Cell
{
    /// <summary>c' of an LSTM.</summary>
    public static float LstmCell(float i, float f, float g, float c) =>
        GpuMath.Fma(GpuMath.Sigmoid(f), c, GpuMath.Sigmoid(i) * GpuMath.Tanh(g));

    /// <summary>h' of an LSTM.</summary>
    public static float LstmHidden(float o, float c) => GpuMath.Sigmoid(o) * GpuMath.Tanh(c);

    /// <summary>h' of the cells with gates r, u, n whose reset gate acts after the product.</summary>
    public static float Gru(StepKind kind, float r, float u, float nInput, float nHidden, float h, float attention)
    {
        float n = GpuMath.Tanh(GpuMath.Fma(GpuMath.Sigmoid(r), nHidden, nInput));
        float kept = GpuMath.Sigmoid(u);
        if (kind == StepKind.AttentionalUpdateGru)
            kept = 1f - (attention * kept);
        if (kind == StepKind.AttentionGru)
            kept = 1f - attention;
        return Mix(kept, h, n);
    }

    /// <summary>kept * h + (1 - kept) * n.</summary>
    public static float Mix(float kept, float h, float n) => GpuMath.Fma(kept, h, (1f - kept) * n);
}
