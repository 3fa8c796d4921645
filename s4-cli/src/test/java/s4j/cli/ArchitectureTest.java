package s4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/ARCHITECTURE.md. */
@AnalyzeClasses(packages = "s4j", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String[] CORE = {"s4j.math..", "s4j.hippo..", "s4j.ssm.."};
    private static final String[] RUNTIME = {"s4j.io..", "s4j.config..", "s4j.model..", "s4j.stream..",
            "s4j.audio..", "s4j.pickle..", "s4j.official..", "s4j.generate.."};

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

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("s4j.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule kernelsHaveNoCycles = slices().matching("s4j.kernel.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theMachineBelowTheKernelsKnowsNone = noClasses().that().resideInAPackage("s4j.kernel")
            .should()
            .dependOnClassesThat().resideInAPackage("s4j.kernel.*..");
}
