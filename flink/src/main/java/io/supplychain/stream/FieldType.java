package io.supplychain.stream;

import java.util.Set;

/** What the value of a field may be. */
sealed interface FieldType {

  /** A JSON integer within bounds, both included. */
  record WholeNumber(long minimum, long maximum) implements FieldType {}

  /** A JSON number, rounded half up to cents, then within bounds (in cents), both included. */
  record Money(long minimumCents, long maximumCents) implements FieldType {}

  /** A JSON string that is not empty; one of the values where there are any. */
  record Text(Set<String> values) implements FieldType {}

  /** A JSON string that holds a day, or a day and a time, in UTC. */
  record Date() implements FieldType {}
}
