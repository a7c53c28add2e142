namespace SeqInfer.Bench.Families;

/// <summary>The code that a family's names and arithmetic follow, by "model_type" and "naming".</summary>
internal static class FamilyReferences
{
    private const string RecBole = "RUCAIBox/RecBole";
    private const string DeepCtr = "shenweichen/DeepCTR-Torch";
    private const string PyG = "pyg-team/pytorch_geometric";

    private static readonly Dictionary<(string Family, string Naming), string> Known = new()
    {
        [("autorec", "encoder_decoder")] = "Sedhain et al. 2015, in torch modules",
        [("bert", "")] = "huggingface/transformers BertModel, BertForMaskedLM",
        [("bert4rec", "codertimo")] = "jaywonchung/BERT4Rec-VAE-Pytorch",
        [("caser", "graytowne")] = "graytowne/caser_pytorch",
        [("catalogue", "")] = "exact search over item rows",
        [("gat", "pygat")] = "Diego999/pyGAT",
        [("gat", "pyg")] = $"{PyG} 2.4 and later",
        [("gat", "pyg_2")] = $"{PyG} 2.0 to 2.3",
        [("gat", "pyg_1_6")] = $"{PyG} 1.6, 1.7",
        [("gat", "pyg_1")] = $"{PyG} before 1.6",
        [("gcn", "pygcn")] = "tkipf/pygcn",
        [("gcn", "pyg")] = PyG,
        [("gcn", "pyg_1")] = $"{PyG} before 2.0",
        [("graphsage", "pyg")] = PyG,
        [("graphsage", "graphsage_simple")] = "williamleif/graphsage-simple",
        [("gru4rec", "hidasib")] = "hidasib/GRU4Rec_PyTorch_Official",
        [("gru4rec", "pygru4rec")] = "yhs968/pyGRU4REC",
        [("kmeans", "sklearn")] = "scikit-learn KMeans",
        [("lightgcn", "")] = "gusye1234/LightGCN-PyTorch",
        [("mind", "pytorch_comirec")] = "ShiningCosmos/pytorch_ComiRec",
        [("comirec_sa", "pytorch_comirec")] = "ShiningCosmos/pytorch_ComiRec",
        [("mult_dae", "jaywonchung")] = "jaywonchung/BERT4Rec-VAE-Pytorch",
        [("mult_vae", "jaywonchung")] = "jaywonchung/BERT4Rec-VAE-Pytorch",
        [("neumf", "keras_ncf")] = "hexiangnan/neural_collaborative_filtering",
        [("neumf", "torch_ncf")] = "yihong-chen/neural-collaborative-filtering",
        [("policy", "sb3")] = "DLR-RM/stable-baselines3",
        [("recurrent", "torch")] = "torch.nn.LSTM, GRU, RNN",
        [("sasrec", "pmixer")] = "pmixer/SASRec.pytorch",
        [("sasrec", "gsasrec")] = "asash/gSASRec-pytorch",
        [("sequential", "")] = "torch.nn.Sequential, Keras layers",
        [("srgnn", "cripac")] = "CRIPAC-DIG/SR-GNN",
    };

    /// <summary>The code behind a case.</summary>
    public static string Of(string family, string naming) => Known.TryGetValue((family, naming), out string? code)
        ? code
        : naming switch
        {
            "recbole" => RecBole,
            "deepctr" => DeepCtr,
            _ => "",
        };
}
