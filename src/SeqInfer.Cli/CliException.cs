namespace SeqInfer.Cli;

/// <summary>Something the command line was asked for cannot be done: a file of the wrong form, options that do not go together.</summary>
internal sealed class CliException : SeqInferException
{
    public CliException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
