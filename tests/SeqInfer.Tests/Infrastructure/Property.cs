// The alias wins over FsCheck.Property wherever both namespaces are imported.
global using Property = SeqInfer.Tests.Infrastructure.Property;

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>
/// Checks a property on random samples inside an ordinary fact. A failure names the sample and the seed; setting SEQINFER_FSCHECK_REPLAY to
/// that "seed,gamma" runs the same samples again, and to "seed,gamma,size" the failing one. SEQINFER_FSCHECK_TESTS sets the number of samples of every property.
/// </summary>
internal static class Property
{
    /// <summary>Samples per property where nothing else is said.</summary>
    public const int DefaultCount = 100;

    private const string CountVariable = "SEQINFER_FSCHECK_TESTS";
    private const string ReplayVariable = "SEQINFER_FSCHECK_REPLAY";

    /// <summary>Runs the assertions on random samples.</summary>
    /// <param name="samples">Generator.</param>
    /// <param name="assert">Throws when the property does not hold.</param>
    /// <param name="count">Number of samples, unless the environment says otherwise.</param>
    /// <param name="shrink">Smaller versions of a sample, to report the simplest failure.</param>
    public static void Check<T>(Gen<T> samples, Action<T> assert, int count = DefaultCount, Func<T, IEnumerable<T>>? shrink = null)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Number(CountVariable) ?? count).WithQuietOnSuccess(true);
        if (Environment.GetEnvironmentVariable(ReplayVariable) is { Length: > 0 } replay)
        {
            ulong[] seed = Array.ConvertAll(replay.Split(','), part => ulong.Parse(part, CultureInfo.InvariantCulture));
            config = seed.Length == 3 ? config.WithReplay(seed[0], seed[1], (int)seed[2]) : config.WithReplay(seed[0], seed[1]);
        }

        Arbitrary<T> arbitrary = shrink is null ? Arb.From(samples) : Arb.From(samples, shrink);
        FsCheck.Check.One(config, Prop.ForAll(arbitrary, assert));
    }

    private static int? Number(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
