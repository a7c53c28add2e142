using System.Diagnostics;

namespace SeqInfer.Tests.Infrastructure;

/// <summary>Starts this test assembly again as a program, or another one that lies beside it.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a probe to its end with these environment variables set.</summary>
    /// <returns>The exit code and what it wrote to standard output and standard error.</returns>
    public static (int ExitCode, string Output, string Error) Run(string[] arguments, params (string Name, string Value)[] environment) =>
        RunAssembly(typeof(ChildProcess).Assembly.Location, arguments, "", environment);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="assembly">Path of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads from standard input.</param>
    /// <param name="environment">Variables it gets besides those of this process.</param>
    /// <returns>The exit code and what it wrote to standard output and standard error.</returns>
    public static (int ExitCode, string Output, string Error) RunAssembly(
        string assembly, string[] arguments, string input, params (string Name, string Value)[] environment)
    {
        bool isDotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        ProcessStartInfo start = new(isDotnet ? Environment.ProcessPath! : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(assembly);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);

        // A crash is an expected outcome: no core dump of it
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The child process '{string.Join(' ', arguments)}' did not end within {Limit}.");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
