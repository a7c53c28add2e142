using SeqInfer.Weights;

namespace SeqInfer.Cli.Verification;

/// <summary>The tensors of a case: what is fed and what is expected.</summary>
internal sealed class CaseTensors : IDisposable
{
    private CaseTensors(SafetensorsFile inputs, SafetensorsFile expected)
    {
        Inputs = inputs;
        Expected = expected;
    }

    public SafetensorsFile Inputs { get; }

    public SafetensorsFile Expected { get; }

    public static CaseTensors Open(string folder)
    {
        SafetensorsFile inputs = SafetensorsFile.Open(Path.Combine(folder, "inputs.safetensors"));
        try
        {
            return new CaseTensors(inputs, SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors")));
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Inputs.Dispose();
        Expected.Dispose();
    }
}
