package io.supplychain.stream;

/** A message breaks the contract of order lines. */
final class Rejection extends Exception {
  private final Reason reason;
  private final String field;

  /** The whole message is at fault. */
  Rejection(Reason reason) {
    this(reason, "");
  }

  Rejection(Reason reason, Field field) {
    this(reason, field.fieldName());
  }

  private Rejection(Reason reason, String field) {
    // A topic full of bad messages must not pay for stack traces that nobody reads.
    super(reason.code(), null, false, false);
    this.reason = reason;
    this.field = field;
  }

  Reason reason() {
    return reason;
  }

  /** The name of the field at fault, empty where the whole message is. */
  String field() {
    return field;
  }
}
