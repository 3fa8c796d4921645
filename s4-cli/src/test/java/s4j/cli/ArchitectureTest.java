package s4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The arrows of docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = "s4j", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String[] CORE = {"s4j.math..", "s4j.hippo..", "s4j.ssm.."};
    private static final String[] RUNTIME = {"s4j.io..", "s4j.config..", "s4j.model..", "s4j.stream..",
            "s4j.audio..", "s4j.pickle..", "s4j.official..", "s4j.generate..", "s4j.predict.."};

    @ArchTest
    static final ArchRule arrowsPointDown = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("core").definedBy(CORE).layer("runtime").definedBy(RUNTIME).layer("torch").definedBy("s4j.torch..")
            .layer("data").definedBy("s4j.data..").layer("train").definedBy("s4j.train..").layer("cli")
            .definedBy("s4j.cli..").whereLayer("cli").mayNotBeAccessedByAnyLayer().whereLayer("train")
            .mayOnlyBeAccessedByLayers("cli").whereLayer("torch").mayOnlyBeAccessedByLayers("train", "cli")
            .whereLayer("data").mayOnlyBeAccessedByLayers("train", "cli").whereLayer("runtime")
            .mayOnlyBeAccessedByLayers("torch", "data", "train", "cli");

    @ArchTest
    static final ArchRule coreUsesTheJdkAlone = classes().that().resideInAnyPackage(CORE).should()
            .onlyDependOnClassesThat().resideInAnyPackage("java..", "jdk.incubator.vector..", "org.jspecify..",
                    "s4j.math..", "s4j.hippo..", "s4j.ssm..");

    @ArchTest
    static final ArchRule nativeTypesStayInTorch = noClasses().that().resideOutsideOfPackage("s4j.torch..").should()
            .dependOnClassesThat().resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule jsonStaysInIo = noClasses().that().resideOutsideOfPackage("s4j.io..").should()
            .dependOnClassesThat().resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule yamlStaysInConfig = noClasses().that().resideOutsideOfPackage("s4j.train.config..").should()
            .dependOnClassesThat().resideInAPackage("org.snakeyaml..");

    @ArchTest
    static final ArchRule onlyTheCommandPrints = noClasses().that().resideOutsideOfPackage("s4j.cli..")
            .should(ACCESS_STANDARD_STREAMS);

    /** Who writes files in another way than {@link s4j.io.AtomicFile}, and why that loses nothing. */
    private static final Map<String, String> WRITERS = Map.ofEntries(Map.entry("AtomicFile", "the way itself"),
            Map.entry("Leftovers", "locks what it removes"),
            Map.entry("MetricsLog", "grows line by line, cut back to the checkpoint"),
            Map.entry("RunDirectory", "a lock and a probe"),
            Map.entry("Journal", "grows entry by entry; what the end of the process cuts off was never answered"),
            Map.entry("Download", "a temporary file, moved when it is whole"),
            Map.entry("Pipes", "standard output"),
            Map.entry("Nowhere", "keeps nothing"),
            Map.entry("Main", "standard output"),
            Map.entry("Terminal", "standard output"),
            Map.entry("Tokens", "a temporary file that has no name once it is open"));

    /** Writers that swallow errors, or that leave half a file under its final name. */
    private static boolean writes(JavaAccess<?> access) {
        String name = access.getTarget().getName();
        return switch (access.getTargetOwner().getName()) {
            case "java.nio.file.Files" -> name.startsWith("write") || name.equals("copy")
                    || name.equals("newOutputStream") || name.equals("newBufferedWriter");
            // however a channel is opened, these words make it one that writes
            case "java.nio.file.StandardOpenOption" -> !name.equals("READ") && !name.equals("values");
            case "java.io.FileWriter", "java.io.FileOutputStream", "java.io.RandomAccessFile",
                    "java.nio.channels.AsynchronousFileChannel" ->
                true;
            case "java.io.PrintStream", "java.io.PrintWriter", "java.util.Formatter" -> name.equals("<init>");
            default -> false;
        };
    }

    private static boolean writes(JavaClass c) {
        return c.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::writes);
    }

    @ArchTest
    static final ArchRule filesAreWrittenWholeOrNotAtAll = noClasses().that()
            .resideOutsideOfPackages("s4j.cli.bench..", "s4j.bench..", "s4j.examples..", "s4j.testkit..")
            .and(DescribedPredicate.describe("have no reason of their own",
                    c -> !WRITERS.containsKey(c.getSimpleName())))
            .should(ArchCondition.from(DescribedPredicate.<JavaClass>describe("write but by AtomicFile",
                    ArchitectureTest::writes)));

    @ArchTest
    static void everyExemptionIsStillNeeded(JavaClasses classes) {
        Set<String> needed = classes.stream().filter(ArchitectureTest::writes).map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(Set.of(), WRITERS.keySet().stream().filter(w -> !needed.contains(w)).collect(Collectors.toSet()));
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("s4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule kernelsHaveNoCycles = slices().matching("s4j.kernel.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theMachineBelowTheKernelsKnowsNone = noClasses().that().resideInAPackage("s4j.kernel")
            .should()
            .dependOnClassesThat().resideInAPackage("s4j.kernel.*..");
}
