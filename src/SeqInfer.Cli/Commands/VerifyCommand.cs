using System.CommandLine;
using SeqInfer.Cli.Terminal;
using SeqInfer.Cli.Verification;
using SeqInfer.Inputs;
using Spectre.Console;

namespace SeqInfer.Cli.Commands;

/// <summary>seqinfer verify: runs cases and compares with their expected values.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var cases = new Argument<string[]>("case")
        {
            Description = "Case folders: a model with case.json, inputs.safetensors and expected.safetensors",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> device = Common.Device();
        Option<Devices.WeightStorage> weights = Common.Weights();
        Option<int> batch = Common.Batch();
        Option<NodeReordering> reordering = Common.Reordering();
        Option<bool> json = Common.Json();
        var command = new Command(
            "verify",
            "Run cases and compare every output with its expected values. Exit code 0: all pass, 1: one fails, 2: there is no case. Paths without a case.json are left out, so that cases/* works.")
        {
            cases, device, weights, reordering, batch, json,
        };
        Examples.Add(
            command,
            "seqinfer verify tests/reference/cases/*",
            "seqinfer verify cases/sasrec-ml1m --device reference --json");
        command.Does((result, cancellation) => Run(
            result.GetRequiredValue(cases),
            new VerifyOptions(result.GetRequiredValue(device), result.GetValue(batch), result.GetValue(weights), result.GetValue(reordering)),
            result.GetValue(json),
            cancellation));
        return command;
    }

    private static int Run(string[] paths, VerifyOptions options, bool json, CancellationToken cancellation)
    {
        List<string> folders = FindCases(paths);

        // A device that cannot be had is one error, not one for every case.
        Devices.Device.Parse(options.Device).Dispose();
        List<CaseReport> reports = LongTask.Run("verifying", folders.Count, "cases", done =>
        {
            List<CaseReport> finished = [];
            foreach (string folder in folders)
            {
                finished.Add(CaseRunner.Verify(folder, options, cancellation));
                done(finished.Count);
            }

            return finished;
        });
        if (json)
            WriteJson(reports, options);
        else
            WriteTable(reports);
        return reports.TrueForAll(report => report.Passed) ? CommandLine.Success : CommandLine.Failure;
    }

    // A pattern such as cases/* also names what lies beside the cases: that is left out, and said.
    private static List<string> FindCases(string[] paths)
    {
        List<string> cases = [];
        foreach (string path in paths)
        {
            if (!Path.Exists(path))
                throw new CliException($"{path}: no such folder");
            if (CaseReader.IsCase(path))
                cases.Add(path);
            else if (paths.Length > 1)
                Console.Error.WriteLine($"left out: {path} has no {CaseReader.FileName}");
        }

        return cases.Count > 0 ? cases : throw new CliException($"{string.Join(", ", paths)}: no case, there is no {CaseReader.FileName}");
    }

    private static void WriteJson(List<CaseReport> reports, VerifyOptions options) => Screen.Json(json =>
    {
        json.WriteString("device", options.Device);
        json.WriteString("weights", Devices.WeightStorages.NameOf(options.Weights));
        json.WriteNumber("batch", options.BatchRows);
        json.WriteStartArray("cases");
        foreach (CaseReport report in reports)
        {
            json.WriteStartObject();
            json.WriteString("name", report.Name);
            json.WriteBoolean("passed", report.Passed);
            if (report.KernelName is not null)
                json.WriteString("kernels", report.KernelName);
            if (report.Error is not null)
                json.WriteString("error", report.Error);
            json.WriteStartArray("outputs");
            foreach (OutputReport output in report.Outputs)
            {
                json.WriteStartObject();
                json.WriteString("output", output.Output);
                if (output.Label != output.Output)
                    json.WriteString("label", output.Label);
                json.WriteFinite("max_abs_error", output.MaxAbsError);
                json.WriteNumber("atol", output.Tolerance);
                json.WriteBoolean("passed", output.Passed);
                if (output.Problem is not null)
                    json.WriteString("problem", output.Problem);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteTable(List<CaseReport> reports)
    {
        Table table = Screen.NewTable("case", "output", "max abs error", "atol", "result");
        foreach (CaseReport report in reports)
        {
            if (report.Error is not null)
                table.AddText(report.Name, "", "", "", $"FAILED: {report.Error}");
            foreach (OutputReport output in report.Outputs)
            {
                table.AddText(
                    report.Name, output.Label, $"{output.MaxAbsError:0.00e-00}", $"{output.Tolerance:0.0#e-00}", output.Passed ? "passed" : $"FAILED: {output.Problem}");
            }
        }

        Screen.Data.Write(table);
        int passed = reports.Count(report => report.Passed);
        Screen.Line($"{passed} passed, {reports.Count - passed} failed");
    }
}
