using SeqInfer.Devices.Reference;

namespace SeqInfer.Tests.Devices;

/// <summary>The oracle's own functions against published values; goldens cover erf over all floats.</summary>
public sealed class DoubleMathTests
{
    // The last bits of a value near 1.
    private const double Absolute = 1e-15;

    // exp(-x^2) carries the rounding of its argument, which grows with x.
    private const double Relative = 1e-13;

    /// <summary>From Python's math.erf and math.erfc.</summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1e-300, 1.1283791670955126e-300, 1)]
    [InlineData(0.1, 0.1124629160182849, 0.8875370839817152)]
    [InlineData(0.5, 0.5204998778130465, 0.4795001221869535)]
    [InlineData(1, 0.8427007929497149, 0.15729920705028513)]
    [InlineData(1.9999, 0.9953201979070294, 0.004679802092970608)]
    [InlineData(2, 0.9953222650189527, 0.004677734981047265)]
    [InlineData(2.5, 0.999593047982555, 0.0004069520174449589)]
    [InlineData(4, 0.9999999845827421, 1.541725790028002e-08)]
    [InlineData(6, 1, 2.1519736712498916e-17)]
    [InlineData(10, 1, 2.088487583762545e-45)]
    [InlineData(26, 1, 5.663192408856143e-296)]
    [InlineData(40, 1, 0)]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    public void Erf_and_erfc(double x, double erf, double erfc)
    {
        Assert.Equal(erf, DoubleMath.Erf(x), Absolute);
        Assert.Equal(-erf, DoubleMath.Erf(-x), Absolute);
        Assert.Equal(erfc, DoubleMath.Erfc(x), Absolute);
        Assert.Equal(2 - erfc, DoubleMath.Erfc(-x), Absolute);
        if (x >= 2)
            Assert.Equal(erfc, DoubleMath.Erfc(x), Relative * erfc);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.6448536269514722, 0.95)]
    [InlineData(-1.6448536269514722, 0.05)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Phi_has_the_known_quantiles(double x, double probability) => Assert.Equal(probability, DoubleMath.Phi(x), Absolute);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.7310585786300049)]
    [InlineData(-1, 0.2689414213699951)]
    [InlineData(-800, 0)]
    [InlineData(800, 1)]
    public void Sigmoid(double x, double expected) => Assert.Equal(expected, DoubleMath.Sigmoid(x), Absolute);
}
