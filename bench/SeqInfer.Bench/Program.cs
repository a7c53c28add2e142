using System.CommandLine;
using SeqInfer.Bench.Commands;

var root = new RootCommand("Benchmarks of SeqInfer: against ONNX Runtime, against the machine, and against itself.")
{
    CompareCommand.Create(),
    LimitsCommand.Create(),
};
return root.Parse(args).Invoke();
