package io.nova.workload.generate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The types of events, and which type follows which. */
enum EventType {
  SESSION_START("session_start"),
  PAGE("[Amplitude] Page Viewed"),
  SEARCH("Search Performed"),
  PRODUCT("Product Viewed"),
  CART("Product Added"),
  CHECKOUT("Checkout Started"),
  PAYMENT("Payment Submitted"),
  ORDER("Order Completed"),
  SIGN_UP("Signed Up"),
  ARTICLE("Article Read"),
  SHARE("Shared"),
  ERROR("Error Shown"),
  LONG_NAME("Experiment exposed: " + "checkout button variant ".repeat(10)),
  END("session_end");

  /** The types that may follow; one that is listed more often follows more often. */
  private static final Map<EventType, EventType[]> NEXT = new EnumMap<>(EventType.class);

  static {
    NEXT.put(SESSION_START, repeat(8, PAGE, 2, SEARCH, 2, ARTICLE, 1, PRODUCT));
    NEXT.put(
        PAGE, repeat(10, PAGE, 14, PRODUCT, 10, SEARCH, 8, ARTICLE, 2, SIGN_UP, 1, ERROR, 5, END));
    NEXT.put(SEARCH, repeat(24, PRODUCT, 10, SEARCH, 6, PAGE, 1, ERROR, 4, END));
    NEXT.put(
        PRODUCT,
        repeat(20, PRODUCT, 16, CART, 10, SEARCH, 8, PAGE, 2, SHARE, 1, LONG_NAME, 6, END));
    NEXT.put(CART, repeat(8, PRODUCT, 9, CHECKOUT, 3, PAGE, 2, END));
    NEXT.put(CHECKOUT, repeat(7, PAYMENT, 2, PAGE, 1, ERROR, 2, END));
    NEXT.put(PAYMENT, repeat(8, ORDER, 1, ERROR, 1, PAYMENT));
    NEXT.put(ORDER, repeat(5, END, 3, PAGE, 1, SHARE));
    NEXT.put(SIGN_UP, repeat(6, PAGE, 3, PRODUCT, 1, END));
    NEXT.put(ARTICLE, repeat(6, ARTICLE, 4, PAGE, 2, SHARE, 3, END));
    NEXT.put(SHARE, repeat(4, PAGE, 2, PRODUCT, 3, END));
    NEXT.put(ERROR, repeat(3, PAGE, 2, CHECKOUT, 3, END));
    NEXT.put(LONG_NAME, repeat(1, PRODUCT));
    NEXT.put(END, repeat(1, END));
  }

  final String title;

  EventType(String title) {
    this.title = title;
  }

  EventType next(Dice dice) {
    return dice.pick(Objects.requireNonNull(NEXT.get(this)));
  }

  private static EventType[] repeat(Object... timesAndTypes) {
    EventType[] types = new EventType[0];
    for (int i = 0; i < timesAndTypes.length; i += 2) {
      int length = types.length + (Integer) timesAndTypes[i];
      EventType[] longer = Arrays.copyOf(types, length);
      Arrays.fill(longer, types.length, length, (EventType) timesAndTypes[i + 1]);
      types = longer;
    }
    return types;
  }
}
