using FsCheck.Fluent;
using SeqInfer.Devices.Cpu.Threading;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>Shares of ragged lists.</summary>
public sealed unsafe class SharePlanTests
{
    [Fact]
    public void Shares_cover_every_list_once_and_none_is_much_larger_than_it_must_be() => Property.Check(
        from count in Gen.Choose(1, 100)
        from lengths in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 5)), (1, Gen.Choose(6, 500))), count)
        from start in Gen.Choose(0, 9)
        from perList in Gen.Choose(0, 3)
        from most in Gen.Choose(1, 32)
        select (lengths, start, perList, most),
        sample =>
        {
            int[] offsets = new int[sample.lengths.Length + 1];
            offsets[0] = sample.start;
            for (int i = 0; i < sample.lengths.Length; i++)
                offsets[i + 1] = offsets[i] + sample.lengths[i];
            fixed (int* pointer = offsets)
            {
                SharePlan plan = new(pointer, sample.lengths.Length, sample.perList, sample.most);
                Assert.Equal(Math.Min(sample.lengths.Length, sample.most), plan.Count);
                Assert.Equal(0, plan.First(0));
                Assert.Equal(sample.lengths.Length, plan.First(plan.Count));
                int[] work = [.. sample.lengths.Select(length => length + sample.perList)];
                double fair = (double)work.Sum() / plan.Count;
                for (int share = 0; share < plan.Count; share++)
                {
                    int first = plan.First(share);
                    int end = plan.First(share + 1);
                    Assert.InRange(first, 0, end);
                    Assert.InRange(work[first..end].Sum(), 0, fair + work.Max() + 1);
                }
            }
        });
}
