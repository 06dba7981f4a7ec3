package io.nova.judge.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.judge.json.StrictJson.Shape;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private final StrictJson json = new StrictJson();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {\"a\" : 1 } ",
        "{\"a\":[],\"b\":{}}",
        "{\"a\":[1,[2,{\"b\":null}],\"\\u00e9\"]}",
        "{\"\":-0.0e+10}",
        "{\"a\":\"\ud83d\ude80\"}",
        "{\"a\":\"\\ud800\"}",
        "\t{\"a\":true}\r\n",
        "\ufeff{}"
      })
  void objectsAreObjects(String text) {
    assertThat(read(text)).isEqualTo(Shape.OBJECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "-0", "\"a\"", "null", "true", " [1, 2] ", "1e5", "0.5"})
  void otherValuesAreNoObjects(String text) {
    assertThat(read(text)).isEqualTo(Shape.OTHER_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "[1,]",
        "[,1]",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "nul",
        "{\"a\":nulll}",
        "{\"a\":'b'}",
        "{a:1}",
        "{\"a\":1}x",
        "{}{}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"b}",
        "{\"a\" 1}",
        "NaN",
        "{\"\\ud800\":1}",
        "[{\"\\udc00x\":1}]",
        "{\"a\":1]",
        "[[1}]",
        "{\"a\":[1 2]}",
        "\0",
        "{\"a\":\"\0\"}"
      })
  void brokenTextIsBroken(String text) {
    assertThat(read(text)).isEqualTo(Shape.BROKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c0 80",
        "c1 bf",
        "e0 80 80",
        "ed a0 80",
        "f0 80 80 80",
        "f4 90 80 80",
        "f5 80 80 80",
        "ff",
        "c3",
        "e2 82",
        "c3 28"
      })
  void bytesThatAreNotUtf8AreBroken(String hex) {
    byte[] text = "{\"a\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
    byte[] bad = java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
    byte[] bytes = new byte[text.length - 1 + bad.length];
    System.arraycopy(text, 0, bytes, 0, 6);
    System.arraycopy(bad, 0, bytes, 6, bad.length);
    System.arraycopy(text, 7, bytes, 6 + bad.length, 2);

    assertThat(json.read(bytes)).isEqualTo(Shape.BROKEN);
  }

  @Test
  void depthCountsTheOutermostObject() {
    read("{\"a\":1}");
    assertThat(json.deepest()).isEqualTo(1);
    read("{\"a\":[[{\"b\":[]}]],\"c\":{}}");
    assertThat(json.deepest()).isEqualTo(5);
    assertThat(read("[".repeat(1_000_000) + "]".repeat(1_000_000))).isEqualTo(Shape.OTHER_VALUE);
    assertThat(json.deepest()).isEqualTo(1_000_000);
  }

  @Test
  void valuesAreTheBytesThatCame() {
    read("{ \"a\" : { \"b\" : 1.50 } , \"\\u0063\":\"\\n\" }");

    assertThat(json.members()).isEqualTo(2);
    assertThat(json.key(1)).isEqualTo("c");
    assertThat(new String(json.slice(0), StandardCharsets.UTF_8)).isEqualTo("{ \"b\" : 1.50 }");
    assertThat(json.insideOf(1)).isEqualTo("\n");
  }

  private Shape read(String text) {
    return json.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
