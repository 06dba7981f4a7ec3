package io.nova.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.io.IOException;
import java.io.Serial;

/** Makes Jackson's parsers of byte arrays that tell byte offsets without an object each. */
final class OffsetJsonFactory extends JsonFactory {
  @Serial private static final long serialVersionUID = 1;

  OffsetJsonFactory(JsonFactoryBuilder builder) {
    super(builder);
  }

  /** A parser of a message, which must be UTF-8. */
  Parser parserOf(byte[] message) {
    IOContext context = _createContext(_createContentReference(message), true);
    return new Parser(
        context, _parserFeatures, _byteSymbolCanonicalizer.makeChild(_factoryFeatures), message);
  }

  /** Jackson's parser of UTF-8. {@link #currentTokenLocation} makes an object at each call. */
  static final class Parser extends UTF8StreamJsonParser {
    private Parser(IOContext context, int features, ByteQuadsCanonicalizer keys, byte[] message) {
      super(context, features, null, null, keys, message, 0, message.length, 0, false);
    }

    /** The index of the first byte of the current token. */
    int tokenStart() {
      return _currToken == JsonToken.FIELD_NAME ? _nameStartOffset - 1 : (int) _tokenInputTotal - 1;
    }

    /** Reads the current object or array to its end, and returns the index after it. */
    int endOfStruct() throws IOException {
      skipChildren();
      return position();
    }

    /** The index of the next byte that is not read. */
    int position() {
      return _inputPtr;
    }
  }
}
