namespace SeqInfer.Tests.Cli;

public sealed class DemoTests
{
    [Fact]
    public void The_demo_shows_viewers_and_says_how_good_it_is()
    {
        string output = Seqinfer.Output("demo");
        Assert.Contains("2000 viewers, 418 films, 47416 events", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split("watched last").Length - 1);

        // Titles in full: the longest ones are cut first where output has the width of a terminal.
        Assert.Contains("My Neighbour the Otter 2: The Missing Kite (Family)", output, StringComparison.Ordinal);
        Assert.Matches(@"sasrec +0\.6560 +0\.4920", output);
        Assert.Matches(@"most popular +0\.0680 +0\.0339", output);
        Assert.Contains("The hit rate is 9.6 times that of popularity.", output, StringComparison.Ordinal);
        Assert.Matches(@"\n1 +[\d,]+ +[\d.]+ (us|ms) +[\d.]+ (us|ms)", output);
        Assert.Matches(@"\n64 +[\d,]+ +[\d.]+ (us|ms) +[\d.]+ (us|ms)", output);
    }

    [Fact]
    public void Viewers_can_be_chosen()
    {
        Assert.Contains("Viewer 7, ", Seqinfer.Output("demo", "--user", "7"), StringComparison.Ordinal);
        (int exitCode, _, string error) = Seqinfer.Run("demo", "--user", "nobody");
        Assert.Equal(2, exitCode);
        Assert.Contains("no viewer 'nobody'", error, StringComparison.Ordinal);
    }
}
