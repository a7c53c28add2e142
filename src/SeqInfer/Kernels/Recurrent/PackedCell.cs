using SeqInfer.Kernels.Gemm;
using SeqInfer.Kernels.Simd;
using SeqInfer.Tensors;
using SeqInfer.Weights;

namespace SeqInfer.Kernels.Recurrent;

/// <summary>The recurrent weights and all biases of one direction of one layer, packed at load.</summary>
internal sealed unsafe class PackedCell<V, TStorage> : IDisposable
    where V : unmanaged, ISimd<V>
    where TStorage : struct, IWeightStorage
{
    private readonly AlignedBuffer<float> _biases;

    /// <summary>Packs a cell of G gates and H units.</summary>
    /// <param name="gates">G.</param>
    /// <param name="weight">W_hh [G * H, H].</param>
    /// <param name="biasIh">[1, G * H], or null.</param>
    /// <param name="biasHh">[1, G * H], or null.</param>
    /// <param name="separate">Whether the last gate's b_hh must not be added to its b_ih.</param>
    public PackedCell(int gates, Parameter weight, Parameter? biasIh, Parameter? biasHh, bool separate)
    {
        Weight = new PackedMatrix<V, TStorage>(weight, gates);
        int units = Weight.Units;
        BiasLength = Weight.PanelCount * Weight.PanelUnits;
        _biases = new AlignedBuffer<float>((long)(gates + 1) * BiasLength);
        double[] ih = biasIh?.ToArray() ?? new double[gates * units];
        double[] hh = biasHh?.ToArray() ?? new double[gates * units];
        for (int gate = 0; gate < gates; gate++)
        {
            bool apart = separate && gate == gates - 1;
            for (int unit = 0; unit < units; unit++)
            {
                int i = (gate * units) + unit;
                Bias(gate)[unit] = (float)(apart ? ih[i] : ih[i] + hh[i]);
                if (apart) Bias(gates)[unit] = (float)hh[i];
            }
        }
    }

    /// <summary>W_hh, its gates side by side.</summary>
    public PackedMatrix<V, TStorage> Weight { get; }

    /// <summary>Floats from the biases of one gate to those of the next.</summary>
    public int BiasLength { get; }

    /// <summary>Bytes of weight and biases.</summary>
    public long ByteCount => Weight.ByteCount + _biases.ByteCount;

    /// <summary>The biases of one gate, zeros up to the end of the last panel; after the last gate those that were kept apart.</summary>
    public float* Bias(int gate) => _biases.Pointer + ((long)gate * BiasLength);

    public void Dispose()
    {
        Weight.Dispose();
        _biases.Dispose();
    }
}
