using System.CommandLine;
using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Families;
using SeqInfer.Cli.Verification;
using Spectre.Console;

namespace SeqInfer.Bench.Commands;

/// <summary>families: cases, errors and times of every family.</summary>
internal static class FamiliesCommand
{
    private const int Failed = 1;

    // Some sixty groups: a few seconds in all, and enough calls of the slowest.
    private static readonly Schedule PerGroup = new(5, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(25), 3);

    public static Command Create()
    {
        var cases = new Argument<string[]>("case")
        {
            Description = "Case folders; those without a case.json are left out, so that cases/* works",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> device = new("--device") { Description = "Device string", DefaultValueFactory = _ => "cpu" };
        Option<bool> noTimes = new("--no-times") { Description = "Only verify" };
        Option<string?> output = new("--output") { Description = "Where families.md and families.json go; without it the table is printed", HelpName = "dir" };
        var command = new Command("families", "Verify cases and time the largest one of every family and reference, on one thread")
        {
            cases, device, noTimes, output,
        };
        command.SetAction(arguments => Run(
            arguments.GetValue(cases)!, arguments.GetValue(device)!, arguments.GetValue(noTimes) ? null : PerGroup, arguments.GetValue(output)));
        return command;
    }

    private static int Run(string[] folders, string device, Schedule? schedule, string? output)
    {
        try
        {
            string[] cases = [.. folders.Where(CaseReader.IsCase)];
            if (cases.Length == 0)
                throw new ArgumentException("there is no case among the folders");
            string kernels;
            using (Devices.Device made = Devices.Device.Parse(device))
                kernels = made.KernelName;
            IReadOnlyList<FamilyGroup> groups = FamilyRunner.Run(cases, device, schedule, Console.Error.WriteLine);
            var machine = MachineInfo.Describe(device, kernels, "");
            if (output is null)
                Console.Write(FamilyReport.Markdown(machine, groups));
            else
                FamilyReport.Write(output, machine, groups);
            return groups.All(group => group.Passed == group.Reports.Count) ? 0 : Failed;
        }
        catch (Exception e) when (e is SeqInferException or ArgumentException or IOException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
            return Failed;
        }
    }
}
