namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>The threads that share a row: each takes every <see cref="Count"/>th column, reductions bring their parts together.</summary>
internal interface ILanes
{
    /// <summary>How many threads share a row.</summary>
    int Count { get; }

    /// <summary>Which of them this is.</summary>
    int Index { get; }

    /// <summary>Takes shared memory; once, before anything else, by all threads of the group.</summary>
    void Begin();

    /// <summary>The sum over the lanes, in a fixed order, for all of them.</summary>
    float Sum(float value);

    /// <summary>The largest over the lanes, for all of them.</summary>
    float Max(float value);
}
