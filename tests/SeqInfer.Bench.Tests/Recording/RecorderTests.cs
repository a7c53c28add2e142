using SeqInfer.Bench.Compare;
using SeqInfer.Bench.Models;
using SeqInfer.Bench.Onnx;
using SeqInfer.Bench.OnnxRuntime;
using SeqInfer.Bench.Recording;
using SeqInfer.Bench.Tests.OnnxRuntime;
using SeqInfer.Inputs;

namespace SeqInfer.Bench.Tests.Recording;

/// <summary>A recorded model in ONNX Runtime gives what the model gives, for requests other than the recorded one.</summary>
public class RecorderTests
{
    // Both sides round differently at every sum; measured differences stay below a tenth of this.
    private const float Tolerance = 2e-5f;

    private static readonly Dictionary<string, BenchModel> Models = new BenchModel[]
    {
        Zoo.Dense("mlp", 6, 9, 5, 1),
        Zoo.Recurrent("lstm", "lstm", 5, 7, 1, 6, items: 40),
        Zoo.Recurrent("lstm-2-layers", "lstm", 5, 7, 2, 6, items: 40),
        Zoo.Recurrent("gru", "gru", 5, 7, 1, 6, items: 40),
        Zoo.Recurrent("gru-2-layers", "gru", 5, 7, 2, 6, items: 40),
        Zoo.Recurrent("rnn-tanh", "rnn_tanh", 5, 7, 1, 6, items: 40),
        Zoo.Recurrent("rnn-relu", "rnn_relu", 5, 7, 2, 6, items: 40),
        Zoo.SasRec("sasrec", 8, 2, 2, 7, items: 40),
        Zoo.SasRec("sasrec-1-layer", 8, 1, 1, 7, items: 40),
        Zoo.SasRec("sasrec-one-slot", 8, 2, 2, 1, items: 40),
        Zoo.SasRecPaddedRight("sasrec-right", 8, 2, 3, 7, items: 40),
        Zoo.Encoder("encoder", 8, 2, 16, 2, 5, vocabulary: 40),
        Zoo.TopK("catalogue", 100, 8, 10),
    }.ToDictionary(model => model.Name);

    public static TheoryData<string, int, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, string, bool>();
            foreach (string model in Models.Keys)
            {
                foreach (LinearForm form in Enum.GetValues<LinearForm>())
                {
                    cases.Add(model, 1, form.ToString(), false);
                    cases.Add(model, 3, form.ToString(), false);
                    cases.Add(model, 3, form.ToString(), true);
                }
            }

            return cases;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_recorded_model_gives_what_the_model_gives(string name, int batch, string form, bool isBatchSymbolic)
    {
        OrtEnvironment environment = OrtFixture.Require();
        BenchModel bench = Models[name];
        RecordedModel recorded = bench.Record(
            isBatchSymbolic ? 2 : batch, new RecordingOptions { Linear = Enum.Parse<LinearForm>(form), IsBatchSymbolic = isBatchSymbolic });
        using OrtSession session = environment.CreateSession(recorded.Bytes, 1);
        using var theirs = new OrtRun(session, recorded, batch);
        using SequenceModel model = bench.Create();
        using ModelWorkspace workspace = model.CreateWorkspace(bench.Limits(model.Signature, batch));

        var random = new Random(5);
        for (int request = 0; request < 3; request++)
        {
            Batch ours = model.CreateBatch();
            bench.Fill(ours, batch, random);
            theirs.Fill(ours);
            model.Run(ours, workspace, model.Signature.Select(bench.Output));
            theirs.Run();
            AssertEqual(workspace[bench.Output], theirs, bench.Output);
        }
    }

    [SkippableFact]
    public void A_padded_recording_gives_what_ragged_sequences_give()
    {
        OrtEnvironment environment = OrtFixture.Require();
        BenchModel bench = Models["sasrec-right"];
        int[] lengths = [3, 7, 1, 5];
        RecordedModel recorded = bench.Record(2, new RecordingOptions { IsBatchSymbolic = true, IsPadded = true });
        using OrtSession session = environment.CreateSession(recorded.Bytes, 1);
        using var theirs = new OrtRun(session, recorded, lengths.Length);
        using SequenceModel model = bench.Create();
        using ModelWorkspace workspace = model.CreateWorkspace(bench.Limits(model.Signature, lengths.Length));

        Batch ours = model.CreateBatch();
        var random = new Random(9);
        foreach (int length in lengths)
            ours.Ids("items").Add(BenchModel.RandomIds(model.Signature.Inputs[0], length, random));
        PaddedBatch.Fill(theirs, ours.Ids("items"), bench.Length);
        model.Run(ours, workspace, model.Signature.Select(bench.Output));
        theirs.Run();
        AssertEqual(workspace[bench.Output], theirs, bench.Output);
    }

    [Fact]
    public void What_has_no_counterpart_is_refused_with_a_reason()
    {
        BenchModel bench = Models["lstm"];
        RecordingException e = Assert.Throws<RecordingException>(() => bench.Record(2, new RecordingOptions { IsPadded = true }));
        Assert.Contains("recurrent", e.Message, StringComparison.Ordinal);
    }

    private static void AssertEqual(OutputView ours, OrtRun theirs, string output)
    {
        float[] expected = new float[ours.ElementCount];
        ours.CopyTo(expected);
        ReadOnlySpan<float> actual = theirs.Output(output).Span<float>();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"{output}[{i}]: {expected[i]} here, {actual[i]} there");
        if (theirs.HasIds(output))
            Assert.Equal(ours.Ids.ToArray().Select(id => (long)id), theirs.Output(output, OnnxElement.Int64).Span<long>().ToArray());
    }
}
