namespace SeqInfer;

/// <summary>Base of every error the engine raises on purpose: bad files, bad configuration, bad requests, missing capacity.</summary>
public abstract class SeqInferException : Exception
{
    /// <summary>Creates the exception with a message that names the cause.</summary>
    protected SeqInferException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message that names the cause and the exception behind it.</summary>
    protected SeqInferException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
