namespace SeqInfer.Bench.Startup;

/// <summary>What a process that serves one model needs; medians of several processes.</summary>
/// <param name="LoadMicroseconds">From the beginning of loading to the first result.</param>
/// <param name="ProcessMicroseconds">From the start of the process to the first result.</param>
/// <param name="ResidentBytes">Memory that is resident after some requests.</param>
/// <param name="AnonymousBytes">The part of it that no file backs and that processes cannot share.</param>
internal sealed record StartupTimes(double LoadMicroseconds, double ProcessMicroseconds, double ResidentBytes, double AnonymousBytes);

/// <summary>Both sides of a model.</summary>
/// <param name="Model">Name.</param>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="Code">How our code was compiled: "jit" or "readytorun"; the same program hosts both sides.</param>
/// <param name="Ort">ONNX Runtime.</param>
/// <param name="Ours">SeqInfer.</param>
internal sealed record StartupResult(string Model, long WeightBytes, string Code, StartupTimes Ort, StartupTimes Ours);
