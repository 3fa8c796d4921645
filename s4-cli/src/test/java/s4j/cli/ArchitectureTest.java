package s4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

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

    /** Who writes files in another way than {@link AtomicFile}: what grows line by line, what is fetched, what only locks. */
    private static final String[] WRITERS = {"AtomicFile", "Leftovers", "MetricsLog", "RunDirectory", "FsddArchive",
            "ArchiveSource", "NpmSource"};

    /** Writers that swallow errors, or that leave half a file under its final name. */
    private static boolean swallows(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        boolean files = owner.equals("java.nio.file.Files") && (name.startsWith("write") || name.equals("copy")
                || name.equals("newOutputStream") || name.equals("newBufferedWriter"));
        return files || owner.equals("java.io.FileWriter") || owner.equals("java.io.FileOutputStream")
                || owner.equals("java.io.RandomAccessFile")
                || (owner.equals("java.io.PrintStream") && name.equals("<init>"))
                || (owner.equals("java.io.PrintWriter") && name.equals("<init>"));
    }

    @ArchTest
    static final ArchRule filesAreWrittenWholeOrNotAtAll = noClasses().that()
            .resideOutsideOfPackages("s4j.cli.bench..", "s4j.bench..", "s4j.examples..", "s4j.testkit..")
            .and(DescribedPredicate.describe("write no files of their own",
                    c -> !List.of(WRITERS).contains(c.getSimpleName())
                            && !List.of("Main", "Pipes", "Terminal").contains(
                                    c.getSimpleName())))
            .should(ArchCondition.from(DescribedPredicate.<JavaClass>describe("write but by AtomicFile",
                    c -> c.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::swallows))));

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("s4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule kernelsHaveNoCycles = slices().matching("s4j.kernel.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theMachineBelowTheKernelsKnowsNone = noClasses().that().resideInAPackage("s4j.kernel")
            .should()
            .dependOnClassesThat().resideInAPackage("s4j.kernel.*..");
}
