package io.nova.workload.generate;

/**
 * The properties of one event. As in real events, names have dots, blanks and brackets, and a value
 * may be a number in one event and text in another. There are arrays, nested objects, escapes, and
 * integers that are too large for a double.
 */
final class EventProperties {
  private static final String[] CATEGORIES = {
    "Shoes", "Home & Garden", "Books", "Caf\\u00e9", "Kids\\/Toys", "Outdoor", "Gr\u00fcn"
  };
  private static final String[] QUERIES = {
    "red shoes",
    "gift \\\"for her\\\"",
    "\u30b9\u30cb\u30fc\u30ab\u30fc",
    "50% off",
    "tent\\t2p",
    ""
  };
  private static final String[] CURRENCIES = {"EUR", "USD", "JPY", "BRL"};
  private static final String[] SIZES = {
    "[\"S\",\"M\"]", "[38,39.5,\"40\"]", "[]", "[{\"size\":\"L\",\"left\":3},null]"
  };

  /** 1,024 characters, the limit of Amplitude's strings. */
  private static final String LONGEST = "long text ".repeat(102) + "ends";

  private EventProperties() {}

  /** Writes the JSON object for an event of this type. */
  static void write(JsonBuffer out, EventType type, Dice dice) {
    out.raw("{");
    switch (type) {
      case PAGE -> page(out, dice);
      case SEARCH -> search(out, dice);
      case PRODUCT, CART -> product(out, dice, type == EventType.CART);
      case CHECKOUT, PAYMENT, ORDER -> money(out, dice, type);
      case ARTICLE -> article(out, dice);
      case SHARE -> out.key("channel").string(dice.below(2) == 0 ? "mail" : "link");
      case ERROR -> error(out, dice);
      case SESSION_START, SIGN_UP, LONG_NAME, END ->
          out.key("[Amplitude] Session Replay ID").raw("null");
    }
    out.raw("}");
  }

  private static void page(JsonBuffer out, Dice dice) {
    int page = dice.below(400);
    out.key("[Amplitude] Page Path").raw("\"/c/").number(page).raw("\"");
    out.key("[Amplitude] Page Title").raw("\"Page ").number(page).raw("\"");
    out.key("page.load ms").number(dice.between(40, 4000));
    out.key("scroll depth").raw("0.").digits(dice.below(1000), 3);
    out.key("referrer").raw(dice.below(3) == 0 ? "\"https://search.example/?q=a&b\"" : "null");
  }

  private static void search(JsonBuffer out, Dice dice) {
    out.key("query").string(dice.pick(QUERIES));
    out.key("results").number(dice.below(250));
    out.key("filters")
        .raw("{\"in stock\":true,\"price\":{\"min\":0,\"max\":")
        .number(dice.between(10, 500))
        .raw("}}");
  }

  private static void product(JsonBuffer out, Dice dice, boolean added) {
    int product = dice.below(2000);
    out.key("product_id").raw("\"sku-").digits(product, 5).raw("\"");
    out.key("[Product] Category").string(CATEGORIES[product % CATEGORIES.length]);
    out.key("price").hundredths(199 + product * 13L);
    out.key("currency").string(dice.pick(CURRENCIES));
    out.key("ad_metrics.cost").raw("0.0").digits(dice.below(1000), 3);
    out.key("variants").raw(dice.pick(SIZES));
    out.key("rating").raw(dice.below(4) == 0 ? "\"5\"" : "5");
    if (added) {
      out.key("quantity").raw(dice.below(10) == 0 ? "\"2\"" : "1");
    }
    if (dice.oftenInMillion(500)) {
      out.key("description").string(LONGEST);
    }
  }

  private static void money(JsonBuffer out, Dice dice, EventType type) {
    out.key("revenue").hundredths(dice.between(500, 40_000));
    out.key("currency").string(dice.pick(CURRENCIES));
    out.key("items").number(dice.between(1, 6));
    out.key("coupon code").raw(dice.below(5) == 0 ? "\"SPRING\"" : "null");
    if (type != EventType.CHECKOUT) {
      out.key("payment.method").string(dice.below(3) == 0 ? "invoice" : "card");
      out.key("order id").number(9_007_199_254_740_993L + dice.below(1_000_000));
    }
  }

  private static void article(JsonBuffer out, Dice dice) {
    out.key("article").raw("\"a-").number(dice.below(300)).raw("\"");
    out.key("tags").raw("[\"news\",\"\\ud83d\\ude80 launch\",\"\u00fcber uns\"]");
    out.key("seconds read").raw(dice.below(20) == 0 ? "1.5e2" : "12");
  }

  private static void error(JsonBuffer out, Dice dice) {
    out.key("code").raw(dice.below(2) == 0 ? "500" : "\"E_TIMEOUT\"");
    out.key("message").string("line 1\\nline 2\\u0000");
    out.key("retryable").raw(dice.below(2) == 0 ? "true" : "\"true\"");
  }
}
