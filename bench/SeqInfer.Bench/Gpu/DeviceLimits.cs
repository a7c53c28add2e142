using SeqInfer.Bench.Limits;

namespace SeqInfer.Bench.Gpu;

/// <summary>What a device can do at most, measured in this run.</summary>
/// <param name="CopyBytesPerSecond">Bytes read and written by a copy inside the device, the faster of our kernel's and the driver's.</param>
/// <param name="KernelCopyBytesPerSecond">The same by a kernel that copies 16 bytes a thread at once.</param>
/// <param name="FlopsPerSecond">Fused multiply-adds in single precision on registers alone, two operations each.</param>
/// <param name="UploadBytesPerSecond">Copies from page-locked host memory.</param>
/// <param name="DownloadBytesPerSecond">Copies to page-locked host memory.</param>
/// <param name="EnqueueSeconds">What one kernel more in a queue costs where none does any work.</param>
/// <param name="RoundTripSeconds">Starting one empty kernel and waiting for it.</param>
internal sealed record DeviceLimits(
    double CopyBytesPerSecond,
    double KernelCopyBytesPerSecond,
    double FlopsPerSecond,
    double UploadBytesPerSecond,
    double DownloadBytesPerSecond,
    double EnqueueSeconds,
    double RoundTripSeconds)
{
    /// <summary>The shortest time for so much arithmetic and traffic, whichever takes longer (Williams et al. 2009).</summary>
    public double Seconds(double flops, double bytes) => Math.Max(flops / FlopsPerSecond, bytes / CopyBytesPerSecond);

    /// <summary>
    /// The shortest time for a forward pass: its arithmetic, or reading everything that it touches of the weights once. Activations and
    /// launches are not counted, so no pass reaches it.
    /// </summary>
    public double Seconds(Work work) => Seconds(work.Flops, work.WeightBytes);
}
