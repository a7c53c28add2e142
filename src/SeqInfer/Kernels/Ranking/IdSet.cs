using System.Numerics;
using System.Runtime.CompilerServices;

namespace SeqInfer.Kernels.Ranking;

/// <summary>
/// A set of item ids in memory of the caller's: open addressing, linear probing, at most half full. Only items that would enter a
/// ranking are looked up. Its size depends on the list alone, where a bit for every item would take memory in proportion to the catalogue.
/// </summary>
internal readonly unsafe struct IdSet
{
    private const int Empty = -1;

    private readonly int* _slots;
    private readonly int _shift;

    /// <summary>The distinct ids of a list that are in 0 .. <paramref name="itemCount"/> - 1.</summary>
    /// <param name="ids">The list, in any order.</param>
    /// <param name="count">Its length.</param>
    /// <param name="itemCount">Ids from here on are left out.</param>
    /// <param name="slots">Room for <see cref="RoomFor"/>(count) integers.</param>
    public IdSet(int* ids, int count, int itemCount, int* slots)
    {
        if (count == 0) return;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2);
        _slots = slots;
        _shift = 32 - BitOperations.Log2((uint)size);
        new Span<int>(slots, size).Fill(Empty);
        for (int i = 0; i < count; i++)
        {
            if ((uint)ids[i] < (uint)itemCount) slots[Find(ids[i])] = ids[i];
        }
    }

    /// <summary>Integers a list of that many ids needs room for; additive over lists, up to 2^28 ids.</summary>
    public static int RoomFor(int count) => checked(count * 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int id) => _slots != null && _slots[Find(id)] == id;

    /// <summary>The slot of the id, or the empty one where it belongs.</summary>
    private int Find(int id)
    {
        // Fibonacci hashing: the high bits of the product mix all bits of the id
        uint slot = unchecked((uint)id * 0x9E3779B1u) >> _shift;
        uint mask = uint.MaxValue >> _shift;
        while (_slots[slot] != Empty && _slots[slot] != id) slot = (slot + 1) & mask;
        return (int)slot;
    }
}
