package org.imagingingestion.manifests;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;

/** The kinds of Kubernetes, Knative and Camel K, as their Java models have them. What these do not know is refused. */
final class Model {
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .setAnnotationIntrospector(new NoOther())
            .addHandler(new AnythingWhereNothingIsSaid());

    private static final Map<String, Class<?>> KINDS = kinds();

    /** The models keep what they do not know as "additional properties", or pass over it. */
    private static final class NoOther extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            JsonIgnoreProperties.Value ignored = super.findPropertyIgnoralByName(config, annotated);
            return ignored == null ? null : ignored.withoutIgnoreUnknown();
        }
    }

    /** An object of which the schema says nothing, such as the template of a Kamelet, may have any property. */
    private static final class AnythingWhereNothingIsSaid extends DeserializationProblemHandler {
        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object bean,
                String property)
                throws IOException {
            if (!deserializer.getKnownPropertyNames().isEmpty()) {
                return false;
            }
            parser.skipChildren();
            return true;
        }
    }

    private Model() {}

    private static Map<String, Class<?>> kinds() {
        Map<String, Class<?>> kinds = new HashMap<>();
        for (KubernetesResource resource : ServiceLoader.load(KubernetesResource.class)) {
            if (resource instanceof HasMetadata) {
                Class<? extends HasMetadata> type = ((HasMetadata) resource).getClass();
                kinds.put(key(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)), type);
            }
        }
        for (Class<? extends HasMetadata> type : List.of(
                org.apache.camel.v1.Integration.class,
                org.apache.camel.v1.Kamelet.class,
                org.apache.camel.v1.Pipe.class)) {
            kinds.put(key(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)), type);
        }
        return kinds;
    }

    private static String key(String apiVersion, String kind) {
        return apiVersion + " " + kind;
    }

    static boolean knows(String apiVersion, String kind) {
        return KINDS.containsKey(key(apiVersion, kind));
    }

    /** Reads a resource as its kind. @throws JsonProcessingException where the kind has no such property, or it is no such value */
    static Object read(JsonNode tree) throws JsonProcessingException {
        String key = key(tree.path("apiVersion").asText(), tree.path("kind").asText());
        Class<?> type = KINDS.get(key);
        if (type == null) {
            throw new IllegalArgumentException("No model knows " + key);
        }
        return STRICT.treeToValue(tree, type);
    }
}
