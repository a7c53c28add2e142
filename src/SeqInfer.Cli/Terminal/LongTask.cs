using System.Diagnostics;
using Spectre.Console;

namespace SeqInfer.Cli.Terminal;

/// <summary>Says how far a long task is: a bar on a terminal, a line now and then elsewhere, always on standard error.</summary>
internal static class LongTask
{
    private static readonly TimeSpan FirstLine = TimeSpan.FromSeconds(2);

    /// <summary>Runs a task.</summary>
    /// <param name="name">What is done: "evaluating".</param>
    /// <param name="total">How many things there are to do.</param>
    /// <param name="unit">What they are: "users".</param>
    /// <param name="body">Does it, and says how many are done.</param>
    public static T Run<T>(string name, int total, string unit, Func<Action<int>, T> body)
    {
        if (!Screen.IsNotesInteractive || !Screen.Notes.Profile.Capabilities.Interactive)
            return RunPlain(name, total, unit, body);
        return Screen.Notes.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(name), maxValue: total);
                return body(done => task.Value = done);
            });
    }

    private static T RunPlain<T>(string name, int total, string unit, Func<Action<int>, T> body)
    {
        // Lines come at 2, 4, 8 ... seconds: a short task says nothing, a long one does not fill a log.
        var clock = Stopwatch.StartNew();
        TimeSpan next = FirstLine;
        return body(done =>
        {
            if (clock.Elapsed < next)
                return;
            next = clock.Elapsed * 2;
            Console.Error.WriteLine($"{name}: {done} of {total} {unit}");
        });
    }
}
