namespace SeqInfer.Tests.Infrastructure;

/// <summary>The guard pages are really there, so tests that rely on them can fail.</summary>
public sealed unsafe class GuardedMemoryTests
{
    [Theory, InlineData(-1), InlineData(GuardProbe.Count)]
    public void An_element_outside_kills_the_process(int element)
    {
        var (exitCode, _, error) = ChildProcess.Run([GuardProbe.Name, $"{element}"]);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("Attempted to read or write protected memory", error, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(GuardProbe.Count - 1)]
    public void An_element_inside_does_not(int element)
    {
        var (exitCode, output, _) = ChildProcess.Run([GuardProbe.Name, $"{element}"]);
        Assert.Equal(0, exitCode);
        Assert.Equal("0", output);
    }

    [Fact]
    public void Elements_lie_flush_against_their_page_or_aligned()
    {
        using GuardedMemory<float> end = GuardedMemory<float>.AtEnd(5);
        using GuardedMemory<float> start = GuardedMemory<float>.AtStart(5);
        using GuardedMemory<float> aligned = GuardedMemory<float>.AtEnd(5, alignment: 64);
        Assert.Equal(0u, (nuint)(end.Pointer + 5) % (nuint)Environment.SystemPageSize);
        Assert.Equal(0u, (nuint)start.Pointer % (nuint)Environment.SystemPageSize);
        Assert.Equal(0u, (nuint)aligned.Pointer % 64);
        Assert.InRange((nuint)Environment.SystemPageSize - (nuint)(aligned.Pointer + 5) % (nuint)Environment.SystemPageSize, 1u, 63u);
    }

    [Fact]
    public void Writes_beside_the_elements_are_found()
    {
        using GuardedMemory<float> memory = GuardedMemory<float>.AtEnd(5);
        memory.AssertNothingElseWritten();
        memory.Pointer[-1] = 0;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(memory.AssertNothingElseWritten);
    }
}
