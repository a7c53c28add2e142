namespace SeqInfer.Models.Ctr;

/// <summary>Whose parameter names a click-through model's file has.</summary>
internal enum CtrNaming
{
    /// <summary>RUCAIBox/RecBole: token fields share one table.</summary>
    RecBole,

    /// <summary>shenweichen/DeepCTR-Torch: every field has a table, or names one.</summary>
    DeepCtr,
}

/// <summary>The words of the field "naming".</summary>
internal static class CtrNamings
{
    public static CtrNaming Read(ModelConfig config) => config.Choice("naming", ("recbole", CtrNaming.RecBole), ("deepctr", CtrNaming.DeepCtr));
}
