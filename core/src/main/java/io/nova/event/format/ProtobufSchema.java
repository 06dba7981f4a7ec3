package io.nova.event.format;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Loader;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Compiles the text of a .proto file with its imports. Wire parses the text and encodes it as a
 * descriptor; Protocol Buffers' own library checks and links the descriptors.
 */
final class ProtobufSchema {
  private final Map<String, ProtoFile> files = new HashMap<>();
  private final Map<String, FileDescriptor> linked = new HashMap<>();

  private ProtobufSchema() {}

  /**
   * The descriptor of a file.
   *
   * @throws IllegalArgumentException where the text is no .proto file, or an import is missing
   */
  static FileDescriptor compile(SchemaText text) {
    try {
      return new ProtobufSchema().descriptor(text);
    } catch (InvalidProtocolBufferException | DescriptorValidationException | RuntimeException e) {
      throw new IllegalArgumentException("found no .proto file: " + e.getMessage(), e);
    }
  }

  private FileDescriptor descriptor(SchemaText text)
      throws InvalidProtocolBufferException, DescriptorValidationException {
    add(text);
    ErrorCollector errors = new ErrorCollector();
    Schema schema = new Linker(new Imports(), errors, true, true).link(List.copyOf(files.values()));
    errors.throwIfNonEmpty();
    return descriptor(schema, text.name());
  }

  private void add(SchemaText text) {
    text.references().forEach(this::add);
    files.computeIfAbsent(
        text.name(),
        name -> {
          ProtoParser parser = new ProtoParser(Location.get(name), text.text().toCharArray());
          return ProtoFile.Companion.get(parser.readProtoFile());
        });
  }

  private FileDescriptor descriptor(Schema schema, String name)
      throws InvalidProtocolBufferException, DescriptorValidationException {
    FileDescriptor known = linked.get(name);
    if (known != null) {
      return known;
    }
    ProtoFile file =
        Objects.requireNonNull(schema.protoFile(name), "the import " + name + " is missing");
    List<FileDescriptor> imports = new ArrayList<>();
    for (String imported : imports(file)) {
      imports.add(descriptor(schema, imported));
    }
    FileDescriptorProto described =
        FileDescriptorProto.parseFrom(new SchemaEncoder(schema).encode(file).toByteArray());
    FileDescriptor descriptor =
        FileDescriptor.buildFrom(described, imports.toArray(new FileDescriptor[0]));
    linked.put(name, descriptor);
    return descriptor;
  }

  private static List<String> imports(ProtoFile file) {
    List<String> imports = new ArrayList<>(file.getImports());
    imports.addAll(file.getPublicImports());
    return imports;
  }

  /** Finds the files of the schema, and those that every compiler knows. */
  private final class Imports implements Loader {
    @Override
    public ProtoFile load(String path) {
      ProtoFile file = files.get(path);
      return file == null ? CoreLoader.INSTANCE.load(path) : file;
    }

    @Override
    public Loader withErrors(ErrorCollector errors) {
      return this;
    }
  }
}
