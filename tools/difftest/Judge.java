// TLC's evaluator as a service: expressions in, values or errors out.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import tla2sany.drivers.SANY;
import tla2sany.modanalyzer.SpecObj;
import tla2sany.semantic.Errors;
import tla2sany.semantic.ModuleNode;
import tla2sany.semantic.OpDefNode;
import tlc2.TLC;
import tlc2.output.EC;
import tlc2.tool.EvalControl;
import tlc2.tool.TLCState;
import tlc2.tool.coverage.CostModel;
import tlc2.tool.impl.FastTool;
import tlc2.util.Context;
import tlc2.value.impl.Enumerable;
import tlc2.value.impl.FcnLambdaValue;
import tlc2.value.impl.FcnRcdValue;
import tlc2.value.impl.RecordValue;
import tlc2.value.impl.SetEnumValue;
import tlc2.value.impl.TupleValue;
import tlc2.value.impl.Value;
import tlc2.value.impl.ValueEnumeration;
import tlc2.value.impl.ValueVec;
import util.SimpleFilenameToStream;
import util.ToolIO;

/**
 * Reads requests, one a line, their parts separated by tabs, and ends the answer to each with a line that is a dot.
 *
 * "evaluate, folder, module, count" loads the module and evaluates its definitions E1 .. Ecount, each on its own so
 * that an error ends nothing but that one. There is a line for each: "V" and the value, or "E" and the error. A module
 * that cannot be loaded is answered by one line "P" and what is wrong.
 *
 * "read, folder, module" parses and analyses the module: a line "R" and what is wrong, nothing where it is right.
 *
 * "check, folder, module, arguments.." runs TLC with these arguments: a line "C", the exit code and what TLC printed.
 */
public class Judge {
    private static PrintStream answers;

    public static void main(String[] args) throws Exception {
        answers = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        System.setOut(nowhere);
        System.setErr(nowhere);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // Deep recursion is part of what is tested; the main thread's stack is as small as the system's limit.
        Thread worker = new Thread(null, () -> serve(requests), "judge", 256L << 20);
        worker.start();
        worker.join();
    }

    private static void serve(BufferedReader requests) {
        try {
            for (String line; (line = requests.readLine()) != null; ) {
                String[] request = line.split("\t");
                if (request[0].equals("evaluate")) {
                    evaluate(request[1], request[2], Integer.parseInt(request[3]));
                } else if (request[0].equals("read")) {
                    read(request[1], request[2]);
                } else {
                    check(request[1], request[2], Arrays.copyOfRange(request, 3, request.length));
                }
                answers.println(".");
                answers.flush();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void evaluate(String folder, String name, int count) {
        ToolIO.setMode(ToolIO.TOOL);
        ToolIO.reset();
        FastTool tool;
        ModuleNode module;
        try {
            tool = new FastTool(name, name, new SimpleFilenameToStream(folder));
            module = tool.getRootModule();
        } catch (Throwable e) {
            StringBuilder all = new StringBuilder(String.valueOf(e.getMessage()));
            for (String message : ToolIO.getAllMessages()) {
                all.append('\n').append(message);
            }
            answer("P", all.toString());
            return;
        }
        for (int i = 1; i <= count; i++) {
            OpDefNode definition = module.getOpDef("E" + i);
            try {
                Value value = tool.eval(definition.getBody(), Context.Empty, TLCState.Empty, TLCState.Empty,
                        EvalControl.Clear, CostModel.DO_NOT_RECORD);
                value = enumerated(value);
                value.deepNormalize();
                answer("V", value.toString());
            } catch (Throwable e) {
                String message = e.getMessage();
                answer("E", message == null ? e.getClass().getSimpleName() : message);
            }
        }
    }

    private static void read(String folder, String name) {
        ToolIO.setMode(ToolIO.TOOL);
        ToolIO.reset();
        ToolIO.setUserDir(folder); // after a check it is another one
        SpecObj spec = new SpecObj(name, new SimpleFilenameToStream(folder));
        StringBuilder wrong = new StringBuilder();
        try {
            SANY.frontEndInitialize(spec, ToolIO.out);
            SANY.frontEndParse(spec, ToolIO.out);
            SANY.frontEndSemanticAnalysis(spec, ToolIO.out, true);
            for (Errors errors : new Errors[] {spec.getInitErrors(), spec.getParseErrors(), spec.getSemanticErrors()}) {
                if (errors.isFailure()) {
                    wrong.append(errors);
                }
            }
        } catch (Throwable e) {
            wrong.append(e.getClass().getSimpleName()).append('\n');
            for (String message : ToolIO.getAllMessages()) {
                wrong.append(message).append('\n');
            }
        }
        answer("R", wrong.toString());
    }

    private static void check(String folder, String name, String[] options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        PrintStream before = System.out;
        System.setOut(printed);
        ToolIO.setMode(ToolIO.SYSTEM);
        ToolIO.out = printed;
        ToolIO.err = printed;
        int code = EC.ExitStatus.ERROR;
        try {
            String[] arguments = Arrays.copyOf(options, options.length + 1);
            arguments[options.length] = folder + File.separator + name;
            TLC tlc = new TLC();
            if (tlc.handleParameters(arguments)) {
                tlc.setResolver(new SimpleFilenameToStream(folder));
                code = EC.ExitStatus.errorConstantToExitStatus(tlc.process());
            }
        } catch (Throwable e) {
            e.printStackTrace(printed);
        }
        System.setOut(before);
        printed.flush();
        answer("C", code + "\n" + bytes.toString(StandardCharsets.UTF_8));
    }

    private static void answer(String kind, String text) {
        answers.println(kind + "\t" + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", ""));
        answers.flush();
    }

    /** Replaces sets that TLC keeps symbolic (1..3, SUBSET S, [S -> T]) by their elements, wherever they stand. */
    private static Value enumerated(Value v) {
        if (v instanceof SetEnumValue || v instanceof Enumerable && v.isFinite()) {
            ValueVec elements = new ValueVec();
            ValueEnumeration all = ((Enumerable) v).elements();
            for (Value e; (e = all.nextElement()) != null; ) {
                elements.addElement(enumerated(e));
            }
            return new SetEnumValue(elements, false);
        }
        if (v instanceof FcnLambdaValue) {
            v = v.toFcnRcd();
        }
        if (v instanceof TupleValue) {
            return new TupleValue(enumerated(((TupleValue) v).elems));
        }
        if (v instanceof RecordValue) {
            RecordValue r = (RecordValue) v;
            return new RecordValue(r.names.clone(), enumerated(r.values), false);
        }
        if (v instanceof FcnRcdValue) {
            FcnRcdValue f = (FcnRcdValue) v;
            if (f.values.length == 0) {
                return new TupleValue(new Value[0]); // the same value; TLC prints them as << >> and <<>>
            }
            Value[] domain = new Value[f.values.length];
            for (int i = 0; i < domain.length; i++) {
                domain[i] = f.intv != null ? tlc2.value.impl.IntValue.gen(f.intv.low + i) : enumerated(f.domain[i]);
            }
            return new FcnRcdValue(domain, enumerated(f.values), false);
        }
        return v;
    }

    private static Value[] enumerated(Value[] values) {
        Value[] copy = new Value[values.length];
        for (int i = 0; i < values.length; i++) {
            copy[i] = enumerated(values[i]);
        }
        return copy;
    }
}
