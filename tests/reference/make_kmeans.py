"""Golden cases of `kmeans`: distances to the centroids of a scikit-learn KMeans, nearest first.

Usage: make_kmeans.py [--check]
"""

import sys

import torch

import golden

ROWS = 15

# name -> (clusters, features, storage type)
VARIANTS = {
    "kmeans": (7, 9, torch.float32),
    "kmeans-one-cluster": (1, 4, torch.float32),
    "kmeans-many-f16": (40, 16, torch.float16),
    "kmeans-bf16": (12, 33, torch.bfloat16),
    "kmeans-f64": (9, 6, torch.float64),
}
TOP_K = 5


def distances(x, centroids):
    """Expanded, as scikit-learn computes it: that is what loses most in float32."""
    square = (x * x).sum(1, keepdim=True) - 2 * x @ centroids.T + (centroids * centroids).sum(1)
    return square.clamp(min=0).sqrt()


def make_case(folder, number, name, clusters, features, dtype):
    generator = torch.Generator().manual_seed(7700 + number)
    centroids = (2 * torch.randn(clusters, features, generator=generator, dtype=torch.float64)).to(dtype)
    # The engine computes in float32: a float64 file is read as float32
    centroids = centroids.float().double() if dtype == torch.float64 else centroids
    x = centroids.float()[torch.randint(0, clusters, (ROWS,), generator=generator)] + torch.randn(ROWS, features, generator=generator)
    single, double = distances(x, centroids.float()), distances(x.double(), centroids.double())
    config = {"model_type": "kmeans", "naming": "sklearn", "num_clusters": clusters, "num_features": features}
    case = golden.Case(name, config)
    case.input("features", {"tensor": "x"}, x=x)
    case.output("distances", single, double)
    case.top_k(-single, -double, 1, prefix="nearest")
    if clusters >= TOP_K:
        case.top_k(-single, -double, TOP_K)
    case.write(folder, {"cluster_centers_": centroids})


def make(folder):
    for number, (name, variant) in enumerate(VARIANTS.items()):
        make_case(folder, number, name, *variant)


if __name__ == "__main__":
    sys.exit(golden.run_or_check(golden.CASES, make))
