package s4j.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where the JVM starts. */
public final class Main {
    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Charset terminal = System.out.charset();
        PrintWriter out = new PrintWriter(System.out, true, terminal);
        PrintWriter err = new PrintWriter(System.err, true, terminal);
        System.exit(S4.commandLine(args, Parts.standard(), out, err).execute(args));
    }

    private Main() {}
}
