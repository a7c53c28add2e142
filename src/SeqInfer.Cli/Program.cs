Console.Error.WriteLine("seqinfer: no command");
return 2;
