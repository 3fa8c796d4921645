package s4j.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.NetworkConfig;
import s4j.model.SashimiConfig;

/**
 * What a network is made of, built from tensors under the official names.
 *
 * @param pairs of two texts in a sequence; null: a sequence is one
 * @param fingerprint SHA-256 of configuration, tensors and rate
 */
record NetworkParts(NetworkConfig config, Build build, Encoder encoder, Body body, Decoder decoder,
        @Nullable PairHead pairs, String fingerprint) {
    /** The network that a model file describes. */
    static NetworkConfig network(ModelFile file, String name) {
        ConfigTree network = ConfigTree.of(file.config(), new Origin(name)).find("network");
        if (network == null) {
            throw new IllegalArgumentException("s4j.config has no network; expected a model that s4 train wrote");
        }
        return Binder.bind(network, NetworkConfig.class);
    }

    /**
     * Built, if the cost of it can be borne.
     *
     * @param reference whether recurrences are in float64
     * @throws IllegalArgumentException when configuration and tensors do not fit
     */
    static NetworkParts of(NetworkConfig config, Map<String, TensorData> tensors, ModelOptions options,
            boolean reference) {
        Build build = new Build(Machine.of(options.backend(), options.threads()), options.rate(), reference);
        Map<String, TensorData> own = new LinkedHashMap<>(tensors);
        own.keySet().removeIf(name -> name.startsWith("data."));
        Cost.check(own, config.lMax());
        Weights weights = Weights.of(config, own);
        Encoder encoder = new Encoder(config, weights, build);
        Body body = switch (config.model()) {
            case BackboneConfig model -> new IsotropicBody(model, config.layerLength(), weights.at("model."), build);
            case SashimiConfig model -> new SashimiBody(model, weights.at("model."), build);
        };
        Decoder decoder = new Decoder(config, body.dOutput(), weights, build);
        PairHead pairs = config.decoder().pairs() ? new PairHead(config, body.dOutput(), weights, build) : null;
        return new NetworkParts(config, build, encoder, body, decoder, pairs,
                Fingerprint.of(config, own, options.rate()));
    }

    /** Outputs of a step or a sequence. */
    int outputs() { return pairs == null ? decoder.outputs() : pairs.outputs(); }

    /** Why no layer streams; null: the layers do. */
    @Nullable
    String refusal() { return pairs == null ? body.refusal() : "it compares two texts that are there as a whole"; }
}
