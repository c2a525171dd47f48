package org.chengmai.indicators.yaml;

import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chengmai.indicators.Grain;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Maps a YAML document onto a tree of records. A record that has a static {@code defaults()} fills
 * absent keys from it; otherwise an absent key is a problem unless its component is
 * {@code @Nullable}, a list, a map or a record with defaults. Keys are the components' names in
 * {@code snake_case} or what {@link Key} says. {@code ${ENV:NAME}} in a text stands for an
 * environment variable.
 *
 * <p>Component types: String, int, long, double, boolean and their boxes, Duration, LocalDate,
 * Grain, TemporalAmount (a Duration if its text begins with PT, else a Period), enums (lower case),
 * records, {@code List<T>}, {@code Map<String, T>} and Object (plain YAML value). Not thread-safe;
 * one use per document.
 */
public final class RecordReader {
  private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{ENV:([A-Za-z_][A-Za-z0-9_]*)}");

  /** Room for a city file with some ten thousand cells of its grid. */
  private static final int MOST_CHARACTERS = 64 * 1024 * 1024;

  private final YamlProblems problems;
  private final Function<String, @Nullable String> environment;

  public RecordReader(YamlProblems problems, Function<String, @Nullable String> environment) {
    this.problems = problems;
    this.environment = environment;
  }

  /** Reads one document; null when it has problems, all of which are then in the collector. */
  public <T extends Record> @Nullable T read(String yaml, Class<T> type) {
    Node root;
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MOST_CHARACTERS);
    try {
      root = new Yaml(new SafeConstructor(options)).compose(new StringReader(yaml));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.add(line, "", e.getProblem());
      return null;
    }
    if (root == null) {
      problems.add(0, "", "the document is empty");
      return null;
    }
    int before = problems.list().size();
    Object value = convert(root, type, "");
    return problems.list().size() > before ? null : type.cast(value);
  }

  private @Nullable Object convert(Node node, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      return raw == List.class ? list(node, element, path) : map(node, element, path);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return record(node, plain, path);
    }
    if (plain == Object.class) {
      return plain(node);
    }
    if (!(node instanceof ScalarNode scalar)) {
      return problem(node, path, "expected a single value");
    }
    return scalar(scalar, plain, path);
  }

  private @Nullable Object record(Node node, Class<?> type, String path) {
    if (!(node instanceof MappingNode mapping)) {
      return problem(node, path, "expected keys and values");
    }
    Map<String, NodeTuple> given = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      given.put(((ScalarNode) tuple.getKeyNode()).getValue(), tuple);
    }
    Object defaults = defaults(type);
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      String key = key(component);
      NodeTuple tuple = given.remove(key);
      String childPath = path.isEmpty() ? key : path + "." + key;
      boolean isNull = tuple == null || tuple.getValueNode().getTag().equals(Tag.NULL);
      if (!isNull) {
        arguments[i] =
            convert(
                Objects.requireNonNull(tuple).getValueNode(),
                component.getGenericType(),
                childPath);
        complete &= arguments[i] != null && matches(component, arguments[i], tuple, childPath);
      } else if (defaults != null) {
        arguments[i] = get(component, defaults);
      } else if (component.getType() == List.class) {
        arguments[i] = List.of();
      } else if (component.getType() == Map.class) {
        arguments[i] = Map.of();
      } else if (component.getType().isRecord() && defaults(component.getType()) != null) {
        arguments[i] = defaults(component.getType());
      } else if (!isNullable(component)) {
        problems.add(line(node), childPath, "is missing");
        complete = false;
      }
    }
    for (Map.Entry<String, NodeTuple> unknown : given.entrySet()) {
      problems.add(
          line(unknown.getValue().getKeyNode()),
          path.isEmpty() ? unknown.getKey() : path + "." + unknown.getKey(),
          "unknown key; known here: " + String.join(", ", keys(components)));
    }
    return complete ? construct(node, type, components, arguments, path) : null;
  }

  private boolean matches(RecordComponent component, Object value, NodeTuple tuple, String path) {
    Matches form = component.getAnnotation(Matches.class);
    if (form == null || value.toString().matches(form.value())) {
      return true;
    }
    problem(tuple.getValueNode(), path, "'%s' is not %s".formatted(value, form.says()));
    return false;
  }

  private @Nullable Object construct(
      Node node, Class<?> type, RecordComponent[] components, Object[] arguments, String path) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      return problem(node, path, String.valueOf(cause == null ? e : cause.getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be constructed", e);
    }
  }

  private @Nullable Object list(Node node, Type element, String path) {
    if (!(node instanceof SequenceNode sequence)) {
      return problem(node, path, "expected a list");
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.getValue().size(); i++) {
      Object value = convert(sequence.getValue().get(i), element, path + "[" + i + "]");
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  private @Nullable Object map(Node node, Type element, String path) {
    if (!(node instanceof MappingNode mapping)) {
      return problem(node, path, "expected keys and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = ((ScalarNode) tuple.getKeyNode()).getValue();
      Object value = convert(tuple.getValueNode(), element, path + "." + key);
      if (value != null) {
        values.put(key, value);
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private @Nullable Object scalar(ScalarNode node, Class<?> type, String path) {
    String text = expand(node, path);
    try {
      if (type == String.class) {
        return text;
      } else if (type == int.class || type == Integer.class) {
        return Integer.valueOf(text);
      } else if (type == long.class || type == Long.class) {
        return Long.valueOf(text);
      } else if (type == double.class || type == Double.class) {
        return Double.valueOf(text);
      } else if (type == boolean.class || type == Boolean.class) {
        if (text.equals("true")
            || text.equals("false")
            || text.equals("yes")
            || text.equals("no")) {
          return text.equals("true") || text.equals("yes");
        }
        return problem(node, path, "'%s' is not true or false".formatted(text));
      } else if (type == Duration.class) {
        return Duration.parse(text);
      } else if (type == TemporalAmount.class) {
        return text.startsWith("PT") ? Duration.parse(text) : Period.parse(text);
      } else if (type == LocalDate.class) {
        return LocalDate.parse(text);
      } else if (type == Grain.class) {
        return Grain.of(text);
      } else if (type.isEnum()) {
        for (Object constant : type.getEnumConstants()) {
          if (((Enum<?>) constant).name().toLowerCase(Locale.ROOT).equals(text)) {
            return constant;
          }
        }
        return problem(
            node,
            path,
            "'%s' is not one of %s"
                .formatted(
                    text, Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
      }
    } catch (RuntimeException e) {
      return problem(
          node,
          path,
          "'%s' is not a %s".formatted(text, type.getSimpleName().toLowerCase(Locale.ROOT)));
    }
    throw new IllegalStateException("no conversion to " + type);
  }

  private String expand(ScalarNode node, String path) {
    Matcher matcher = ENVIRONMENT.matcher(node.getValue());
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      String value = environment.apply(matcher.group(1));
      if (value == null) {
        problems.add(
            line(node), path, "environment variable %s is not set".formatted(matcher.group(1)));
      }
      matcher.appendReplacement(text, Matcher.quoteReplacement(value == null ? "" : value));
    }
    return matcher.appendTail(text).toString();
  }

  private static Object plain(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(RecordReader::plain).toList();
    }
    if (node instanceof MappingNode mapping) {
      Map<String, Object> values = new LinkedHashMap<>();
      mapping
          .getValue()
          .forEach(
              t -> values.put(((ScalarNode) t.getKeyNode()).getValue(), plain(t.getValueNode())));
      return values;
    }
    return ((ScalarNode) node).getValue();
  }

  private @Nullable Object problem(Node node, String path, String message) {
    problems.add(line(node), path, message);
    return null;
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static List<String> keys(RecordComponent[] components) {
    return Arrays.stream(components).map(RecordReader::key).toList();
  }

  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  static @Nullable Object defaults(Class<?> type) {
    try {
      var method = type.getDeclaredMethod("defaults");
      method.setAccessible(true);
      return method.invoke(null);
    } catch (NoSuchMethodException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + ".defaults() failed", e);
    }
  }

  private static @Nullable Object get(RecordComponent component, Object record) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  static String key(RecordComponent component) {
    Key key = component.getAnnotation(Key.class);
    return key == null ? snake(component.getName()) : key.value();
  }

  /** {@code zeroDen} becomes {@code zero_den}. */
  static String snake(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
