using SeqInfer.Devices.Cpu.Threading;

namespace SeqInfer.Tests.Devices.Threading;

/// <summary>Teams are shared by size and end with their last user.</summary>
public sealed class TeamLeaseTests
{
    // Sizes that no other test asks for
    private const int Size = 5;
    private const int OtherSize = 6;

    [Fact]
    public void One_team_a_size_until_the_last_lease_is_given_back()
    {
        TeamLease first = TeamLease.Take(Size);
        TeamLease second = TeamLease.Take(Size);
        using TeamLease other = TeamLease.Take(OtherSize);
        WorkerTeam team = first.Team;
        Assert.Same(team, second.Team);
        Assert.NotSame(team, other.Team);
        Assert.Equal(Size, team.Size);

        first.Dispose();
        first.Dispose();
        Assert.True(team.IsRunning);
        second.Dispose();
        Assert.False(team.IsRunning);

        using TeamLease later = TeamLease.Take(Size);
        Assert.NotSame(team, later.Team);
        Assert.True(later.Team.IsRunning);
    }
}
