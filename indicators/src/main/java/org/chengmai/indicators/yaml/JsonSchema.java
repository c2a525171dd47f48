package org.chengmai.indicators.yaml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 2020-12) of the documents that {@link RecordReader} reads as a record, for
 * editors. It says what the reader says: keys, which are needed, and the form of each value. Not
 * thread-safe; one use per schema.
 */
public final class JsonSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ObjectNode definitions = JSON.objectNode();

  private JsonSchema() {}

  /** The schema of one kind of documents. */
  public static ObjectNode of(Class<? extends Record> root, String title) {
    JsonSchema schema = new JsonSchema();
    ObjectNode document = JSON.objectNode();
    document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    document.put("title", title);
    document.setAll(schema.object(root));
    document.set("$defs", schema.definitions);
    return document;
  }

  private ObjectNode object(Class<?> type) {
    ObjectNode properties = JSON.objectNode();
    ArrayNode required = JSON.arrayNode();
    boolean hasDefaults = RecordReader.defaults(type) != null;
    for (RecordComponent component : type.getRecordComponents()) {
      String key = RecordReader.key(component);
      boolean isRequired = !hasDefaults && isRequired(component);
      properties.set(
          key,
          value(component.getGenericType(), component.getAnnotation(Matches.class), isRequired));
      if (isRequired) {
        required.add(key);
      }
    }
    ObjectNode object = JSON.objectNode().put("type", "object");
    object.set("properties", properties);
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    return object.put("additionalProperties", false);
  }

  private static boolean isRequired(RecordComponent component) {
    Class<?> type = component.getType();
    return !RecordReader.isNullable(component)
        && type != List.class
        && type != Map.class
        && !(type.isRecord() && RecordReader.defaults(type) != null);
  }

  private ObjectNode value(Type type, @Nullable Matches form, boolean isRequired) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      ObjectNode element = value(arguments[arguments.length - 1], null, true);
      boolean isList = generic.getRawType() == List.class;
      ObjectNode container = JSON.objectNode().put("type", isList ? "array" : "object");
      container.set(isList ? "items" : "additionalProperties", element);
      return container;
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return reference(plain);
    }
    ObjectNode scalar = scalar(plain);
    if (form != null) {
      scalar.put("pattern", "^(" + form.value() + ")$");
    }
    if (!isRequired && scalar.has("type")) {
      // a key without a value is an absent key
      ArrayNode types = JSON.arrayNode();
      if (scalar.get("type") instanceof ArrayNode several) {
        types.addAll(several);
      } else {
        types.add(scalar.get("type"));
      }
      scalar.set("type", types.add("null"));
    }
    return scalar;
  }

  private ObjectNode reference(Class<?> type) {
    String name = type.getSimpleName();
    if (!definitions.has(name)) {
      definitions.putObject(name); // keeps its place while its own parts are written
      definitions.set(name, object(type));
    }
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }

  private static ObjectNode scalar(Class<?> type) {
    ObjectNode scalar = JSON.objectNode();
    if (type == String.class) {
      // the reader takes every single value as a text
      scalar.putArray("type").add("string").add("number").add("boolean");
    } else if (type == int.class
        || type == Integer.class
        || type == long.class
        || type == Long.class) {
      scalar.put("type", "integer");
    } else if (type == double.class || type == Double.class) {
      scalar.put("type", "number");
    } else if (type == boolean.class || type == Boolean.class) {
      scalar.putArray("enum").add(true).add(false).add("yes").add("no");
    } else if (type == LocalDate.class) {
      scalar.put("type", "string").put("format", "date");
    } else if (type == Grain.class) {
      scalar.put("type", "string").put("pattern", "^P(1[DWMY]|T[0-9HMS]+)$");
    } else if (type == Duration.class || type == TemporalAmount.class) {
      scalar.put("type", "string").put("pattern", "^P[0-9YMWDTHS.]+$");
    } else if (type.isEnum()) {
      ArrayNode names = scalar.putArray("enum");
      Arrays.stream(type.getEnumConstants())
          .forEach(constant -> names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT)));
    }
    return scalar;
  }
}
