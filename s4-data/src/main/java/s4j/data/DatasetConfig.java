package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.OneOf;
import s4j.data.forecast.ForecastConfig;
import s4j.data.forecast.InformerConfig;
import s4j.data.lra.AanConfig;
import s4j.data.lra.ImdbConfig;
import s4j.data.lra.ListOpsConfig;
import s4j.data.lra.PathfinderConfig;
import s4j.data.lra.SyntheticConfig;

/**
 * Which data set, and how it is prepared ({@code dataset.*}); {@code _name_} chooses the record. A data set is one such record:
 * its components are the keys, {@link #load} reads it.
 *
 * <p>To add one to s4j: the record and its line in {@link Known#BUILT_IN}. To add one from another jar: the record, with a
 * public constructor without parameters, named in {@code META-INF/services/s4j.data.DatasetConfig}. Either needs a public
 * static final {@code DEFAULTS}. docs/extending.md has an example.
 */
@OneOf(DatasetConfig.Known.class)
public interface DatasetConfig {
    /** The data set's name. */
    String name();

    /** A directory with the files; null: the usual places. */
    @Nullable
    String dataDir();

    /** Whether it is known before it is read that all sequences have one length, as those of images have. */
    default boolean oneLength() {
        return false;
    }

    /**
     * Finds or fetches, checks and reads the data set.
     *
     * @param log told, line by line, what is being fetched, which files were refused, what was found
     * @throws IOException when no source has the data, or it is damaged; the message is meant for the user
     */
    Dataset load(Consumer<String> log) throws IOException;

    /** The data sets there are. */
    final class Known implements OneOf.Choices {
        private static final List<Class<? extends DatasetConfig>> BUILT_IN = List.of(MnistConfig.class,
                FashionMnistConfig.class,
                CifarConfig.class, AudioConfig.class, Sc09Config.class, FsddConfig.class,
                SeriesConfig.class, TextConfig.class, CorpusConfig.class, ListOpsConfig.class, ImdbConfig.class,
                AanConfig.class,
                PathfinderConfig.class, SyntheticConfig.class, AudioClassesConfig.class, FsddClassesConfig.class,
                ScConfig.class, InformerConfig.class,
                ForecastConfig.class);

        @Override
        public List<Class<?>> records() {
            List<Class<?>> all = new ArrayList<>(BUILT_IN);
            ServiceLoader.load(DatasetConfig.class).stream().forEach(p -> all.add(p.type()));
            return all;
        }
    }
}
