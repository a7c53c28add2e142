using SeqInfer.Weights;

namespace SeqInfer.Devices;

public abstract partial class Device
{
    private WeightStorage _weightStorage;

    /// <summary>
    /// How linear layers and recurrent cells that are made from now on hold their matrices; single precision unless set. What was made before
    /// keeps its own.
    /// </summary>
    /// <exception cref="DeviceException">The device does not know this storage.</exception>
    public WeightStorage WeightStorage
    {
        get => _weightStorage;
        set => _weightStorage = Supports(value)
            ? value
            : throw new DeviceException(Name, $"cannot hold weights as {value}");
    }

    /// <summary>Makes a table of rows to look up. Where the device can, it reads the rows in place in the mapped file.</summary>
    /// <param name="rows">[rows, columns].</param>
    public abstract Table CreateTable(Parameter rows);

    /// <summary>Packs a linear layer's weights.</summary>
    /// <param name="weight">[out, in]; transpose a Keras kernel first.</param>
    /// <param name="bias">[1, out], or null.</param>
    /// <exception cref="ArgumentException">The bias does not fit the weight.</exception>
    public LinearWeights CreateLinear(Parameter weight, Parameter? bias)
    {
        CheckVector(bias, weight.Rows, nameof(bias));
        return CreateLinearCore(weight, bias);
    }

    /// <summary>Makes a vector of one value a column.</summary>
    /// <param name="values">[1, length].</param>
    public VectorWeights CreateVector(Parameter values)
    {
        CheckVector(values, values.Columns, nameof(values));
        return CreateVectorCore(values);
    }

    /// <summary>Makes a layer norm's weights.</summary>
    /// <param name="gamma">[1, size].</param>
    /// <param name="beta">[1, size].</param>
    /// <param name="epsilon">Added to the variance (or deviation).</param>
    /// <param name="kind">Which deviation.</param>
    /// <exception cref="ArgumentException">Sizes differ, or epsilon is negative or not finite.</exception>
    public LayerNormWeights CreateLayerNorm(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind = LayerNormKind.Standard)
    {
        CheckVector(gamma, gamma.Columns, nameof(gamma));
        CheckVector(beta, gamma.Columns, nameof(beta));
        if (!(epsilon >= 0) || double.IsInfinity(epsilon))
            throw new ArgumentException($"epsilon is {epsilon}", nameof(epsilon));
        return CreateLayerNormCore(gamma, beta, epsilon, kind);
    }

    /// <summary>Packs one direction of one recurrent layer. G is the number of gates, H the hidden size, in PyTorch's gate order.</summary>
    /// <param name="spec">Cell, sizes and direction.</param>
    /// <param name="weightIh">[G * H, input size]; null where the input is projected already.</param>
    /// <param name="weightHh">[G * H, H].</param>
    /// <param name="biasIh">[1, G * H], or null.</param>
    /// <param name="biasHh">[1, G * H], or null.</param>
    /// <exception cref="ArgumentException">A size does not follow from the specification.</exception>
    public RecurrentWeights CreateRecurrent(RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh)
    {
        int gates = checked(spec.GateCount * spec.HiddenSize);
        if (spec.ProjectedInput != weightIh is null)
            throw new ArgumentException("exactly a layer whose input is not projected has input weights", nameof(weightIh));
        if (spec.ProjectedInput && spec.InputSize != gates)
            throw new ArgumentException($"a projected input has {gates} columns, not {spec.InputSize}", nameof(spec));
        CheckMatrix(weightIh, gates, spec.InputSize, nameof(weightIh));
        CheckMatrix(weightHh, gates, spec.HiddenSize, nameof(weightHh));
        CheckVector(biasIh, gates, nameof(biasIh));
        CheckVector(biasHh, gates, nameof(biasHh));
        return CreateRecurrentCore(spec, weightIh, weightHh, biasIh, biasHh);
    }

    /// <summary>Packs item vectors for scoring.</summary>
    /// <param name="items">[items, columns]: row i is the vector of item i.</param>
    /// <param name="bias">[1, items], added to the score of each item, or null. Only with <see cref="Similarity.Dot"/>.</param>
    /// <param name="options">Similarity and ids that top-K never returns.</param>
    /// <exception cref="ArgumentException">A size does not fit, or an excluded id is not a row.</exception>
    public Catalogue CreateCatalogue(Parameter items, Parameter? bias, CatalogueOptions options)
    {
        CheckVector(bias, items.Rows, nameof(bias));
        if (bias is not null && options.Similarity != Similarity.Dot)
            throw new ArgumentException($"a bias has no meaning with {options.Similarity}", nameof(bias));
        foreach (int id in options.ExcludedIds)
        {
            if ((uint)id >= (uint)items.Rows)
                throw new ArgumentException($"excluded id {id} is not one of the {items.Rows} rows", nameof(options));
        }

        return CreateCatalogueCore(items, bias, options);
    }

    /// <summary>Whether matrices can be held so; every device holds single precision.</summary>
    protected virtual bool Supports(WeightStorage storage) => storage == WeightStorage.Float32;

    /// <summary>Packs checked weights.</summary>
    protected abstract LinearWeights CreateLinearCore(Parameter weight, Parameter? bias);

    /// <summary>Copies checked values.</summary>
    protected abstract VectorWeights CreateVectorCore(Parameter values);

    /// <summary>Copies checked values.</summary>
    protected abstract LayerNormWeights CreateLayerNormCore(Parameter gamma, Parameter beta, double epsilon, LayerNormKind kind);

    /// <summary>Packs checked weights.</summary>
    protected abstract RecurrentWeights CreateRecurrentCore(
        RecurrentSpec spec, Parameter? weightIh, Parameter weightHh, Parameter? biasIh, Parameter? biasHh);

    /// <summary>Packs checked weights.</summary>
    protected abstract Catalogue CreateCatalogueCore(Parameter items, Parameter? bias, CatalogueOptions options);

    private static void CheckMatrix(Parameter? matrix, int rows, int columns, string name)
    {
        if (matrix is not null && (matrix.Rows != rows || matrix.Columns != columns))
            throw new ArgumentException($"{matrix.Name} is [{matrix.Rows}, {matrix.Columns}], expected [{rows}, {columns}]", name);
    }

    private static void CheckVector(Parameter? vector, int length, string name) => CheckMatrix(vector, 1, length, name);
}
