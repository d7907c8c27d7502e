package io.supplychain.stream;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.LongStream;

/** The ids of a reference table. They cannot change as long as the topic of order lines exists. */
final class ReferenceIds {
  private static final int FETCH_SIZE = 10_000;

  private final long[] sorted;

  private ReferenceIds(long[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Loads ids, all of them at once.
   *
   * @param connection with autocommit off, so that rows arrive in portions
   * @param query selects one column of integers
   */
  static ReferenceIds load(Connection connection, String query) throws SQLException {
    LongStream.Builder ids = LongStream.builder();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
    }
    return new ReferenceIds(ids.build().sorted().toArray());
  }

  boolean contains(long id) {
    return Arrays.binarySearch(sorted, id) >= 0;
  }

  int size() {
    return sorted.length;
  }
}
