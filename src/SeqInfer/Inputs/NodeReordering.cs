namespace SeqInfer.Inputs;

/// <summary>
/// How the nodes of a graph that is given at load are numbered inside. Over a large graph a request waits for the rows that its edges gather:
/// those of neighbours whose numbers are near to each other are found in the caches. Inputs and outputs keep the ids that they were given
/// with, and results are the same bits.
/// </summary>
public enum NodeReordering
{
    /// <summary>By their ids: the fastest where neighbours have ids near to each other already, and where all rows fit into the caches.</summary>
    None,

    /// <summary>
    /// Reverse Cuthill-McKee (Cuthill and McKee 1969, George 1971): breadth first from the rim. For graphs without short cuts: places, roads, meshes,
    /// chains.
    /// </summary>
    ReverseCuthillMcKee,

    /// <summary>
    /// Communities lie together (Rabbit Order, Arai et al. 2016). For networks of people, items or links, where some edges go anywhere.
    /// </summary>
    Communities,
}
