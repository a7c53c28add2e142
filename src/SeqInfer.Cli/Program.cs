return SeqInfer.Cli.CommandLine.Run(args);
