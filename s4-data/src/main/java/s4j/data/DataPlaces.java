package s4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where this machine keeps data sets. */
public final class DataPlaces {
    /** S4_DATA if it is set, then the user's cache. */
    public static List<Path> directories(Map<String, String> environment) {
        List<Path> out = new ArrayList<>();
        String own = environment.get("S4_DATA");
        if (own != null && !own.isBlank()) {
            out.add(Path.of(own));
        }
        out.add(DataFiles.userCache(environment));
        return List.copyOf(out);
    }

    private DataPlaces() {}
}
