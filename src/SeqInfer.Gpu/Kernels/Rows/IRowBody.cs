namespace SeqInfer.Gpu.Kernels.Rows;

/// <summary>What the lanes of a row do together; the struct carries the operands.</summary>
internal interface IRowBody
{
    /// <summary>Computes a row. All lanes come here, of rows past the end too: those compute the last row again and write nothing.</summary>
    void Row<TLanes>(int row, bool writes, TLanes lanes)
        where TLanes : struct, ILanes;
}
