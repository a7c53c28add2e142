using SeqInfer.Bench.Commands;
using SeqInfer.Bench.Startup;

// A process that serves one model must not pay for the commands.
return args is [StartupServer.Command, .. string[] rest] ? StartupServer.Run(rest) : AllCommands.Run(args);
