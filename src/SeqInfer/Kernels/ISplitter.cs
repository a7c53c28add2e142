namespace SeqInfer.Kernels;

/// <summary>Someone who may let several threads do a job.</summary>
internal interface ISplitter
{
    /// <summary>Does a job; returns when all of it is done.</summary>
    /// <param name="job">The job.</param>
    /// <param name="itemCount">Its items.</param>
    /// <param name="nanoseconds">About how long one thread takes.</param>
    void Split<TJob>(ref TJob job, int itemCount, double nanoseconds)
        where TJob : struct, IParallelJob;
}

/// <summary>Does every job on the calling thread.</summary>
internal readonly struct NoSplitter : ISplitter
{
    public void Split<TJob>(ref TJob job, int itemCount, double nanoseconds)
        where TJob : struct, IParallelJob => job.Run(0, itemCount, 0);
}
