namespace SeqInfer.Kernels;

/// <summary>Work on numbered items, any range of which may be done apart from the others, in any order and by any thread.</summary>
internal interface IParallelJob
{
    /// <summary>Does the items from <paramref name="begin"/> to before <paramref name="end"/>.</summary>
    /// <param name="begin">The first item.</param>
    /// <param name="end">Behind the last item.</param>
    /// <param name="worker">
    /// Which of the threads does it, for scratch of its own: 0 is the caller, the others count up.
    /// </param>
    void Run(int begin, int end, int worker);
}
